"""Where the reports are, and what was read of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted, place

FORMAT_NAMES = {
    "text": "plain text",
    "pdf": "PDF",
    "docx": "Word (DOCX)",
    "hl7v2": "HL7 v2",
    "fhir": "FHIR",
    "ccda": "C-CDA",
    "csv": "CSV",
    "rtf": "RTF",
    "html": "HTML",
    "xlsx": "Excel",
    "dicom": "DICOM SR",
    "eml": "e-mail",
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
    own = [
        Option(
            path,
            f"The folder chosen before: {place(path)}",
            "",
            Consequence((("Files", f"{files_in.get(path, 0):,}"),)),
        )
        for path in saved
        if path != demo_folder
    ][:1]
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
            many=True,
        ),
    )


def consequence(exists: bool, files: int, capped: bool) -> Consequence:
    """Tell what a typed folder holds."""
    if not exists:
        return Consequence(warning="There is no such file or folder on this machine.")
    return Consequence(
        (("Files", f"more than {files:,}" if capped else f"{files:,}"),),
        ("Each is read by itself: one that cannot be read is named and never stops the others.",),
    )


def outcome(result: Mapping[str, Any], refused: Sequence[tuple[str, str]]) -> Outcome:
    """Put the import into words.

    Args:
        result: of the step.
        refused: name and reason of each file that was not read.
    """
    documents = int(result["documents"])
    figures = [("Reports", f"{documents:,}"), ("Patients", f"{int(result.get('patients') or 0):,}")]
    figures += [
        (f"  {FORMAT_NAMES.get(name, name)}", f"{count:,}") for name, count in sorted(result.get("formats", {}).items())
    ]
    known = int(result.get("already_known") or 0)
    notes = [f"{counted(known, 'report')} had been read before and came in once."] if known else []
    left_out = counted(len(refused), "file") + " could not be read" if refused else ""
    return Outcome(
        f"{counted(documents, 'report')} read." + (f" {left_out}." if left_out else " Every file could be read."),
        tuple(figures),
        tuple(notes),
        tuple(str(warning) for warning in result.get("warnings", ())),
        tuple(f"{name}: {reason}" for name, reason in refused),
        left_out[:1].upper() + left_out[1:],
    )
