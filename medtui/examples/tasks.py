"""What can be learned from a report: which sections are the input, which one is the output."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from medtui.examples.kinds import SectionKind as K
from medtui.examples.kinds import normalise
from medtui.examples.parts import Part

SYSTEM_PROMPT = "You draft clinical text for a clinician to check."


@dataclass(frozen=True)
class Task:
    """One kind of example.

    Attributes:
        name: its stable name.
        title: plain words.
        instruction: first wording of what is asked.
        inputs: kinds of sections that may stand in the input.
        needed: at least one of these must stand in it.
        outputs: kinds of sections that are the answer, the preferred first.
        without: a report with a section of these kinds belongs to another task.
    """

    name: str
    title: str
    instruction: str
    inputs: frozenset[K]
    needed: frozenset[K]
    outputs: tuple[K, ...]
    without: frozenset[K] = frozenset()


_HISTORY = frozenset(
    {K.INDICATION, K.CHIEF_COMPLAINT, K.HISTORY, K.PAST_HISTORY, K.MEDICATIONS, K.ALLERGIES, K.FAMILY_HISTORY,
     K.SOCIAL_HISTORY, K.REVIEW_OF_SYSTEMS, K.IMMUNIZATIONS}
)  # fmt: skip

TASKS: tuple[Task, ...] = (
    Task(
        "findings_to_impression",
        "Findings to impression",
        "Write the impression of this imaging report from its findings.",
        frozenset({K.INDICATION, K.HISTORY, K.TECHNIQUE, K.COMPARISON, K.FINDINGS}),
        frozenset({K.FINDINGS}),
        (K.IMPRESSION,),
        frozenset({K.COURSE, K.EXAMINATION}),
    ),
    Task(
        "clinical_to_assessment",
        "History, examination and results to assessment",
        "Write the assessment from this history, examination and results.",
        _HISTORY | {K.EXAMINATION, K.RESULTS},
        frozenset({K.HISTORY, K.EXAMINATION, K.CHIEF_COMPLAINT}),
        (K.ASSESSMENT, K.ASSESSMENT_AND_PLAN, K.IMPRESSION, K.DIAGNOSIS),
        frozenset({K.COURSE, K.FINDINGS, K.SPECIMEN}),
    ),
    Task(
        "results_to_interpretation",
        "Laboratory results to interpretation",
        "Interpret these laboratory results.",
        frozenset({K.INDICATION, K.SPECIMEN, K.RESULTS, K.COMPARISON}),
        frozenset({K.RESULTS}),
        (K.INTERPRETATION, K.IMPRESSION, K.COMMENT),
        frozenset({K.COURSE, K.EXAMINATION, K.HISTORY}),
    ),
    Task(
        "course_to_summary",
        "Hospital stay to summary",
        "Summarise this hospital stay for the discharge letter.",
        _HISTORY | {K.DIAGNOSIS, K.EXAMINATION, K.RESULTS, K.PROCEDURE, K.COURSE, K.DISCHARGE_MEDICATIONS,
                    K.MEDICATION_CHANGES},
        frozenset({K.COURSE}),
        (K.SUMMARY, K.ASSESSMENT, K.IMPRESSION),
    ),
    Task(
        "report_to_summary",
        "Report to its summary",
        "Summarise this report.",
        _HISTORY | {K.EXAMINATION, K.RESULTS, K.FINDINGS, K.PROCEDURE, K.ASSESSMENT, K.IMPRESSION, K.DIAGNOSIS},
        frozenset({K.HISTORY, K.EXAMINATION, K.FINDINGS, K.RESULTS}),
        (K.SUMMARY,),
        frozenset({K.COURSE}),
    ),
    Task(
        "procedure_to_postoperative_diagnosis",
        "Indication and procedure to postoperative diagnosis",
        "Write the postoperative diagnosis from this indication and procedure.",
        frozenset({K.INDICATION, K.HISTORY, K.PREOPERATIVE_DIAGNOSIS, K.PROCEDURE, K.FINDINGS}),
        frozenset({K.PROCEDURE}),
        (K.POSTOPERATIVE_DIAGNOSIS,),
    ),
    Task(
        "discharge_to_medication_changes",
        "Hospital stay to medication changes",
        "List the medication changes of this hospital stay.",
        frozenset({K.MEDICATIONS, K.ALLERGIES, K.COURSE, K.DIAGNOSIS, K.DISCHARGE_MEDICATIONS}),
        frozenset({K.MEDICATIONS, K.DISCHARGE_MEDICATIONS, K.COURSE}),
        (K.MEDICATION_CHANGES,),
    ),
    Task(
        "report_to_patient_information",
        "Report to explanation for the patient",
        "Explain this report to the patient in plain words.",
        _HISTORY | {K.EXAMINATION, K.RESULTS, K.FINDINGS, K.IMPRESSION, K.ASSESSMENT, K.ASSESSMENT_AND_PLAN,
                    K.DIAGNOSIS, K.COURSE, K.PLAN, K.DISCHARGE_MEDICATIONS},
        frozenset({K.FINDINGS, K.IMPRESSION, K.ASSESSMENT, K.ASSESSMENT_AND_PLAN, K.DIAGNOSIS, K.COURSE, K.RESULTS}),
        (K.PATIENT_INFORMATION,),
    ),
)  # fmt: skip

# Titles of examples that are not made from a report's sections.
IMPORTED: dict[str, str] = {
    "question_answer": "The practice's own questions and answers",
    "general": "General instructions against forgetting",
    "drafted_question": "Questions drafted by a model, approved by a person",
}


def title(name: str) -> str:
    """Give a task's name in plain words."""
    return BY_NAME[name].title if name in BY_NAME else IMPORTED.get(name, name)


def wording(task: str, document_id: str, own: Mapping[str, Sequence[str]]) -> str:
    """Choose the wording of an instruction: always the same one for the same report.

    Args:
        task: name of the task.
        document_id: hexadecimal digits.
        own: the practice's wordings by task.
    """
    wordings = own.get(task) or (BY_NAME[task].instruction,)
    return wordings[int(hashlib.sha256(document_id.encode()).hexdigest()[:8], 16) % len(wordings)]


BY_NAME = {task.name: task for task in TASKS}

# Said in other words, so that the tuned model understands the request however it is put.
OTHER_WORDINGS: dict[str, tuple[str, ...]] = {
    "findings_to_impression": (
        "From these imaging findings, write the impression.",
        "What is the impression of this report? Use its findings only.",
    ),
    "clinical_to_assessment": (
        "Give your assessment of this patient from what was found.",
        "From this consultation's notes, write the assessment.",
    ),
    "results_to_interpretation": (
        "Write the interpretation of this table of results.",
        "What do these laboratory results mean?",
    ),
    "course_to_summary": (
        "Write the summary of this admission.",
        "Sum up this hospital stay for the patient's own doctor.",
    ),
    "report_to_summary": ("Sum up this report.", "Write a short summary of this report."),
    "procedure_to_postoperative_diagnosis": (
        "What is the diagnosis after this procedure?",
        "From the indication and what was done, write the postoperative diagnosis.",
    ),
    "discharge_to_medication_changes": (
        "Which medicines were changed during this stay?",
        "Write the list of changed medicines for the discharge letter.",
    ),
    "report_to_patient_information": (
        "Write for the patient what this report says.",
        "Explain these findings so that the patient understands them.",
    ),
}


def usual_wordings(name: str, *, demo: bool) -> list[str]:
    """Give a task's wordings where the practice has none of its own.

    Args:
        name: of the task.
        demo: for the demo model, which is too small to learn several.
    """
    return [BY_NAME[name].instruction, *(() if demo else OTHER_WORDINGS[name])]


@dataclass(frozen=True, slots=True)
class Pair:
    """An input and the output to be learned from it, before the checks; `made_up` as in `parts.Report`."""

    task: str
    source: str
    output: str
    input_kinds: tuple[str, ...]
    output_kind: str
    made_up: tuple[str, ...] = ()


def pairs(found: Sequence[Part]) -> list[Pair]:
    """Build every pair that a report's parts allow.

    Args:
        found: typed parts of one report.

    Returns:
        At most one pair a task; the output's own section never stands in the input.
    """
    kinds = {part.kind for part in found}
    built = (_pair(task, found) for task in TASKS if not (task.without & kinds))
    return [pair for pair in built if pair is not None]


def _pair(task: Task, found: Sequence[Part]) -> Pair | None:
    kinds = [part.kind for part in found]
    chosen = next((kind for kind in task.outputs if kind in kinds), None)
    if chosen is None or not task.needed & set(kinds):
        return None
    answer = _answer(found, chosen)
    output = "\n".join(f"{part.title}: {part.text}" if part.kind is not chosen else part.text for part in answer)
    source = [part for part in found if part.kind in task.inputs and part not in answer]
    return Pair(
        task.name,
        "\n".join(f"{part.title}:\n{part.text}" if part.title else part.text for part in source),
        output,
        tuple(sorted({part.kind.value for part in source})),
        chosen.value,
    )


# Headings under which a report's conclusion ends with what it recommends; a plan of treatment is another matter.
_ADVICE = frozenset({"advice", "adv", "advised", "recommendation", "recommendations", "suggestion", "suggestions"})


def _answer(found: Sequence[Part], chosen: K) -> list[Part]:
    """Give the parts of the chosen kind, each with the advice that follows it at once."""
    answer: list[Part] = []
    for before, part in zip((None, *found), found, strict=False):
        follows = bool(answer) and before is answer[-1]
        if part.kind is chosen or (follows and part.kind is K.PLAN and normalise(part.title) in _ADVICE):
            answer.append(part)
    return answer


def messages(pair: Pair, instruction: str) -> dict[str, list[dict[str, str]]]:
    """Write a pair as the prompt and completion messages that the trainer reads."""
    question = f"{instruction}\n\n{pair.source}"
    return {
        "prompt": [{"role": "system", "content": SYSTEM_PROMPT}, {"role": "user", "content": question}],
        "completion": [{"role": "assistant", "content": pair.output}],
    }
