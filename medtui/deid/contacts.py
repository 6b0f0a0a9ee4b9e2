"""Phones, faxes, e-mail, web and payment addresses."""

import re
from collections.abc import Iterator

from medtui.deid.spans import CERTAIN, DOUBT, LIKELY, Span
from medtui.phi import Category

_PHONE = re.compile(
    r"""(?<![\w.+-])(?:
        \+\d{1,3}[ .\n-]?(?:\(\d{1,5}\)[ .\n-]?)?\d{1,5}(?:[ .\n-]?\d{2,6}){1,5}
      | (?:1[ .\n-])?\(\d{3}\)[ .\n-]?\d{3}[ .\n-]?\d{4}
      | (?:1[ .\n-])?\d{3}[.-]\d{3}[.-]\d{4}
      | \d{3}[ ]\d{3}[ \n-]\d{4}
      | 0\d{2,4}[ \n-]\d{6,8} | 0\d{2,4}[ \n-]\d{3,4}[ \n-]\d{3,4} | \(0\d{1,5}\)[ ]?\d{3,8}(?:[ ]\d{3,6})?
      | (?:0|91[ \n-])?[6-9]\d{4}[ \n-]\d{5}
      | (?:0|91)?[6-9]\d{9}
      | 1[ \n-]?800[ \n-]\d{3}[ \n-]\d{4,6} | 1800[ \n-]\d{3,4}[ \n-]\d{3,4}
    )(?:[ ,]{0,2}(?:ext|extn|x|extension)[. :]{0,2}\d{1,6})?(?![\w]|[.-]\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_LOCAL = re.compile(r"(?<![\w./+-])\d{3}-\d{4}(?![\w-]|[./]\d)")
_CUED = re.compile(
    r"(?<![A-Za-z])(?P<cue>fax(?:es|ed)?|facsimile|telefax|tel|tele|telephone|phone|ph|mob|mobile|cell|cellphone|call(?:ed|back)?|contact|whatsapp|pager|beeper|landline|helpline|emergency|ring|extension|extn|ext)"
    r"(?P<more>(?:[ ]?(?:number|no|num|nos|records?|results?|at|on|to|is|it|me|us|him|her|(?:the )?(?:office|clinic|ward|desk|patient)|\((?:[a-z]{1,8})\)|#|[:.=/-]|home|work|office|day|evening)){0,5}[ \t]*)"
    r"(?P<value>[+(]?\d(?:[\d ().-]|/(?=\d{6})){3,20}\d)(?:[ ,]{0,2}(?:ext|extn|x)[. :]{0,2}\d{1,6})?(?![A-Za-z0-9%])",
    re.IGNORECASE,
)
_FAX_BEFORE = re.compile(r"(?i:fax|facsimile|telefax)[^\n]{0,28}\Z")
_MAIL = re.compile(r"[\w.+%'-]+@(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+", re.UNICODE)
_SPOKEN_MAIL = re.compile(
    r"[\w.+-]+ ?(?:\(at\)|\[at\]| at )[ ]?[\w-]+ ?(?:\(dot\)|\[dot\]| dot )[ ]?[a-z]{2,}", re.IGNORECASE
)
_UPI_HANDLES = re.compile(
    r"@(?:ok(?:axis|icici|sbi|hdfcbank)|upi|ybl|ibl|axl|paytm|apl|axisbank|sbi|icici|hdfcbank|kotak|barodampay|airtel|jio|pthdfc|ptsbi|ptaxis|ptyes|waicici|wahdfcbank|wasbi|freecharge|idfcbank|federal|indus|pnb|rbl|yesbank|cnrb)\Z",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"(?:(?:https?|ftp|sftp|dicomweb)://|www\.)[^\s<>\"'\[\]{}|]+"
    r"|(?<![\w@.])(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,4}(?:com|org|net|edu|gov|mil|int|info|health|hospital|clinic|in|co|io|uk|us|care|med|app|dev|biz|eu|local|example|test|invalid)(?:/[^\s<>\"'\[\]{}|,;]*)?(?![\w@]|\.\w)",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_.]{3,29}(?![\w@=])")
_TRAILING = ".,;:!?)'\"-"


def find(text: str) -> Iterator[Span]:
    """Find ways to reach somebody.

    Args:
        text: in its normal form (see `prepared`).
    """
    if "@" in text:
        yield from _mail(text)
    if "(at)" in text or "[at]" in text or " dot " in text:
        for match in _SPOKEN_MAIL.finditer(text):
            yield Span(match.start(), match.end(), Category.EMAIL, LIKELY, "contact:mail")
    for match in _LINK.finditer(text):
        end = match.start() + len(match.group().rstrip(_TRAILING))
        if "." in match.group() and not _abbreviation(match.group()):
            yield Span(match.start(), end, Category.URL, CERTAIN, "contact:link")
    yield from _phones(text)


def _mail(text: str) -> Iterator[Span]:
    for match in _MAIL.finditer(text):
        value = match.group().rstrip(".-'")
        start = match.start() + len(value) - len(value.lstrip("'.-"))
        upi = _UPI_HANDLES.search(value) is not None
        yield Span(start, match.start() + len(value), Category.UPI if upi else Category.EMAIL, CERTAIN, "contact:mail")
    for match in _HANDLE.finditer(text):
        yield Span(match.start(), match.end(), Category.OTHER_ID, LIKELY, "contact:handle")


def _abbreviation(value: str) -> bool:
    """Tell a missing space ("given.In", "b.i.d.in") from a host name."""
    if "://" in value or value.lower().startswith("www."):
        return False
    labels = value.split("/")[0].split(".")
    return (
        any(len(label) < 2 for label in labels[:-1])
        or (labels[-1] != labels[-1].lower())
        or (
            labels[-1] in {"in", "us", "int", "co", "test", "care", "med", "health", "io", "app"}
            and len(labels) == 2
            and "/" not in value
        )
    )


def _phones(text: str) -> Iterator[Span]:
    for match in _CUED.finditer(text):
        digits = sum(map(str.isdigit, match["value"]))
        if digits < 4 or (digits < 6 and "ext" not in match["cue"].lower()):
            continue
        category = Category.FAX if match["cue"].lower().startswith(("fax", "facs", "telefax")) else Category.PHONE
        yield Span(match.start("value"), match.end(), category, CERTAIN, "contact:cue")
    for match in _PHONE.finditer(text):
        category = (
            Category.FAX if _FAX_BEFORE.search(text, max(0, match.start() - 34), match.start()) else Category.PHONE
        )
        yield Span(match.start(), match.end(), category, LIKELY, "contact:phone")
    for match in _LOCAL.finditer(text):
        first, second = match.group().split("-")
        score = DOUBT if second.endswith("00") and int(first) < int(second) else LIKELY
        if score is LIKELY:
            yield Span(match.start(), match.end(), Category.PHONE, score, "contact:local")
