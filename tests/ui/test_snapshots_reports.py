"""What the screens around reading reports look like, and the other pages that have no look of their own elsewhere."""

from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widget import Widget

from medtui import vault
from medtui.phi import Category
from medtui.reports import store
from medtui.reports.document import PROTECTED, Document, KnownIdentifier, Section, UnreadFile
from medtui.reports.mapping import Mapping, Table
from medtui.reports.protected import ARCHIVED, Group
from medtui.reports.standard import standardise
from medtui.ui.app import MedtuiApp
from medtui.ui.messages import GoTo
from medtui.ui.screens.new_practice import NewPracticeScreen
from medtui.ui.screens.step import StepScreen
from medtui.ui.widgets.columns import ColumnsPage
from medtui.ui.widgets.password import PasswordPage
from medtui.ui.widgets.reading import ReadingPage
from medtui.wizard import columns
from medtui.workspace import Workspace
from tests.ui.driving import until_shown
from tests.ui.sample import finished_practice

SIZES = [(80, 24), (140, 45)]
Compare = Callable[..., bool]
Before = Callable[[Pilot[None]], Awaitable[None]]

pytestmark = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")

HEADERS = ("MRN", "Patient Name", "Mobile", "Report Date", "Ward", "Report Text")
ROWS = tuple(
    (f"NX-{n}0417", "Amber Quill", "555-0100", f"2024-0{n}-11", "", f"FINDINGS: {n} mm nodule, right upper lobe.")
    for n in range(1, 6)
)
TABLE = Table("sheet May", "s", HEADERS, ROWS, Mapping(["Report Text"], patient="MRN", date="Report Date"))
REFUSED = (
    UnreadFile("/exports/north/scan 7.pdf", "", "pdf", "The PDF is damaged; export it again."),
    UnreadFile("/exports/north/old.zip", "may/letter.docx", "docx", PROTECTED),
    UnreadFile("/exports/north/setup.exe", "", "program", "It is a program, not a report; leave it out."),
)
PRINTED = (
    "NORTHSIDE IMAGING\nPage 1 of 2\nCLINICAL HISTORY: Cough for a week, co\ufb00ee helps.\nFINDINGS: Small right "
    "pul-\nmonary nodule.\n\fNORTHSIDE IMAGING\nPage 2 of 2\nIMPRESSION: Nodule, 6 mm.\nAdvice: CT in 12 months.\n"
)


def document(number: int, name: str) -> Document:
    """A report as it comes out of a printed file."""
    standard = standardise(PRINTED, printed=True)
    known = (KnownIdentifier(Category.NAME, "Amber Quill"),)
    return Document(
        f"{number:016x}", f"/exports/north/{name}", "", "pdf", "read", standard.text, (Section("", "", standard.text),),
        "patient-1", "2024-05-11", "Chest CT", known, (), PRINTED.replace("\f", "\n"), standard.offsets, standard.steps,
    )  # fmt: skip


@pytest.fixture
def practice(data_folder: Path) -> Workspace:
    """A finished practice with two reports and three refusals in its vault."""
    workspace = finished_practice(data_folder / "north")
    with closing(vault.connect(workspace)) as connection:
        store.prepare(connection)
        for number, name in enumerate(("ct 0417.pdf", "ct 0418.pdf")):
            store.add(connection, document(number, name))
        for unread in REFUSED:
            store.refuse(connection, unread)
        connection.commit()
    workspace.save_answer("reports", "paths", ["/exports/north"])
    result = {"documents": 2, "patients": 1, "formats": {"pdf": 2}, "unreadable": 3, "warnings": []}
    workspace.finish("reports", result)
    return workspace


def going(step: str, words: str, *more: tuple[tuple[str, ...], str]) -> Before:
    """Open a step, then press keys and wait for words, one after the other."""

    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "Northside Imaging")
        pilot.app.screen.post_message(GoTo(step))
        await until_shown(pilot, words)
        for keys, then in more:
            await pilot.press(*keys)
            await until_shown(pilot, then)
        await pilot.pause()

    return before


def showing(words: str, make: Callable[[], Widget], then: Callable[[Widget], None] = lambda _: None) -> Before:
    """Show a page in the reports step."""

    async def before(pilot: Pilot[None]) -> None:
        await going("reports", "2 reports read.")(pilot)
        screen, page = pilot.app.screen, make()
        assert isinstance(screen, StepScreen)
        screen.show_page(page)
        await until_shown(pilot, words)
        then(page)
        await pilot.pause()

    return before


def test_columns(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    where = columns.where("/exports/north/may.xlsx", "sheet May", 3, 1)
    before = showing("FINDINGS: 5 mm", lambda: ColumnsPage(TABLE, where))
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


def test_password(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    group = Group("/exports/north", ARCHIVED, 12)
    before = showing("12 files inside archives", lambda: PasswordPage(group, tried=False))
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


def test_reading(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    def tell(page: Widget) -> None:
        assert isinstance(page, ReadingPage)
        page.advance(120, 400, "")
        page.tell({"pdf": 64, "hl7v2": 45, "csv": 9}, REFUSED)

    before = showing("Starting", lambda: ReadingPage("Reading the reports", "Esc stops reading."), tell)
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


def test_outcome(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    before = going("reports", "2 reports read.")
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


def test_refused(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    before = going("reports", "2 reports read.", (("x",), "3 files or parts"), (("down",), "setup.exe"))
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


def test_documents(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    before = going("reports", "2 reports read.", (("v",), "2 reports. Enter opens one."))
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


@pytest.mark.parametrize("side", ["after", "before"])
def test_document(practice: Workspace, side: str, size: tuple[int, int], snap_compare: Compare) -> None:
    steps = [(("v",), "Enter opens one."), (("enter",), "words divided")]
    if side == "before":
        steps.append((("b",), "Before: as it was read"))
    before = going("reports", "2 reports read.", *steps)
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)


def test_new_practice(
    practice: Workspace, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], snap_compare: Compare
) -> None:
    # The folder is shown from the person's home on, which is elsewhere in every test.
    monkeypatch.setenv("HOME", str(practice.path.parents[2]))

    async def before(pilot: Pilot[None]) -> None:
        await until_shown(pilot, "of 9 steps done")
        await pilot.app.push_screen(NewPracticeScreen())
        await until_shown(pilot, "What is the practice called?")

    assert snap_compare(MedtuiApp(), terminal_size=size, run_before=before)


def test_export_outcome(practice: Workspace, size: tuple[int, int], snap_compare: Compare) -> None:
    folder = "/home/anna/.local/share/medtui/northside-imaging/exports/20260101-090000-abcd"
    practice.finish("export", {"adapter": f"{folder}/adapter", "merged": f"{folder}/merged"})
    before = going("export", "The tuned model is saved.")
    assert snap_compare(MedtuiApp(practice.path), terminal_size=size, run_before=before)
