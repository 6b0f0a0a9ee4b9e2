"""Good files of every format, damaged at random: every one ends as documents or reasons, and the pool lives on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medtui.reports.pool import Job, Pool
from tests.reports import samples
from tests.reports.archives import tar_gz, tarred, zipped
from tests.reports.test_fhir_xml import as_xml
from tests.reports.test_more_formats import HTML, RTF, _bytes, _report
from tests.reports.test_opendocument import BODY, STYLES, package
from tests.reports.test_word97 import LETTER
from tests.reports.word97_samples import document

FORMATS: dict[str, Callable[[], bytes]] = {
    "text": lambda: samples.TEXT.encode(),
    "text in utf-16": lambda: samples.TEXT.encode("utf-16"),
    "pdf": lambda: samples.pdf(samples.TEXT),
    "docx": samples.word,
    "doc": lambda: document(LETTER, ("", "MRN: 00482913", "", "", "", "")),
    "odt": lambda: package(BODY, styles_xml=STYLES),
    "hl7v2": lambda: samples.HL7.encode(),
    "fhir": samples.bundle,
    "ccda": lambda: samples.CCDA.encode(),
    "fhir in xml": lambda: as_xml(samples.bundle()),
    "csv": lambda: samples.CSV.encode(),
    "rtf": lambda: RTF.encode(),
    "html": lambda: HTML.encode(),
    "dicom": lambda: _bytes(_report()),
    "zip": lambda: zipped({"a.txt": samples.TEXT.encode(), "b.csv": samples.CSV.encode()}),
    "tar": lambda: tarred({"a.txt": samples.TEXT.encode()}),
    "tar.gz": lambda: tar_gz({"a.txt": samples.TEXT.encode()}),
}
EDITS = st.lists(
    st.tuples(
        st.sampled_from(("set", "cut", "insert", "repeat", "end")),
        st.floats(0, 1, exclude_max=True),
        st.binary(min_size=1, max_size=12),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(1) as running:
        yield running


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("fuzz") / "file"


def damaged(data: bytes, edits: list[tuple[str, float, bytes]]) -> bytes:
    """Apply edits at relative places."""
    for kind, where, piece in edits:
        at = int(where * len(data))
        if kind == "set":
            data = data[:at] + piece + data[at + len(piece) :]
        elif kind == "cut":
            data = data[:at] + data[at + 8 * len(piece) :]
        elif kind == "insert":
            data = data[:at] + piece + data[at:]
        elif kind == "repeat":
            data = data[:at] + data[at : at + 64] * len(piece) + data[at:]
        else:
            data = data[: max(1, at)]
    return data


@pytest.mark.parametrize("name", list(FORMATS))
def test_damage_never_escapes(name: str, pool: Pool, place: Path) -> None:
    good = FORMATS[name]()

    @settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(edits=EDITS)
    def attempt(edits: list[tuple[str, float, bytes]]) -> None:
        place.write_bytes(damaged(good, edits))
        answers = [answer for _, answer in pool.run(iter([Job(str(place), "", {"seconds": 5})]))]
        assert "end" in answers[-1]
        assert len(answers) > 1

    attempt()
