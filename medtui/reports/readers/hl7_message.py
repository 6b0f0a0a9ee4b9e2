"""HL7 version 2 text taken apart: messages out of files and batches, fields out of messages, escapes out of fields."""

import re
from collections.abc import Iterator

from medtui.reports.draft import Unreadable

_SEGMENT = re.compile(r"^[A-Z][A-Z0-9]{2}(?=\W|$)")
_FRAME = re.compile(r"[\x0b\x1c]")
_LINE_ENDS = re.compile(r"\r\n?|\n")
# Segments that wrap messages into files and batches (HL7 v2.5.1, 2.10.3).
_WRAPPERS = ("FHS", "BHS", "BTS", "FTS")
# Escape sequences (HL7 v2.5.1, 2.7): letters for separators, dots for formatting commands.
_FORMATTING = {
    ".br": "\n",
    ".sp": "\n",
    ".ce": "\n",
    ".in": "",
    ".ti": "",
    ".fi": "",
    ".nf": "",
    ".sk": " ",
    "H": "",
    "N": "",
}


def messages(text: str) -> Iterator[list[str]]:
    """Give each message of a file as its segments.

    Batch wrappers, transport frames, comments and empty lines are dropped; a line that does not begin with a segment
    name goes on the segment before it, because some systems break long fields.

    Args:
        text: the decoded file.
    """
    current: list[str] = []
    for raw in _LINE_ENDS.split(_FRAME.sub("\n", text.lstrip("\ufeff"))):
        line = raw.strip(" \x00")
        if not line or line.startswith(_WRAPPERS):
            continue
        if line.startswith("MSH"):
            if current:
                yield current
            current = [line]
        elif not current:
            # Comments before the first message; a real segment here means that its head is missing.
            if _SEGMENT.match(line) and line[3:4] == "|":
                raise Unreadable("An HL7 message has no MSH segment at its beginning; export it whole.")
        elif _SEGMENT.match(line):
            current.append(line)
        else:
            current[-1] += "\n" + raw.rstrip()
    if current:
        yield current


class Message:
    """One message, read through its own separators."""

    def __init__(self, segments: list[str]) -> None:
        head = segments[0]
        if len(head) < 8:
            raise Unreadable("The MSH segment of an HL7 message is cut off; export it again.")
        self._field, self._component, self._repeat, self._escape = head[3], head[4], head[5], head[6]
        self._subcomponent = head[7] if head[7:8] != self._field else "&"
        # In the head the separator itself is the first field, so fields are counted from there as everywhere.
        self.segments = [["MSH", self._field, *head.split(self._field)[1:]]]
        # Segments are only taken apart into fields, and a field into components where one is asked for: most are not.
        self.segments += [segment.split(self._field) for segment in segments[1:]]
        self.kind = self.component(self.field(self.segments[0], 9), 1).upper()

    @staticmethod
    def field(segment: list[str], number: int) -> str:
        """Give a field as it stands, counted from 1, empty when absent."""
        return segment[number] if number < len(segment) else ""

    def repeats(self, field: str) -> list[str]:
        """Give the repetitions of a field."""
        return [part for part in field.split(self._repeat) if part] if field else []

    def component(self, field: str, number: int) -> str:
        """Give a component of a field's first repetition, counted from 1, with escapes resolved."""
        return self.parts(self.repeats(field)[0], number) if self.repeats(field) else ""

    def parts(self, repetition: str, number: int) -> str:
        """Give a component of one repetition, its first subcomponent only, with escapes resolved."""
        components = repetition.split(self._component)
        if number > len(components):
            return ""
        return self.text(components[number - 1].split(self._subcomponent)[0])

    def components(self, field: str) -> list[str]:
        """Give all components of a field's first repetition, raw."""
        return field.split(self._component)

    def joined(self, field: str) -> str:
        """Give a field as readable text: components with spaces, subcomponents with spaces, escapes resolved."""
        return self.text(" ".join(re.split("[" + re.escape(self._component + self._subcomponent) + "]", field)).strip())

    def text(self, raw: str) -> str:
        """Resolve the escape sequences of a piece of text."""
        mark = re.escape(self._escape)
        return re.sub(f"{mark}([^{mark}\n]{{0,200}}){mark}", self._resolve, raw) if self._escape in raw else raw

    def _resolve(self, match: re.Match[str]) -> str:
        code = match.group(1)
        separators = {
            "F": self._field,
            "S": self._component,
            "T": self._subcomponent,
            "R": self._repeat,
            "E": self._escape,
        }
        if code in separators:
            return separators[code]
        if code in _FORMATTING:
            return _FORMATTING[code]
        if code[:3] in _FORMATTING:
            times = int(code[3:].strip("+- ")) if code[3:].strip("+- ").isdigit() else 1
            return _FORMATTING[code[:3]] * min(times, 20)
        if code.startswith("X"):
            try:
                return bytes.fromhex(code[1:]).decode("utf-8", "replace")
            except ValueError:
                return match.group()
        # Character set switches and sequences of one's own carry no text; anything else was no escape.
        return "" if code[:1] in ("C", "M", "Z") and code[1:].isalnum() else match.group()
