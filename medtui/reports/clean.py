"""Outside text made fit to store: nothing a terminal obeys, nothing a reader cannot see."""

import re

from medtui.text import sanitize, sanitize_line

# Invisible characters that word processors leave inside words: soft hyphen, zero-width space, word joiner, byte order
# mark. Left in, they would split a name so that no later step recognises it.
_HIDDEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_TRAILING = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
_SPACED_ENDS = (" \n", "\t\n", "\u00a0\n")
_BLANK_LINES = re.compile(r"\n{4,}")
# Of the characters that nothing may keep, those below 128.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def clean(text: str) -> tuple[str, int]:
    """Sanitize text, take out invisible characters, trim line ends and long runs of empty lines.

    Returns:
        The text, and how many invisible characters were taken out (a byte order mark at the start is not counted).
    """
    hidden = 0
    # Most texts hold nothing that must go, and looking at them once is enough.
    if not text.isascii() or _ODD.search(text):
        visible, hidden = _HIDDEN.subn("", text.removeprefix("\ufeff"))
        text = sanitize(visible.replace("\x00", ""))
    if any(end in text for end in _SPACED_ENDS):
        text = _TRAILING.sub("", text)
    if "\n\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n\n", text)
    return text.strip("\n").rstrip(), hidden


def clean_pages(text: str) -> tuple[str, int]:
    """Do the same page by page, with the form feeds between pages kept."""
    pages = [clean(page) for page in text.split("\f")]
    return "\f".join(page for page, _ in pages if page), sum(hidden for _, hidden in pages)


def clean_line(text: str) -> str:
    """Make one clean line of outside text, with single spaces."""
    if text.isascii() and text.isprintable():
        # Nearly every name and number: nothing in it needs looking for.
        return " ".join(text.split())
    return " ".join(sanitize_line(_HIDDEN.sub("", text)).split())
