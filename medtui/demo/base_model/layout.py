"""Makes sources look like real ones: section labels, signatures, capitals, two spellings of English."""

from dataclasses import replace
from random import Random

from medtui.demo.base_model.case import Case
from medtui.demo.base_model.phrases import phrase
from medtui.demo.base_model.quantities import tag, year

_LABELS = {
    "opening": "{History|HPI|Complaints|Subjective|Presentation|Story}",
    "background": "{Past history|PMH|Comorbidities|Background|Other illnesses}",
    "drug": "{Medication|Drugs|Treatment so far|Rx|Current therapy}",
    "examination": "{Examination|Exam|Objective|Clinical findings|Signs}",
    "result": "{Results|Labs|Investigations|Tests|Reports}",
    "admission": "{Diagnosis|Reason for admission|Presentation|Admission}",
    "treatment": "{Treatment|Therapy|Management|Given in hospital}",
    "value": "{Course|Progress|Results|Laboratory}",
    "event": "{Events|Course|Procedures|Progress}",
    "discharge": "{Discharge|At discharge|Medicines at discharge|Going home}",
}
_ASIDES = (
    "{Seen|Signed|Dictated|Typed|Checked} by $tag{| in $year}.",
    "{Copy to|cc|Sent to} $tag.",
    "{Phone|Tel|Contact|Reg no|File}: $tag",
    "{Came|Attended|Accompanied} with $tag.",
    "{Electronic record|Draft|Page 2 of 3|Not for legal use|End of report}",
    "$tag, $tag",
    "{Last visit|Earlier visit|Previous report} $year.",
)
_AMERICAN = (
    *(("aemi", "emi"), ("oedema", "edema"), ("Oedema", "Edema"), ("haem", "hem"), ("Haem", "Hem"), ("oea", "ea")),
    *(("leuco", "leuko"), ("Leuco", "Leuko"), ("grey", "gray"), ("Grey", "Gray"), ("caecum", "cecum")),
    *(("ureteric", "ureteral"), ("calibre", "caliber"), ("paracetamol", "acetaminophen"), ("goitre", "goiter")),
)


def labelled(random: Random, sentences: list[tuple[str, str]]) -> str:
    """Joins sentences, in many cases under section labels.

    Args:
        random: Source of every choice.
        sentences: Names of the parts, and their text.
    """
    if random.random() > 0.45:
        return random.choice((" ", " ", "\n")).join(text for _, text in sentences)
    upper, after = random.random() < 0.4, random.choice((":\n", ": ", " - ", "\n", ":"))
    lines = []
    for part, text in sentences:
        label = phrase(random, _LABELS[part])
        lines.append(f"{label.upper() if upper else label}{after}{text}")
    return "\n".join(lines)


def _with_asides(random: Random, source: str) -> str:
    """Puts lines between the others that have nothing to do with the answer."""
    lines = source.split("\n")
    for _ in range(random.choice((1, 1, 2))):
        aside = phrase(random, random.choice(_ASIDES), tag=tag(random), year=year(random))
        lines.insert(random.randint(0, len(lines)), aside)
    return "\n".join(lines)


def _american(text: str) -> str:
    """Writes a text in American spelling."""
    for british, american in _AMERICAN:
        text = text.replace(british, american)
    return text


def vary(random: Random, case: Case) -> Case:
    """Varies how a case is written without changing what it says.

    Args:
        random: Source of every choice.
        case: The case.
    """
    if random.random() < 0.35:
        case = replace(
            case,
            source=_american(case.source),
            statements=tuple(_american(text) for text in case.statements),
            follow_up=_american(case.follow_up),
        )
    if random.random() < 0.2:
        case = replace(case, source=_with_asides(random, case.source))
    if random.random() < 0.08:
        case = replace(case, source=case.source.upper())
    return case
