"""C-CDA and other CDA documents: header, sections with their codes, embedded bodies."""

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any

from medtui.reports.dates import iso_date
from medtui.reports.document import PARTLY, Section
from medtui.reports.draft import Attachment, Draft, Found, Skipped, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.readers import ccda_people
from medtui.reports.readers.raised import MARKS, powers
from medtui.reports.readers.xml import BARE, attribute, child, children, descendants, local, parse

_LOINC = "2.16.840.1.113883.6.1"
_CELLS = frozenset(("td", "th"))
_LINES = frozenset(
    ("paragraph", "item", "tr", "caption", "list", "table", "thead", "tbody", "tfoot", "br", "footnote", "text")
)


def read(source: Source) -> Iterator[Found]:
    """Read a CDA document, or a fragment with sections, as one report.

    Raises:
        Unreadable: not XML, or without text.
    """
    root, recovered = parse(source.data)
    identity = Identity()
    found = ccda_people.collect(root, identity)
    title = _text(child(root, "title")) or attribute(child(root, "code"), "displayName")
    date = iso_date(attribute(child(root, "effectiveTime"), "value")) or _service_date(root)
    sections = list(_sections(root, found))
    draft = Draft("ccda", sections=sections, identity=identity, report_date=date, title=title)
    if recovered:
        draft.status = PARTLY
        draft.warnings.append("The XML is malformed; what could be read of it was read.")
    if sections:
        yield draft
    bodies = list(_bodies(root, identity, date, title))
    yield from bodies
    if not sections and not bodies:
        if local(root) == "ClinicalDocument":
            raise Unreadable("The CDA document has no section with text; export it with its narrative.")
        raise Unreadable("It is XML of an unknown kind; export reports as C-CDA, FHIR, PDF or text.")


def _service_date(root: Any) -> str | None:
    for event in descendants(root, "serviceEvent"):
        time = child(event, "effectiveTime")
        found = iso_date(attribute(time, "value") or attribute(child(time, "low"), "value"))
        if found:
            return found
    return None


def _sections(root: Any, found: list[Any]) -> Iterator[Section]:
    for section in found:
        code = title = body = None
        for part in section:
            name = BARE[part.tag]
            if name == "text":
                body = part if body is None else body
            elif name == "title":
                title = part if title is None else title
            elif name == "code":
                code = part if code is None else code
            elif name == "entry" and body is not None:
                # Often hundreds, and behind them only parts of this section that have texts of their own.
                break
        if body is not None and (text := narrative(body)):
            coded = attribute(code, "code") if attribute(code, "codeSystem") == _LOINC else ""
            yield Section(_text(title) or attribute(code, "displayName"), coded, text)
    if local(root) not in ("ClinicalDocument", "section"):
        for body in descendants(root, "text"):
            if not any(local(parent) == "section" for parent in body.iterancestors()) and narrative(body):
                yield Section("", "", narrative(body))


def narrative(block: Any) -> str:
    """Give a narrative block as text: a line for each paragraph, item and row, cells apart by bars."""
    pieces: list[str] = [_flat(block.text or "")]
    _collect(block, pieces.append)
    # In plain loops and without calls for what is met most: a document's narratives have thousands of pieces.
    lines: list[str] = []
    for piece in powers("".join(pieces)).split("\n"):
        # Words of long lines are not taken apart only to be joined again.
        whole = len(piece) > _LONG and piece.isprintable() and piece.isascii() and "  " not in piece
        if line := (piece if whole else " ".join(piece.split())).strip(" |"):
            lines.append(line)
    return "\n".join(lines)


def _collect(element: Any, append: Callable[[str], None]) -> None:
    # The parser refuses what nests deeper than 256, far from the limit of recursion.
    for node in element:
        # Comments and entities have no name; what stands behind them counts.
        tag = node.tag
        if isinstance(tag, str):
            before, after = _AROUND[tag]
            if before:
                append(before)
            if text := node.text:
                append((" " if text.isspace() else _flat(text)) if "\n" in text else text)
            if len(node):
                _collect(node, append)
            if after:
                append(after)
        if tail := node.tail:
            append((" " if tail.isspace() else _flat(tail)) if "\n" in tail else tail)


class _Around(dict[str, tuple[str, str]]):
    """What to write before and after an element of a name; names are looked at once."""

    def __missing__(self, tag: str) -> tuple[str, str]:
        name = tag.rpartition("}")[2]
        found = ("\n", "\n") if name in _LINES else _AROUND_SOME.get(name, ("", " | " if name in _CELLS else ""))
        if len(self) < _MOST_NAMES:
            self[tag] = found
        return found


_AROUND_SOME = {"renderMultiMedia": (" [picture] ", ""), "sup": MARKS}
_MOST_NAMES = 1000
_LONG = 60
_AROUND = _Around()
_WRAPPED = re.compile(r"[ \t]*\r?\n[ \t]*")


def _flat(text: str) -> str:
    # Line ends inside a narrative are where the source wrapped; one that follows a colon or starts a line is kept.
    if text.isspace():
        return " "
    return _WRAPPED.sub("\n", text) if "\n" in text.strip() else text.replace("\n", " ")


def _text(element: Any) -> str:
    if element is None:
        return ""
    return " ".join(("".join(element.itertext()) if len(element) else element.text or "").split())


def _bodies(root: Any, identity: Identity, date: str | None, title: str) -> Iterator[Attachment | Skipped]:
    """Give what stands in nonXMLBody and in embedded media, as bytes to be read as what they are."""
    for number, holder in enumerate(descendants(root, "nonXMLBody", "observationMedia"), start=1):
        inner = f"{local(holder)} {number}"
        for content in [*children(holder, "text"), *children(holder, "value")]:
            data = "".join(content.itertext()).strip()
            if not data:
                if child(content, "reference") is not None:
                    yield Skipped(inner, "It only refers to a file stored elsewhere; import that file too.", "ccda")
                continue
            if local(holder) == "observationMedia" and attribute(content, "mediaType").startswith("image/"):
                continue
            if attribute(content, "representation").upper() == "B64":
                try:
                    yield Attachment(inner, base64.b64decode("".join(data.split()) + "=="), identity, date, title)
                except (binascii.Error, ValueError):
                    yield Skipped(inner, "The embedded body's base64 is damaged; export it again.", "ccda")
            else:
                yield Attachment(inner, data.encode(), identity, date, title)
