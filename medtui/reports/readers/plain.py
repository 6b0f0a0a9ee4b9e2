"""Plain text in any encoding."""

from collections.abc import Iterator

from medtui.reports import encoding
from medtui.reports.draft import Draft, Found, Source, Unreadable

# A report of more than this is not one report; 4 million characters are about a thousand pages.
LONGEST = 4_000_000


def read(source: Source) -> Iterator[Found]:
    """Read a text file as one report.

    Raises:
        Unreadable: it is too long for a report.
    """
    text, used = encoding.decode(source.data)
    if len(text) > LONGEST:
        raise Unreadable("The text is longer than 4 million characters, too long for one report; split the file.")
    draft = Draft("text", text)
    if "\ufffd" in text:
        draft.warnings.append(f"Some characters could not be decoded as {used}.")
    yield draft
