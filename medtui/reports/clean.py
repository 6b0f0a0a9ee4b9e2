"""Outside text made fit to store: nothing a terminal obeys, nothing a reader cannot see."""

import re

from medtui.text import sanitize, sanitize_line

# Invisible characters that word processors leave inside words: soft hyphen, zero-width space, word joiner, byte order
# mark. Left in, they would split a name so that no later step recognises it.
_HIDDEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_TRAILING = re.compile(r"[ \t\u00a0]+$", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n{4,}")


def clean(text: str) -> tuple[str, int]:
    """Sanitize text, take out invisible characters, trim line ends and long runs of empty lines.

    Returns:
        The text, and how many invisible characters were taken out (a byte order mark at the start is not counted).
    """
    hidden = 0
    # Most texts hold nothing that must go, and looking at them once is enough.
    if not (text.isascii() and text.replace("\n", " ").isprintable()):
        visible, hidden = _HIDDEN.subn("", text.removeprefix("\ufeff"))
        text = sanitize(visible.replace("\x00", ""))
    if " \n" in text or "\t\n" in text or "\u00a0\n" in text:
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
