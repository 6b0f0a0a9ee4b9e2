"""Where the reports are, and what was read of them."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from medtui.reports.document import PROTECTED, UnreadFile
from medtui.reports.protected import ARCHIVED, Group
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted, place

FORMAT_NAMES = {
    "text": "plain text",
    "pdf": "PDF",
    "docx": "Word (DOCX)",
    "doc": "Word (old)",
    "odt": "OpenDocument text",
    "hl7v2": "HL7 v2",
    "fhir": "FHIR",
    "ccda": "C-CDA",
    "csv": "CSV",
    "tsv": "TSV",
    "json": "JSON",
    "rtf": "RTF",
    "html": "HTML",
    "xlsx": "Excel",
    "xls": "Excel (old)",
    "ods": "OpenDocument sheet",
    "dicom": "DICOM SR",
    "eml": "e-mail",
    "encrypted-office": "Office",
    "zip": "ZIP",
    "7z": "7z",
    "png": "scan (PNG)",
    "jpeg": "scan (JPEG)",
    "tiff": "scan (TIFF)",
    "table": "table",
    "unknown": "of no known kind",
}


def questions(saved: Sequence[str], demo_folder: str, files_in: Mapping[str, int]) -> tuple[Question, ...]:
    """Ask for the folder of reports.

    Args:
        saved: paths answered earlier.
        demo_folder: where the fictional reports are, empty when they are not installed.
        files_in: number of files in each offered folder.
    """
    demo = Option(
        demo_folder,
        "The demo practice's reports",
        "Fictional patients, invented reports",
        Consequence(
            (("Files", f"{files_in.get(demo_folder, 0):,}"),),
            ("Nothing here belongs to a real person. Good for seeing how everything works.",),
        ),
    )
    before = tuple(path for path in saved if path != demo_folder or len(saved) > 1)
    own = [_chosen_before(before, files_in)] if before else []
    return (
        Question(
            "reports",
            "paths",
            "Where are your reports?",
            "Give the folder into which your practice's software exports: text, PDF, Word, HL7, FHIR, C-CDA and CSV "
            "are told apart by content. Files are only read, never changed, and what is read stays in the vault.",
            (*own, demo) if demo_folder else tuple(own),
            own[0].value if own else demo_folder or None,
            typed="or type a folder of your own:",
            example="such as ~/exports/2024",
            many=True,
        ),
    )


def _chosen_before(paths: tuple[str, ...], files_in: Mapping[str, int]) -> Option:
    files = sum(files_in.get(path, 0) for path in paths)
    if len(paths) == 1:
        label, detail = f"The folder chosen before: {place(paths[0])}", ""
    else:
        label, detail = f"The {len(paths)} places chosen before", ", ".join(place(path) for path in paths)
    return Option(paths[0] if len(paths) == 1 else paths, label, detail, Consequence((("Files", f"{files:,}"),)))


def consequence(exists: bool, files: int, capped: bool) -> Consequence:
    """Tell what a typed folder holds."""
    if not exists:
        return Consequence(warning="There is no such file or folder on this machine.")
    return Consequence(
        (("Files", f"more than {files:,}" if capped else f"{files:,}"),),
        ("Each is read by itself: one that cannot be read is named and never stops the others.",),
    )


def name_of(unread: UnreadFile) -> str:
    """Give a refused file's own name, with where inside it the trouble is."""
    return PurePath(unread.path).name + (f" ▸ {unread.inner_path}" if unread.inner_path else "")


def reason_of(unread: UnreadFile) -> str:
    """Give the reason as it reads on the screen, where a password is typed and not given with a command."""
    if unread.reason == PROTECTED:
        return "It is protected by a password; press w in the reports step to type it, or save the file without one."
    return unread.reason


def protected(group: Group, tried: bool) -> str:
    """Say which files wait for a password.

    Args:
        group: the files.
        tried: whether a password for them was typed already.
    """
    if group.format == ARCHIVED:
        files = f"{counted(group.files, 'file')} inside archives in {place(group.place)}"
    else:
        kind = FORMAT_NAMES.get(group.format, group.format)
        files = f"{counted(group.files, f'{kind} file')} in {place(group.place)}"
    if tried:
        return f"The password did not open {files}. Type another one, or press Enter to leave them out."
    return f"{files} is protected." if group.files == 1 else f"{files} are protected. One password is tried on all."


def outcome(result: Mapping[str, Any], refused: Sequence[UnreadFile], locked: int = 0) -> Outcome:
    """Put the import into words.

    Args:
        result: of the step.
        refused: the first of what was not read; how many there are stands in the result.
        locked: how many of all that was not read waits for a password.
    """
    documents = int(result["documents"])
    figures = [("Reports", f"{documents:,}"), ("Patients", f"{int(result.get('patients') or 0):,}")]
    figures += [
        (f"  {FORMAT_NAMES.get(name, name)}", f"{count:,}") for name, count in sorted(result.get("formats", {}).items())
    ]
    known = int(result.get("already_known") or 0)
    notes = [f"{counted(known, 'report')} had been read before and came in once."] if known else []
    unread = max(int(result.get("unreadable") or 0), len(refused))
    if locked:
        figures.append(("Protected, left out", f"{locked:,}"))
    left_out = counted(unread, "file or part", "files or parts") + " could not be read" if unread else ""
    return Outcome(
        f"{counted(documents, 'report')} read." + (f" {left_out}." if left_out else " Every file could be read."),
        tuple(figures),
        tuple(notes),
        tuple(str(warning) for warning in result.get("warnings", ())),
        tuple(f"{name_of(file)}: {reason_of(file)}" for file in refused),
        left_out[:1].upper() + left_out[1:],
    )
