"""Unsupported sentences leave an answer; what is left keeps its form."""

import re

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from medtui import vault
from medtui.examples import checks, store
from medtui.examples.build import build
from medtui.examples.command import command
from medtui.examples.figures import figures
from medtui.examples.form import learn
from medtui.examples.grounding import Unsupported, unsupported
from medtui.examples.repair import DROP, Repaired, without
from medtui.examples.settings import Settings
from medtui.examples.tokens import ChatTokenizer
from medtui.workspace import Workspace
from tests.examples.conftest import Deidentified, radiology

SOURCE = "Nodule of 12 mm in the right upper lobe. No pneumothorax. Small left pleural effusion."


def _repaired(output: str, source: str = SOURCE) -> Repaired | None:
    return without(output, unsupported(source, output))


@pytest.mark.parametrize(
    ("output", "left"),
    [
        (
            "(1) Nodule of 12 mm, right upper lobe.\n(2) Rib fracture.\n(3) No pneumothorax.\nAdvice: CT chest.",
            "(1) Nodule of 12 mm, right upper lobe.\n(2) No pneumothorax.\nAdvice: CT chest.",
        ),
        (
            "1. Cyst of 9 mm.\n2. Nodule of 12 mm, right.\n3. No pneumothorax.",
            "1. Nodule of 12 mm, right.\n2. No pneumothorax.",
        ),
        ("- Nodule of 12 mm. Rib fracture.\n- No pneumothorax.", "- Nodule of 12 mm.\n- No pneumothorax."),
        (
            "Nodule of 12 mm, right upper lobe. It was 8 mm. No pneumothorax.",
            "Nodule of 12 mm, right upper lobe. No pneumothorax.",
        ),
        (
            "a) Small left pleural effusion.\nb) Fracture\nc) No pneumothorax",
            "a) Small left pleural effusion.\nb) No pneumothorax",
        ),
    ],
)
def test_the_rest_keeps_its_form(output: str, left: str) -> None:
    found = _repaired(output)
    assert found is not None
    assert found.text == left
    assert len(found.dropped) == 1
    assert unsupported(SOURCE, found.text) == []


@pytest.mark.parametrize(
    "output",
    [
        "(1) No pneumothorax.\nAdvice: start amoxicillin 500 mg.",
        "(1) Rib fracture and a lesion of 40 mm in the left lower lobe.\n(2) No pneumothorax.",
        "Rib fracture.",
    ],
)
def test_what_would_be_another_answer_is_left_out(output: str) -> None:
    assert _repaired(output) is None


_sentences = ["No pneumothorax.", "Nodule of 12 mm.", "Rib fracture.", "Cyst of 7 mm. Normal heart."]
_items = st.lists(st.sampled_from(_sentences), min_size=1, max_size=6)


@given(_items, st.sampled_from(["({}) ", "{}. ", "{}) "]))
def test_numbers_count_up_and_half_is_kept(items: list[str], marker: str) -> None:
    output = "\n".join(marker.format(number) + item for number, item in enumerate(items, start=1))
    found = _repaired(output)
    if found is None:
        return
    lines = found.text.splitlines()
    assert all(line.startswith(marker.format(number)) for number, line in enumerate(lines, start=1))
    assert 2 * len(found.text.split()) >= len(output.split())
    assert learn([{"completion": [{"content": found.text}]}]).matches(found.text)
    for start, end, kinds in found.dropped:
        assert kinds
        assert output[start:end] not in found.text or output.count(output[start:end]) > 1


_marks = st.lists(st.tuples(st.integers(0, 110), st.integers(1, 10)), max_size=4)


@given(st.text(alphabet="xyzw 12.\n!?-()", max_size=120), _marks)
def test_any_answer_loses_exactly_what_is_named(output: str, marks: list[tuple[int, int]]) -> None:
    pieces = [Unsupported(start, start + length, "number") for start, length in marks if start + length <= len(output)]
    found = without(output, pieces)
    if found is None:
        return
    lost = {place for start, end, _ in found.dropped for place in range(start, end)}
    kept = "".join(char for place, char in enumerate(output) if place not in lost)
    assert re.sub("[^wxyz]", "", found.text) == re.sub("[^wxyz]", "", kept)


def _report(number: int) -> Deidentified:
    report = radiology(number, "p")
    text = report.text.replace("Advice", "(2) Rib fracture.\n(3) Lobe clear.\nAdvice")
    return Deidentified(report.document_id, "p", text)


def test_a_repaired_pair_is_used_and_shown_beside_the_original(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    chosen = Settings(1000, ungrounded=DROP)
    with vault.connect(workspace) as connection:
        build(connection, [_report(1)], 1, tokenizer, chosen)
        (found,) = store.candidates(connection)
        counted = figures(connection, chosen)
    assert found.reason == ""
    assert found.row["completion"][0]["content"].splitlines()[1:] == ["(2) Lobe clear.", "Advice: CT chest."]
    assert found.row["meta"]["dropped_sentences"] == 1
    assert "(2) Rib fracture." in found.details["original"]
    assert counted["dropped"] == {"examples": 1, "sentences": 1}
    shown = CliRunner().invoke(command, ["show", "--workspace", str(workspace.path), "--dropped"])
    assert shown.exit_code == 0
    (line,) = [line for line in shown.output.splitlines() if line.startswith("  dropped")]
    assert line.endswith("Rib fracture.: a finding that the input does not mention")
    columns = [[part.strip() for part in line.split("|")] for line in shown.output.splitlines() if " | " in line]
    assert ["-- as it was written:", "-- as it is learned:"] in columns
    assert ["(2) Rib fracture.", "(2) Lobe clear."] in columns


def test_by_default_the_pair_is_left_out_with_the_piece_named(workspace: Workspace, tokenizer: ChatTokenizer) -> None:
    with vault.connect(workspace) as connection:
        build(connection, [_report(1)], 1, tokenizer, Settings(1000))
        (found,) = store.candidates(connection)
    assert found.reason == checks.UNGROUNDED
    shown = CliRunner().invoke(command, ["show", "--workspace", str(workspace.path), "--reason", "ungrounded"])
    assert "Rib fracture" in shown.output.splitlines()[-2]
    assert "a finding that the input does not mention" in shown.output
