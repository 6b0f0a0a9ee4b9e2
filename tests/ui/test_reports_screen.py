"""The reports step: columns and passwords are asked once, reading is carried on, and everything can be looked at."""

from contextlib import closing
from pathlib import Path

import pyzipper
from textual.widgets import Static

from medtui import vault
from medtui.reports import store
from medtui.text import FORBIDDEN
from medtui.ui.app import MedtuiApp
from medtui.workspace import DONE, OPEN, Workspace
from tests.pty.hostile import ATTACK
from tests.ui.driving import shown, until, until_shown

NOTE = "CLINIC NOTE {}\n\nHistory: cough for a week, co\ufb00ee helps.\n\nAssessment: viral infection.\n"
TABLE = "key;who;note\n" + "".join(f"K-{n:04};Ana Ruiz;The cough of week {n} is better.\n" for n in range(6))
PASSWORD = "Mon5oon-Kite"  # noqa: S105 - opens archives that the tests make


def ready(practice: Workspace, folder: Path) -> MedtuiApp:
    """A practice that has done machine and model and reads a folder."""
    folder.mkdir(exist_ok=True)
    practice.finish("machine", {"gpu": "none", "gpus": []})
    practice.finish("model", {"model": "demo", "path": "/", "parameters": 1})
    practice.save_answer("reports", "paths", [str(folder)])
    return MedtuiApp(practice.path)


def texts(practice: Workspace) -> list[str]:
    """The stored texts, in order."""
    with closing(vault.connect(practice)) as connection:
        return sorted(document.text for document in store.documents(connection))


async def test_columns_are_asked_once_for_the_same_headings(practice: Workspace, tmp_path: Path) -> None:
    app = ready(practice, tmp_path / "in")
    for month in ("may", "june"):
        (tmp_path / "in" / f"{month}.csv").write_text(TABLE.replace("week", month))
    (tmp_path / "in" / "list.csv").write_text("code;price\n" + "".join(f"A{n};{n}.50\n" for n in range(5)))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, "The cough of june 4 is better.")
        # Where the lines break depends on the length of the path.
        said = [str(widget.render()) for widget in app.screen.query(Static)]
        assert any("and 1 more table with the same headings" in " ".join(text.split()) for text in said)
        assert practice.state("reports") == OPEN
        await pilot.press("up", "right", "right")
        await until_shown(pilot, "patient          who")
        await pilot.press("left", "left", "down", "enter")
        await until_shown(pilot, "not used         price")
        await pilot.press("enter")
        await until_shown(pilot, "Say which column holds the reports.")
        await pilot.press("x")
        await until_shown(pilot, "12 reports read.")
        await until_shown(pilot, "list.csv: It was left out")
    chosen = list(practice.answers("reports")["columns"].values())
    assert {"report": ["note"], "identifiers": {"key": "OTHER_ID"}}.items() <= chosen[0].items()
    assert chosen[1]["left_out"] is True

    practice.save_answer("reports", "paths", [str(tmp_path / "in"), str(tmp_path / "more")])
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "july.csv").write_text(TABLE.replace("week", "july"))
    async with MedtuiApp(practice.path).run_test(size=(140, 45)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, "reports read.")
        assert "18 reports read." in shown(pilot.app)
        await pilot.press("c")
        await until_shown(pilot, "What are the columns of this table?")
        await pilot.press("escape")
        await until_shown(pilot, "18 reports read.")


def locked(path: Path, name: str) -> None:
    """An archive with a password and one note in it."""
    with pyzipper.AESZipFile(path, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(PASSWORD.encode())
        archive.writestr("note.txt", NOTE.format(name))


async def test_passwords_are_asked_once_a_folder_hidden_and_forgotten(practice: Workspace, tmp_path: Path) -> None:
    app = ready(practice, tmp_path / "in")
    for folder in ("a", "b"):
        (tmp_path / "in" / folder).mkdir()
        for number in range(2):
            locked(tmp_path / "in" / folder / f"{number}.zip", f"{folder}{number}")
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, "2 files inside archives")
        assert "/in/a" in shown(app).replace("\n", "")
        await pilot.press("x", "enter")
        await until_shown(pilot, "/in/b")
        await pilot.press("enter")
        await until_shown(pilot, "The password did not open")
        await pilot.press("enter")
        await until_shown(pilot, "This could not be done")
        assert practice.state("reports") == OPEN

        await pilot.press("enter")
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, "None of the 4 files could be read")
    async with MedtuiApp(practice.path).run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, "2 files inside archives")
        await pilot.press(*PASSWORD)
        assert PASSWORD not in shown(pilot.app)
        await pilot.press("enter")
        await until_shown(pilot, "/in/b")
        await pilot.press("enter")
        await until_shown(pilot, "4 reports read.")
    assert practice.state("reports") == DONE
    for path in practice.path.rglob("*"):
        assert path.is_dir() or PASSWORD.encode() not in path.read_bytes()


# More than are read before a key can be pressed.
FILES = 700


async def test_leaving_stops_the_reading_and_it_is_carried_on(practice: Workspace, tmp_path: Path) -> None:
    app = ready(practice, tmp_path / "in")
    for number in range(FILES):
        (tmp_path / "in" / f"{number:03}.txt").write_text(NOTE.format(number))
    (tmp_path / "in" / "000.exe").write_bytes(b"MZ" + bytes(300))
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        # The pilot's own press waits until nothing is left to draw, which may be when all has been read.
        app.simulate_key("enter")
        await until_shown(pilot, "Not read: 1")
        await until_shown(pilot, "plain text")
        await pilot.press("escape")
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, f"{FILES} reports read.")
    assert texts(practice) == sorted(NOTE.format(number).replace("\ufb00", "ff").strip() for number in range(FILES))


async def test_any_report_is_found_and_seen_before_and_after(practice: Workspace, tmp_path: Path) -> None:
    app = ready(practice, tmp_path / "in")
    for name in ("Arden Quill.txt", "letter.txt"):
        (tmp_path / "in" / name).write_text(NOTE.format(name))
    (tmp_path / "in" / "tool.exe").write_bytes(b"MZ" + bytes(300))
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        await until_shown(pilot, "such as ~/exports/2024")
        await pilot.press("enter")
        await until_shown(pilot, "2 reports read.")
        await pilot.press("x")
        await until_shown(pilot, "It is a program, not a report")
        await pilot.press("escape", "v")
        await until_shown(pilot, "letter.txt")
        await pilot.press("slash", *"QUILL")
        await until_shown(pilot, "1 report. Enter opens one.")
        await pilot.press("enter", "enter")
        await until_shown(pilot, "letters written in one of several ways (1)")
        await until_shown(pilot, "coffee helps")
        await pilot.press("b")
        await until_shown(pilot, "co\ufb00ee helps")
        await pilot.resize_terminal(140, 45)
        await until(pilot, lambda: {"co\ufb00ee", "coffee"} <= set(shown(app).split()))
        await pilot.press("escape", "escape")
        await until_shown(pilot, "2 reports read.")
        await pilot.press("escape")
        await until_shown(pilot, "Where are your reports?")
    for path in practice.path.iterdir():
        assert path.is_dir() or path == practice.vault_path or b"Quill" not in path.read_bytes()


async def test_hostile_headings_and_cells_are_only_text(practice: Workspace, tmp_path: Path) -> None:
    app = ready(practice, tmp_path / "in")
    # A file with zero bytes is no text, and the quotes keep the rest of the attacks inside their cells.
    attack = ATTACK.replace("\x00", "").replace("\r", "")
    rows = "".join(f'K-{n:04};"{attack} {n}";"Cough {attack} is better in week {n}."\n' for n in range(6))
    (tmp_path / "in" / "may[x].csv").write_text(f'key;"[@click=a]who[/]\x1b[2J\u202e";note\n{rows}', newline="")
    async with app.run_test(size=(80, 24)) as pilot:
        await until_shown(pilot, "Where are your reports?")
        await pilot.press("enter")
        await until_shown(pilot, "What are the columns of this table?")
        await pilot.press("up", "right", "up", "down", "down", "enter")
        await until_shown(pilot, "6 reports read.")
        await pilot.press("v")
        await until_shown(pilot, "may[x].csv")
        await pilot.press("enter")
        await until_shown(pilot, "[link=https://example.org]x[/link]")
        assert not FORBIDDEN.search(shown(app).replace("\n", ""))
