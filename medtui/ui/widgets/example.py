"""An example as text for two columns: question and answer, before and after, or read and learned tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from medtui.examples.checks import REASONS
from medtui.examples.drafting import corrections, questions
from medtui.examples.drafting.store import Draft
from medtui.examples.grounding import KINDS
from medtui.examples.learns import Lesson
from medtui.examples.store import Candidate
from medtui.examples.tasks import title
from medtui.text import sanitize, sanitize_line

# Lines about a draft beneath it; what else is wrong is marked in its text.
MOST_PROBLEMS = 3
_BAD = "bold $text-error underline"
_SPLITS = {"train": "to learn from", "validation": "to watch learning", "test": "for the final test"}


@dataclass(frozen=True)
class TwoSides:
    """Heading and text of both columns, and what stands below."""

    sides: tuple[tuple[str, Content], tuple[str, Content]]
    note: Content


def pair(candidate: Candidate) -> TwoSides:
    """Set what is asked beside the answer, with unsupported pieces marked."""
    asked = sanitize(candidate.row["prompt"][-1]["content"])
    instruction, gap, source = asked.partition("\n\n")
    question = Content.assemble((instruction, "bold"), f"{gap}{source}")
    answer = candidate.row["completion"][-1]["content"]
    pieces = candidate.details.get("unsupported", []) + candidate.details.get("tolerated", [])
    marked = _marked(answer, [(start, end) for start, end, _ in pieces])
    return TwoSides((("What is asked", question), ("The answer", marked)), _note(candidate))


def dropped(candidate: Candidate) -> TwoSides:
    """Set what the practice wrote beside what is learned of it."""
    original, spans = candidate.details["original"], candidate.details["dropped"]
    before = _marked(original, [(start, end) for start, end, _ in spans])
    after = Content(sanitize(candidate.row["completion"][-1]["content"]))
    return TwoSides((("As it was written", before), ("As it is learned", after)), _note(candidate))


def draft(one: Draft | None) -> TwoSides:
    """Set the report beside a drafted question and answer; of a corrected one what the model wrote stands below."""
    if one is None:
        return TwoSides((("The report", Content("")), ("What the model wrote", Content(""))), Content(""))
    pieces = [(start, end) for start, end, _ in one.details.get("unsupported", [])]
    shown = Content.assemble((sanitize(one.question), "bold"), "\n\n", _marked(one.answer, pieces))
    heading = "What the model wrote" if one.original is None else "As a person corrected it"
    if one.original is not None:
        written = "\n\n".join(map(sanitize, ("The model wrote:", *one.original)))
        shown = Content.assemble(shown, "\n\n", (written, "$muted"))
    note = Content("\n".join(few(corrections.problems(one))))
    return TwoSides((("The report", Content(sanitize(one.source))), (heading, shown)), note)


def few(problems: Sequence[str]) -> list[str]:
    """Give lines for as many problems as have room."""
    more = [f"and {len(problems) - MOST_PROBLEMS:,} more."] if len(problems) > MOST_PROBLEMS else []
    return [sanitize_line(problem) for problem in problems[:MOST_PROBLEMS]] + more


def tokens(learned: Lesson | None, problem: str) -> TwoSides:
    """Set the tokens that are only read beside those that are learned."""
    if learned is None:
        sides = (("Only read", Content("")), ("Learned", Content("")))
        return TwoSides(sides, Content.assemble(("! ", "bold $text-warning"), (problem, "$text-warning")))
    read = [part for part in learned.stretches if not part.trained]
    trained = [part for part in learned.stretches if part.trained]
    left = Content("").join(Content.styled(sanitize(part.text), "$muted") for part in read)
    right = Content("").join(Content.styled(sanitize(part.text), "bold $text-success") for part in trained)
    last = [Content.styled(f" {_visible(piece)} ", "reverse") for piece in learned.last]
    note = Content.assemble("The answer ends with these tokens: ", Content(" ").join(last))
    sides = (
        (f"Only read ({sum(part.tokens for part in read):,} tokens)", left),
        (f"Learned ({sum(part.tokens for part in trained):,} tokens)", right),
    )
    return TwoSides(sides, note)


def _visible(piece: str) -> str:
    return sanitize_line(piece.replace("\n", "\u23ce")) or "\u2423"


def _marked(text: str, spans: list[tuple[int, int]]) -> Content:
    """Mark pieces of a text; overlapping ones become one."""
    parts: list[Content | tuple[str, str]] = []
    position = 0
    for start, end in sorted(spans):
        if end <= position:
            continue
        parts.append((sanitize(text[position : max(start, position)]), ""))
        parts.append((sanitize(text[max(start, position) : end]), _BAD))
        position = end
    return Content.assemble(*parts, (sanitize(text[position:]), ""))


def _note(candidate: Candidate) -> Content:
    lines = [f"{title(candidate.task)}, report {candidate.document_id}, {candidate.tokens:,} tokens"]
    if candidate.split:
        lines[0] += f", {_SPLITS[candidate.split]}"
    if (origin := candidate.row["meta"].get("origin")) in (questions.DRAFTED, questions.EDITED):
        lines[0] += ", drafted by a model" + (", corrected by a person" if origin == questions.EDITED else "")
    if candidate.reason:
        lines.append(f"Left out: {REASONS.get(candidate.reason, candidate.reason)}")
    if candidate.details.get("unsupported"):
        answer, pieces = candidate.row["completion"][-1]["content"], candidate.details["unsupported"]
        lines += _why([(answer[start:end], KINDS[kind]) for start, end, kind in pieces])
    if "original" in candidate.details:
        original = candidate.details["original"]
        spans = candidate.details["dropped"]
        lines += _why([(original[start:end], "; ".join(KINDS[kind] for kind in kinds)) for start, end, kinds in spans])
    return Content("\n").join(Content(sanitize_line(line)) for line in lines)


def _why(pieces: list[tuple[str, str]]) -> list[str]:
    return [f"Marked \u201c{' '.join(piece.split())}\u201d: {why}." for piece, why in pieces]
