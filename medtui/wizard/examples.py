"""The examples step in words."""

from collections.abc import Mapping
from typing import Any

from medtui.examples import checks, free_text
from medtui.examples.checks import REASONS
from medtui.examples.drafting.questions import in_words as drafts_in_words
from medtui.examples.general import DEMO, USUAL_PERCENT
from medtui.examples.preview import Preview
from medtui.examples.tasks import title
from medtui.wizard.question import Consequence, Option, Outcome, Question
from medtui.wizard.units import counted

# Below a few hundred examples a model learns the form of the answers but little else; see the README.
FEW_EXAMPLES = 300

# Each reason in a few words; the whole sentence stands below each example.
SHORT_REASONS: dict[str, str] = {
    checks.NO_SECTIONS: "No heading was recognised",
    checks.NO_TASK: "No answer section, or nothing it is written from",
    checks.TOO_SHORT: "Too short to learn from",
    checks.REPEATED: "The answer is a copy of the input",
    checks.UNGROUNDED: "The report does not support the answer",
    checks.PRELIMINARY: "Preliminary or unsigned",
    checks.ADDENDUM: "Only an addendum",
    checks.CUT: "Breaks off in the middle of a sentence",
    checks.LANGUAGE: "Not in English",
    checks.IDENTIFIER: "May hold an identifier",
    checks.TAG: "Placeholder of an identifier in the answer",
    checks.BOILERPLATE: "Standard answer, used often enough",
    checks.DUPLICATE: "The same as another example",
    checks.NEAR_DUPLICATE: "Nearly the same as another example",
    checks.CARRIED_FORWARD: "Repeats the patient's earlier note",
    checks.TOO_LONG: "Longer than the chosen length",
    checks.NOT_CHOSEN: "Task switched off",
    checks.HELD_OUT_PATIENT: "Draft about a patient of the test",
    checks.REPETITIVE: "Says the same again and again",
    checks.NO_FORM: "Not in the form that was asked for",
}

STRICTNESS_WORDS: dict[str, tuple[str, str]] = {
    "strict": ("Strict", "Numbers, sides, denials, drugs and findings"),
    "standard": ("Standard", "Numbers, sides, denials and drugs"),
    "numbers": ("Numbers only", "Numbers with their units, and dates"),
}
_STRICTNESS_WARNING = {
    "strict": "",
    "standard": "Findings that the report does not mention may be learned.",
    "numbers": "Wrong sides, lost denials and drugs that the report does not name may be learned.",
}


def questions(
    documents: int,
    suggested: int,
    longest: int,
    seen: Preview | None = None,
    template: str = "",
    *,
    demo: bool = False,
) -> tuple[Question, ...]:
    """Ask how long an example may be, how strict the check of answers is, and about general instructions.

    Args:
        documents: de-identified reports.
        suggested: tokens of input and answer together that suit the model.
        longest: tokens that the model can hold.
        seen: what the reports would give; without it no counts are shown.
        template: what it means that the model has no chat template of its own; empty when it has.
        demo: offer the demo's own small file.
    """
    lengths = sorted({length for length in (suggested // 2, suggested, suggested * 2) if 16 <= length <= longest})
    return (
        Question(
            "examples",
            "max_length",
            "How long may an example be?",
            "The model learns from pairs: a part of a report, and what your practice wrote next. Longer pairs need "
            "more memory; what is too long is left out whole, counted and named, never cut.",
            tuple(_length(length, suggested, documents, template) for length in lengths),
            suggested,
        ),
        Question(
            "examples",
            "grounding",
            "How strictly shall answers be checked?",
            "An answer that states what its report does not say teaches a model to invent. Each answer is compared "
            "with its report; it is left out unless these of its statements stand there, too.",
            tuple(_strictness(name, seen) for name in STRICTNESS_WORDS),
            "strict",
        ),
        Question(
            "examples",
            "general_file",
            "Shall general instructions be mixed in?",
            "A model that only sees your reports may forget how to do other things. If you have a file of general "
            "questions and answers, a share of it can be learned, too. None comes with this program but the demo's.",
            (_only_reports(documents), *((_demo_file(),) if demo else ())),
            "",
            typed="Or a file of instructions on this machine (CSV, JSON, JSONL)",
        ),
    )


def _length(length: int, suggested: int, documents: int, template: str) -> Option:
    if length == suggested:
        label, detail = f"Up to {length:,} tokens, about {length * 2 // 3:,} words", "Suits the chosen model"
    elif length < suggested:
        label, detail = f"Up to {length:,} tokens", "Less memory; more reports may be too long"
    else:
        label, detail = f"Up to {length:,} tokens", "For long letters; more memory"
    note = (
        "All examples of one patient stay on one side: 80 % to learn, 10 % to watch learning, 10 % for the final test."
    )
    memory = "as usual" if length == suggested else "about half as much" if length < suggested else "about double"
    figures = (("Reports", f"{documents:,}"), ("Memory", memory))
    return Option(length, label, detail, Consequence(figures, (note,), template))


def _strictness(name: str, seen: Preview | None) -> Option:
    label, detail = STRICTNESS_WORDS[name]
    if seen is None or not seen.gated:
        return Option(name, label, detail, Consequence((), (), _STRICTNESS_WARNING[name]))
    left = seen.gated - seen.passed[name]
    of = f", counted in {seen.looked_at:,} of {seen.reports:,} reports" if seen.looked_at < seen.reports else ""
    figures = (("Answers kept", f"{seen.passed[name]:,} of {seen.gated:,}{of}"), ("Left out", f"{left:,}"))
    return Option(name, label, detail, Consequence(figures, (), _STRICTNESS_WARNING[name]))


def _only_reports(documents: int) -> Option:
    note = "With a short training on few reports little is forgotten; this is the usual start."
    return Option("", "Only my reports", "Nothing is mixed in", Consequence((("Reports", f"{documents:,}"),), (note,)))


def _demo_file() -> Option:
    note = (
        f"About {USUAL_PERCENT} % of what is learned will be small sums, units and words, to show how mixing works; "
        "validation and test stay the practice's own reports."
    )
    return Option(DEMO, "The demo's small file", "101 short questions of every day", Consequence((), (note,)))


def outcome(result: Mapping[str, Any]) -> Outcome:
    """Put the dataset into words."""
    train, validation, test = (int(result[split]) for split in ("train", "validation", "test"))
    tokens = result.get("tokens") or {}
    reports = {name: int(count) for name, count in (result.get("excluded") or {}).items() if count}
    pairs = {name: int(count) for name, count in (result.get("pairs_excluded") or {}).items() if count}
    figures = [
        ("To learn from", f"{train:,}"),
        ("To watch learning", f"{validation:,}"),
        ("For the final test", f"{test:,}"),
    ]
    if result.get("documents"):
        left_out = sum(reports.values())
        figures.append(("Reports", f"{result['documents']:,} = {result['used']:,} used + {left_out:,} left out"))
    if tokens:
        figures += [
            ("Length (tokens)", f"median {tokens.get('median', 0):,}, longest {tokens.get('longest', 0):,}"),
            ("Too long", f"{tokens.get('over_limit', 0):,}"),
        ]
    tasks = ", ".join(f"{count:,} {title(name).lower()}" for name, count in (result.get("tasks") or {}).items())
    warnings = []
    if train < FEW_EXAMPLES:
        warnings.append(f"{counted(train, 'example')} are few: expect the form of your reports, not new knowledge.")
    if consequence := (result.get("chat_template") or {}).get("consequence"):
        warnings.append(consequence)
    return Outcome(
        f"{counted(train + validation + test, 'example')} made.",
        tuple(figures),
        (*((f"Tasks: {tasks}.",) if tasks else ()), *_also(result)),
        tuple(warnings),
        (*_reasons(reports, "report"), *_reasons(pairs, "pair")),
        "Left out, and why" if reports or pairs else "",
    )


def _also(result: Mapping[str, Any]) -> list[str]:
    """Tell of what does not come from the usual pairs."""
    told = []
    general, texts = result.get("general") or {}, result.get("free_text") or {}
    if general.get("read"):
        told.append(f"{general['used']:,} of {general['read']:,} general instructions are among those to learn from.")
    told += [words] if (words := drafts_in_words(result.get("origins") or {})) else []
    if texts:
        used = sum(int(texts[split]) for split in ("train", "validation", "test"))
        told.append(f"{used:,} of {texts['reports']:,} whole reports were written for continued pretraining.")
        told += [free_text.placeholders(texts)] if free_text.placeholders(texts) else []
    return told


def _reasons(excluded: Mapping[str, int], noun: str) -> list[str]:
    ordered = sorted(excluded.items(), key=lambda item: -item[1])
    return [f"{counted(count, noun)}: {REASONS.get(reason, reason)}" for reason, count in ordered]
