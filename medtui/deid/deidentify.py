"""One report in, one de-identified report and its findings out. The same function serves every way of running."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from medtui.deid.known import KnownStrings
from medtui.deid.profile import Profile
from medtui.deid.replacement import clipped, replace
from medtui.deid.spans import DOUBT, THRESHOLD, Span
from medtui.deid.verification import replace_and_verify
from medtui.reports.document import Document, Section

Find = Callable[[str, KnownStrings], list[Span]]

ACCEPT, REJECT = "accept", "reject"


@dataclass(frozen=True, slots=True)
class Decisions:
    """What people decided.

    Attributes:
        places: `(document_id, start, end)` to "accept" or "reject".
        never: values, in lower case, that are no identifiers wherever they stand.
    """

    places: Mapping[tuple[str, int, int], str]
    never: frozenset[str]

    def of(self, document_id: str, span: Span, value: str) -> str | None:
        """Give the decision about one finding, None when there is none."""
        decided = self.places.get((document_id, span.start, span.end))
        if decided is None and value.lower() in self.never:
            return REJECT
        return decided


NO_DECISIONS = Decisions({}, frozenset())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What de-identification made of one report.

    Attributes:
        document_id: the report's id.
        text: de-identified.
        sections: de-identified, in step with `text`.
        title: de-identified.
        findings: everything found in the text, kept or replaced, in order.
        left: known identifiers and certain patterns still in it.
    """

    document_id: str
    text: str
    sections: tuple[Section, ...]
    title: str
    findings: tuple[Span, ...]
    left: int


def deidentify(document: Document, known: KnownStrings, find: Find, chosen: Profile, decisions: Decisions) -> Outcome:
    """De-identify one report.

    Args:
        document: the report.
        known: identifiers of its patient from all reports.
        find: the detector.
        chosen: the rule to follow.
        decisions: what people decided; doubts without a decision are replaced.
    """
    found = find(document.text, known)
    return render(document, found, known, find, chosen, decisions)


def render(
    document: Document, found: Sequence[Span], known: KnownStrings, find: Find, chosen: Profile, decisions: Decisions
) -> Outcome:
    """Write the de-identified report from findings, without searching its text again."""
    text = document.text
    verdicts = [decisions.of(document.id, span, text[span.start : span.end]) for span in found]
    kept = [(span.start, span.end) for span, verdict in zip(found, verdicts, strict=True) if verdict == REJECT]
    chosen_spans = [span for span, verdict in zip(found, verdicts, strict=True) if verdict != REJECT]
    replaced, spans, left = replace_and_verify(text, chosen_spans, known, chosen, kept)
    added = [span for span in spans if span.source == "second look"]
    sections = []
    cursor = 0
    for section in document.sections:
        at = text.find(section.text, cursor)
        if at < 0:
            at = text.find(section.text)
        title = _short(section.title, known, find, chosen)
        if at < 0:
            sections.append(Section(title, section.code, _short(section.text, known, find, chosen)))
            continue
        cursor = at
        inside = clipped(spans, at, at + len(section.text))
        sections.append(Section(title, section.code, replace(section.text, inside, chosen).text))
    findings = sorted([*found, *added], key=lambda span: span.start)
    title = _short(document.title, known, find, chosen)
    return Outcome(document.id, replaced.text, tuple(sections), title, tuple(findings), left)


def _short(text: str, known: KnownStrings, find: Find, chosen: Profile) -> str:
    if not text:
        return text
    spans = [span for span in find(text, known) if span.score >= THRESHOLD]
    return replace(text, spans, chosen).text


def is_doubt(span: Span) -> bool:
    """Tell whether a person should decide about a finding."""
    return span.score <= DOUBT
