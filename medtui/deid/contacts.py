"""Phones, faxes, e-mail, web and payment addresses."""

import re
from collections.abc import Iterator

from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, Span
from medtui.phi import Category

_PHONE = Gate(
    re.compile(
        r"""(?<![\w.+-])(?:
        \+\d{1,3}[ .\n-]?(?:\(\d{1,5}\)[ .\n-]?)?\d{1,5}(?:[ .\n-]?\d{2,6}){1,5}
      | (?:1[ .\n-])?\(\d{3}\)[ .\n-]?\d{3}[ .\n-]?\d{4}
      | (?:1[ .\n-])?\d{3}[.-]\d{3}[.-]\d{4}
      | \d{3}[ ]\d{3}[ \n-]\d{4}
      | 0\d{2,4}[ \n-]\d{6,8} | 0\d{2,4}[ \n-]\d{3,4}[ \n-]\d{3,4} | \(0\d{1,5}\)[ ]?\d{3,8}(?:[ ]\d{3,6})?
      | (?:0|91[ \n-])?[6-9]\d{4}[ \n-]\d{5}
      | (?:0|91)?[6-9]\d{9}
      | 1[ \n-]?800[ \n-]\d{3}[ \n-]\d{4,6} | 1800[ \n-]\d{3,4}[ \n-]\d{3,4}
    )(?:[ ,]{0,2}(?:ext|extn|x|extension)[. :]{0,2}\d{1,6})?(?![\w]|[.-]\d)
      | (?<![\w./+-])(?P<local>\d{3}-\d{4})(?![\w-]|[./]\d)""",
        re.VERBOSE | re.IGNORECASE,
    ),
    numbers=True,
)
_CUED = Gate(
    re.compile(
        r"(?<![A-Za-z])(?P<cue>fax(?:es|ed)?|facsimile|telefax|tel|tele|telephone|phone|ph|mob|mobile|cell|cellphone|call(?:ed|back)?|contact|whatsapp|pager|beeper|landline|helpline|emergency|ring|extension|extn|ext)"
        r"(?P<more>(?:[ ]?(?:number|no|num|nos|records?|results?|at|on|to|is|it|me|us|him|her|(?:the )?(?:office|clinic|ward|desk|patient)|\((?:[a-z]{1,8})\)|#|[:.=/-]|home|work|office|day|evening)){0,5}[ \t]*)"
        r"(?P<value>[+(]?\d(?:[\d ().-]|/(?=\d{6})){3,20}\d)(?:[ ,]{0,2}(?:ext|extn|x)[. :]{0,2}\d{1,6})?(?![A-Za-z0-9%])",
        re.IGNORECASE,
    ),
    near=(r"\d", 64),
    first="(?:fax|facs|telef|tel|phone|ph|mob|cell|call|contact|whatsapp|pager|beeper|landline|helpline|emergency|ring|ext)",
    words="fax facsimile telefax tel tele telephone phone ph mob mobile cell cellphone call contact whatsapp pager beeper landline helpline emergency ring extension extn ext",
)
# "pH 7.35-7.45" has nothing to do with "Ph 7354 7454".
_ACIDITY = re.compile(r"\d{1,2}\.\d{1,3}(?: ?- ?\d{1,2}\.\d{1,3})?")
_FAX_BEFORE = re.compile(r"(?i:fax|facsimile|telefax)[^\n]{0,28}\Z")
_SPOKEN_MAIL = re.compile(
    r"[\w.+-]+ ?(?:\(at\)|\[at\]| at )[ ]?[\w-]+ ?(?:\(dot\)|\[dot\]| dot )[ ]?[a-z]{2,}", re.IGNORECASE
)
_UPI_HANDLES = re.compile(
    r"@(?:ok(?:axis|icici|sbi|hdfcbank)|upi|ybl|ibl|axl|paytm|apl|axisbank|sbi|icici|hdfcbank|kotak|barodampay|airtel|jio|pthdfc|ptsbi|ptaxis|ptyes|waicici|wahdfcbank|wasbi|freecharge|idfcbank|federal|indus|pnb|rbl|yesbank|cnrb)\Z",
    re.IGNORECASE,
)
_LINK = Gate(
    re.compile(r"(?:(?:https?|ftp|sftp|dicomweb)://|www\.)[^\s<>\"'\[\]{}|]+", re.IGNORECASE),
    words="http https ftp sftp dicomweb www",
)
_TOP_DOMAIN = re.compile(
    r"\.(?:com|org|net|edu|gov|mil|int|info|health|hospital|clinic|in|co|io|uk|us|care|med|app|dev|biz|eu|local|example|test|invalid|COM|ORG|NET|EDU)(?:/[^\s<>\"'\[\]{}|,;]*)?(?![\w@]|\.\w)"
)
_DOMAIN_BEFORE = re.compile(r"(?<![\w@.-])[A-Za-z0-9][A-Za-z0-9.-]{0,80}\Z")
_LOCAL_PART_BEFORE = re.compile(r"[\w.+%'-]{1,64}\Z")
_DOMAIN_AFTER = re.compile(r"@(?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]+")
_HANDLE = re.compile(r"(?<![\w@./])@[A-Za-z][A-Za-z0-9_.]{3,29}(?![\w@=])")
_TRAILING = ".,;:!?)'\"-"


def find(prepared: Prepared) -> Iterator[Span]:
    """Find ways to reach somebody.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    if "@" in text:
        yield from _mail(text)
    if "(at)" in text or "[at]" in text or " dot " in text:
        for match in _SPOKEN_MAIL.finditer(text):
            yield Span(match.start(), match.end(), Category.EMAIL, LIKELY, "contact:mail")
    yield from _links(prepared)
    yield from _phones(prepared)


def _mail(text: str) -> Iterator[Span]:
    at = text.find("@")
    while at >= 0:
        before = _LOCAL_PART_BEFORE.search(text, max(0, at - 64), at)
        after = _DOMAIN_AFTER.match(text, at)
        if before and after:
            value = text[before.start() : after.end()].rstrip(".-'")
            start = before.start() + len(value) - len(value.lstrip("'.-"))
            category = Category.UPI if _UPI_HANDLES.search(value) else Category.EMAIL
            yield Span(start, before.start() + len(value), category, CERTAIN, "contact:mail")
        elif handle := _HANDLE.match(text, at):
            yield Span(handle.start(), handle.end(), Category.OTHER_ID, LIKELY, "contact:handle")
        at = text.find("@", at + 1)


def _links(prepared: Prepared) -> Iterator[Span]:
    text = prepared.text
    for match in _LINK.finditer(prepared):
        yield Span(
            match.start(), match.start() + len(match.group().rstrip(_TRAILING)), Category.URL, CERTAIN, "contact:link"
        )
    for match in _TOP_DOMAIN.finditer(text):
        before = _DOMAIN_BEFORE.search(text, max(0, match.start() - 82), match.start())
        if before and not _abbreviation(text[before.start() : match.end()]):
            end = match.start() + len(match.group().rstrip(_TRAILING))
            yield Span(before.start(), end, Category.URL, CERTAIN, "contact:link")


def _abbreviation(value: str) -> bool:
    """Tell a missing space ("given.In", "b.i.d.in") from a host name."""
    labels = value.split("/")[0].split(".")
    if any(len(label) < 2 for label in labels[:-1]):
        return True
    return labels[-1] in _WORDS_TOO and len(labels) == 2 and "/" not in value


_WORDS_TOO = {
    "in",
    "us",
    "int",
    "co",
    "test",
    "care",
    "med",
    "health",
    "io",
    "app",
    "clinic",
    "hospital",
    "local",
    "example",
}


def _phones(prepared: Prepared) -> Iterator[Span]:
    text = prepared.text
    for match in _CUED.finditer(prepared):
        digits = sum(map(str.isdigit, match["value"]))
        if _ACIDITY.fullmatch(match["value"]) or digits < 4 or (digits < 6 and "ext" not in match["cue"].lower()):
            continue
        category = Category.FAX if match["cue"].lower().startswith(("fax", "facs", "telefax")) else Category.PHONE
        yield Span(match.start("value"), match.end(), category, CERTAIN, "contact:cue")
    for match in _PHONE.finditer(prepared):
        if match["local"]:
            first, second = match["local"].split("-")
            if not (second.endswith("00") and int(first) < int(second)):
                yield Span(match.start(), match.end(), Category.PHONE, LIKELY, "contact:local")
            continue
        fax = _FAX_BEFORE.search(text, max(0, match.start() - 34), match.start())
        yield Span(match.start(), match.end(), Category.FAX if fax else Category.PHONE, LIKELY, "contact:phone")
