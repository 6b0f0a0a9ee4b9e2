"""Small pieces of HTML and XHTML, such as narratives, as readable text."""

import re
from html import unescape

_DROPPED = re.compile(r"<(script|style|head|template)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL)
_CELL = re.compile(r"</t[dh]\s*>\s*(?=<t[dh]\b)", re.IGNORECASE)
_BREAK = re.compile(
    r"<br\s*/?>|</?(?:p|div|li|ul|ol|tr|table|h[1-6]|caption|blockquote|section|article|dt|dd|pre|hr|thead|tbody|title)\b[^>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[A-Za-z][^>]*>|<[!?][^>]*>")
_SPACES = re.compile(r"[ \t\r\f\u00a0]+")


def html_text(markup: str) -> str:
    """Give the text of a piece of HTML: a line a block, table cells apart by bars; nothing in it is followed or run.

    Args:
        markup: HTML or XHTML, however malformed.
    """
    text = _DROPPED.sub(" ", markup)
    text = re.sub(r"\s*\n\s*", " ", text)
    text = _BREAK.sub("\n", _CELL.sub(" | ", text))
    text = unescape(_TAG.sub("", text))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)
