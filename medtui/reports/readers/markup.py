"""HTML, whole files and small narratives, as readable text; nothing in it is followed or run."""

import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from medtui.reports import encoding
from medtui.reports.draft import Draft, Found, Source
from medtui.reports.readers.raised import powers, raised
from medtui.reports.readers.symbols import symbol

_DROPPED = frozenset(("script", "style", "template", "noscript", "title", "head", "meta", "link"))
_BLOCKS = frozenset((
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "caption", "h1", "h2", "h3", "h4", "h5", "h6",
    "body",
    "blockquote", "section", "article", "header", "footer", "main", "aside", "pre", "fieldset", "form", "center",
    "hr",
))  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_DECLARED = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)


def read(source: Source) -> Iterator[Found]:
    """Read an HTML file as one report."""
    declared = _DECLARED.search(source.data[:4096])
    text, _ = encoding.decode(source.data, declared.group(1).decode("ascii", "replace") if declared else "")
    tree = LexborHTMLParser(text)
    title = tree.css_first("title")
    yield Draft("html", _text(tree), title=title.text() if title is not None else "")


def html_text(markup: str) -> str:
    """Give the text of a piece of HTML: a line a block, table cells apart by bars.

    Args:
        markup: HTML or XHTML, however malformed.
    """
    return _text(LexborHTMLParser(markup))


def _text(tree: Any) -> str:
    pieces: list[str] = []
    place = (0, 0)
    if tree.root is None:
        return ""
    for node in tree.root.traverse(include_text=True):
        if node.tag == "br":
            pieces.append("\n")
        if node.tag != "-text":
            continue
        block, cell, shown = _place(node)
        words = _SPACES.sub(" ", node.text_content or "")
        if node.parent is not None and node.parent.tag in _FONTED and (font := _font(node.parent)):
            words = "".join(letter if letter == " " else symbol(font, ord(letter)) for letter in words)
        if not shown or not words:
            continue
        if block != place[0]:
            pieces.append("\n")
        elif cell != place[1]:
            pieces.append(" | ")
        if words.strip():
            place = (block, cell)
            if node.parent is not None and node.parent.tag == "sup":
                words = raised(words)
        pieces.append(words)
    lines = (_SPACES.sub(" ", line).strip() for line in powers("".join(pieces)).split("\n"))
    return "\n".join(line for line in lines if line)


def _font(element: Any) -> str:
    """Give the symbol font that an element's letters stand in, empty for any other."""
    said = element.attributes
    named = _SYMBOL_FONT.match(f"{said.get('face') or ''};") or _IN_STYLE.search(said.get("style") or "")
    return named.group(1) if named else ""


_FONTED = frozenset(("font", "span"))
_SYMBOL_FONT = re.compile(r"(Symbol|Wingdings)\b", re.IGNORECASE)
_IN_STYLE = re.compile(r"font-family\s*:\s*[\"']?\s*(Symbol|Wingdings)\b", re.IGNORECASE)


def _place(node: Any) -> tuple[int, int, bool]:
    """Give the block and the table cell that a piece of text stands in, and whether it is shown at all."""
    block = cell = 0
    parent = node.parent
    while parent is not None:
        tag = parent.tag
        if tag in _DROPPED:
            return 0, 0, False
        if tag in ("td", "th") and not cell and not block:
            cell = parent.mem_id
        elif tag in _BLOCKS and not block:
            block = parent.mem_id
        parent = parent.parent
    return block, cell, True
