"""One report in, one de-identified report and its findings out. The same function serves every way of running."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed

from medtui.deid.known import KnownStrings
from medtui.deid.profile import Policy, Profile
from medtui.deid.replacement import clipped, replace
from medtui.deid.spans import DOUBT, THRESHOLD, Span
from medtui.deid.surrogates import NOTHING_DRAWN, Drawn, Surrogates
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
        # What the reports' own fields say is not let go by a word's decision, only by one about this very place.
        if decided is None and value.lower() in self.never and span.source != "known":
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
        made_up: every value that was put in and looks like a real one.
    """

    document_id: str
    text: str
    sections: tuple[Section, ...]
    title: str
    findings: tuple[Span, ...]
    left: int
    made_up: tuple[str, ...] = ()


def deidentify(
    document: Document,
    known: KnownStrings,
    find: Find,
    chosen: Profile,
    decisions: Decisions,
    drawn: Drawn = NOTHING_DRAWN,
) -> Outcome:
    """De-identify one report.

    Args:
        document: the report.
        known: identifiers of its patient from all reports.
        find: the detector.
        chosen: the rule to follow.
        decisions: what people decided; doubts without a decision are replaced.
        drawn: what was drawn at random for the report.
    """
    found = find(document.text, known)
    return render(document, found, known, find, chosen, decisions, drawn)


def render(
    document: Document,
    found: Sequence[Span],
    known: KnownStrings,
    find: Find,
    chosen: Profile,
    decisions: Decisions,
    drawn: Drawn = NOTHING_DRAWN,
) -> Outcome:
    """Write the de-identified report from findings, without searching its text again."""
    text = document.text
    found = [_for_review(span) if chosen.policies[span.category] is Policy.REVIEW else span for span in found]
    surrogates = Surrogates(drawn, "\n".join((text, document.title, *_titles(document))), known)
    verdicts = [decisions.of(document.id, span, text[span.start : span.end]) for span in found]
    kept = [(span.start, span.end) for span, verdict in zip(found, verdicts, strict=True) if verdict == REJECT]
    chosen_spans = [span for span, verdict in zip(found, verdicts, strict=True) if verdict != REJECT]
    replaced, spans, left = replace_and_verify(text, chosen_spans, known, chosen, kept, surrogates)
    added = [span for span in spans if span.source == "second look"]
    sections = []
    cursor = 0
    for section in document.sections:
        at = text.find(section.text, cursor)
        if at < 0:
            at = text.find(section.text)
        title = _short(section.title, known, find, chosen, surrogates)
        if at < 0:
            body = _short(section.text, known, find, chosen, surrogates)
            sections.append(Section(title, section.code, body))
            continue
        cursor = at
        inside = clipped(spans, at, at + len(section.text))
        sections.append(Section(title, section.code, replace(section.text, inside, chosen, surrogates).text))
    findings = sorted([*found, *added], key=lambda span: span.start)
    title = _short(document.title, known, find, chosen, surrogates)
    made_up = surrogates.values()
    return Outcome(document.id, replaced.text, tuple(sections), title, tuple(findings), left, made_up)


def _titles(document: Document) -> list[str]:
    return [part.title for part in document.sections]


def _for_review(span: Span) -> Span:
    """Let a person decide about a finding, unless a field of the practice's own records names its value."""
    return span if span.source.startswith("known") else changed(span, score=min(span.score, DOUBT))


def _short(text: str, known: KnownStrings, find: Find, chosen: Profile, surrogates: Surrogates) -> str:
    if not text:
        return text
    spans = [span for span in find(text, known) if span.score >= THRESHOLD]
    return replace(text, spans, chosen, surrogates).text


def is_doubt(span: Span) -> bool:
    """Tell whether a person should decide about a finding."""
    return span.score <= DOUBT
