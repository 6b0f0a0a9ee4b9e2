"""Standardising changes what it says, loses no word, and every character is traced back."""

import itertools
from pathlib import Path

from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from medtui.cli import medtui
from medtui.reports import importing, store
from medtui.reports.standard import before, standardise
from medtui.vault import connect
from medtui.workspace import Workspace
from tests.reports import samples
from tests.reports.conftest import Read, one

PAGES = (
    "CITY HOSPITAL, 12 Mill Lane\nMRN 00482913\nFINDINGS: The medi-\nastinum is normal; follow-\nup as planned.\n"
    "Page 1 of 3",
    "CITY HOSPITAL, 12 Mill Lane\nMRN 00482913\nThe lungs are clear.\nPage 2 of 3",
    "CITY HOSPITAL, 12 Mill Lane\nMRN 00482913\nIMPRESSION: Normal.\n*** End of report ***\nPage 3 of 3",
)


def test_pages_become_one_text() -> None:
    standard = standardise("\f".join(PAGES), printed=True)
    assert standard.text == (
        "CITY HOSPITAL, 12 Mill Lane\nMRN 00482913\nFINDINGS: The mediastinum is normal; follow-up as planned.\n\n"
        "The lungs are clear.\n\nIMPRESSION: Normal."
    )
    assert dict(standard.steps) == {
        "page headers and footers that repeat": 6,
        "page numbers": 1,
        "set phrases that close a report": 1,
        "words divided at the end of a line": 2,
    }


def test_results_at_the_same_place_of_two_pages_are_no_header() -> None:
    pages = "FINDINGS:\nSodium 140 mmol/L\nnormal\nPotassium 4.1\fFINDINGS:\nSodium 128 mmol/L\nlow\nPotassium 5.9"
    assert standardise(pages, printed=True).text == pages.replace("\f", "\n\n")


def test_letters_are_written_in_one_way() -> None:
    text = "ef\ufb01ciency\u00a0of Zoe\u0308 \uff11\uff12 mg"
    assert standardise(text, printed=False).text == "efficiency of Zo\u00eb 12 mg"


@given(st.text(alphabet="aeb-\n\f \u00a0\ufb01\u0301P1", max_size=80), st.booleans())
def test_every_character_is_traced_back(text: str, printed: bool) -> None:
    standard = standardise(text, printed=printed)
    kept = [(place, before(standard.offsets, place)) for place in range(len(standard.text))]
    assert all(earlier[1] <= later[1] for earlier, later in itertools.pairwise(kept))
    same = [place for place, origin in kept if text[origin : origin + 1] == standard.text[place]]
    letters = [place for place, character in enumerate(standard.text) if character in "aeb"]
    assert set(letters) - set(same) <= {
        place for place in letters if text[before(standard.offsets, place)] in "\ufb01\u0301ea"
    }
    assert "\f" not in standard.text


def test_what_was_before_is_kept_and_shown(workspace: Workspace, read: Read, tmp_path: Path) -> None:

    path = tmp_path / "report.pdf"
    path.write_bytes(samples.pdf(*PAGES))
    document = one(read(path.read_bytes()))
    assert document.original.count("CITY HOSPITAL") == 3
    assert document.text.count("CITY HOSPITAL") == 1
    place = document.text.index("IMPRESSION")
    assert document.original[before(document.offsets, place) :].startswith("IMPRESSION")
    importing.import_paths(workspace, [path])
    connection = connect(workspace)
    (stored,) = store.documents(connection)
    assert stored.original == document.original
    shown = CliRunner().invoke(medtui, ["reports", "show", stored.id, "--workspace", str(workspace.path)])
    assert "The mediastinum is normal" in shown.output
    earlier = CliRunner().invoke(medtui, ["reports", "show", stored.id, "--before", "--workspace", str(workspace.path)])
    assert "medi-\nastinum" in earlier.output
