"""Street addresses, post codes and what a label calls an address."""

import re
from collections.abc import Iterator

from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, Span
from medtui.phi import Category

_BOX = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:P\.?[ ]?O\.?[ ]?Box|Post(?:al)?[ ]Box|Postbus|Postfach|Apartado|Casilla|PSC[ ]\d{1,5}(?:,?[ ]Box)?|Unit[ ]\d{3,5},?[ ]Box|(?:USS|USNS|USCGC|USNV)[ ][A-Z]\w+,?)[ ]?#?[\d-]*(?:,?[ \n](?:FPO|APO|DPO)[ ]A[AEP][ ]\d{5})?(?:,?[ ][A-Z][\w]+(?:[ ][A-Z]\w+){0,2},?[ ][A-Z]{2}[ ]\d{5}(?:-\d{4})?)?",
        re.IGNORECASE,
    ),
    words="p po post postal postbus postfach apartado casilla psc unit uss usns uscgc usnv",
)
_HOUSE_REST = r"(?:(?:,[ ]?\n|[,\n])?[ ]{0,2}(?!(?:Ph|Phone|Mob|Mobile|Tel|DOB|Age|Email|MRN|UHID|Aadhaar)\b)[A-Z0-9][\w'./&-]*(?:[ ](?:[A-Z0-9(][\w'./&)-]*|of|and))*){0,8}(?:[ ]?[-\u2013,][ ]?\d{3}[ ]?\d{3}\b)?"
_INDIAN = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:(?:Flat|House|H|Plot|Door|D|Shop|Survey|S|Khasra|Quarter|Qtr|Villa|Gate|Room|Block|Bungalow|Office|Ward|Old|New)\.?[ ]?(?:No|Number|#)\.?[ :\n]{0,2}[#A-Z]{0,2}-?\d[\w/-]*|(?:Flat|Plot|House|Door|Shop|Villa|Bungalow|Quarter|Qtr|Apartment)[ ][#A-Z]{0,2}-?\d[\w/-]*(?=,?[ \n][A-Z]))"
        + _HOUSE_REST
    ),
    words="flat house h plot door d shop survey s khasra quarter qtr villa gate room block bungalow office ward old new apartment",
)
_HASH = re.compile(r"(?<![A-Za-z])#[ ]?\d{1,4}[\w/-]*(?=,[ ])" + _HOUSE_REST)
_LOCALITY = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:(?:Near|Opp(?:osite)?|Behind|Beside|Next to|Off|Above)\.?[ ](?:[A-Z][\w'.-]*[ ]?){1,4},[ ])?(?:Sector|Phase|Ward|Block|Pocket)[ -]{0,2}(?:\d{1,3}[A-Z]?|[IVX]{1,4})(?=,[ ][A-Z])(?:,[ ][A-Z][\w'-]+(?:[ ][A-Z][\w'-]+){0,3})+(?:[ ]?[-,][ ]?\d{6})?"
    ),
    words="near opp opposite behind beside next off above sector phase ward block pocket",
)
_SUFFIX = Gate(
    re.compile(
        r"(?:Nagar|Marg|Chowk|Gali|Galli|Vihar|Enclave|Bazaar|Bazar|Salai|Peth|Puram|Mohalla|Kunj|Colony|Layout|Cross|Road|Street|Avenue|Lane|Boulevard)\b(?:[ ](?:(?:Medical|Health|Family|Dental|Community|Eye|Surgical)[ ])?(?:Clinic|Hospital|Surgery|Practice|Cent(?:er|re)|Pharmacy|Hospice|School|Polyclinic)\b)?(?:,[ ][A-Z][\w'-]+(?:[ ][A-Z][\w'-]+){0,2}){0,3}(?:[ ]?[-,][ ]?\d{3}[ ]?\d{3}\b)?"
    ),
    words="nagar marg chowk gali galli vihar enclave bazaar bazar salai peth puram mohalla kunj colony layout cross road street avenue lane boulevard",
)
_SPACED = Gate(
    re.compile(
        r"(?:Stra\u00dfe|Strasse|Str\.|Platz|Weg|Allee|Gasse|utca|\u00fat|Caddesi|Soka\u011f\u0131|Sokak|Mahallesi)[ ](?:No[:.]?[ ]?)?\d{1,5}[A-Za-z]?\b(?:,?[ \n]\d{4,6}[ ][A-Z\u00c0-\u00dd][\w\u00c0-\u024f-]+)?"
    ),
    words="stra\u00dfe strasse str platz weg allee gasse utca \u00fat caddesi soka\u011f\u0131 sokak mahallesi",
)
_CAPITALS_BEFORE = re.compile(
    r"(?<![\w.])(?:\d{1,3}(?:st|nd|rd|th)[ ])?(?:[A-Z\u00c0-\u00dd][\w\u00c0-\u024f'.-]+[ ]|[A-Z]\.?[ ]){1,3}\Z"
)
_CODE = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:zip(?:[ ]?code)?|pin(?:[ ]?code)?|post(?:al)?[ ]?code|postcode|पिन(?:[ ]?कोड)?|পিন(?:[ ]?কোড)?|পোস্টকোড|पिनकोड|टपाल|அஞ்சல்|பின்|పిన్|పిన్‌కోడ్|પિન|ಪಿನ್|പിൻ|ਪਿੰਨ|ପିନ|postal_code|cep|cap|plz)(?:[ ]?(?:is|no|number|code|कोड))?[ :=.#-]{0,3}(?P<code>\d{5}(?:-\d{4})?|\d{3}[ ]?\d{3}|\d{4}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d|[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2})(?!\d)",
        re.IGNORECASE,
    ),
    words="zip pin post postal postcode cep cap plz",
    indic=True,
)
_BRITISH = Gate(
    re.compile(
        r"(?<![A-Za-z0-9])(?:[A-PR-UWYZ](?:[A-HK-Y]?\d[\dA-HJKPSTUW]?)[ ]\d[ABD-HJLNP-UW-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ ]\d[ABCEGHJ-NPRSTV-Z]\d)(?![A-Za-z0-9])"
    ),
    numbers=True,
)
_PIN = Gate(re.compile(r"(?<![^\W_])[1-8]\d{2}[ ]?\d{3}(?![\d,.]|[ ]?(?:/|cells|mg|ml|%))"), numbers=True)
_CITY_BEFORE = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z]+(?:[ ][A-Z][a-z]+){0,2}[ ]?[-,][ ]?\Z")
_LABEL = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:(?:home|mailing|residential|permanent|present|current|postal|street|patient|local|office|work|billing|correspondence|next of kin|pt)[ ])?(?:address|addr|add|residence|pata|पता|पत्ता|ঠিকানা|முகவரி|చిరునామా|સરનામું|ವಿಳಾಸ|മേൽവിലാസം|വിലാസം|ਪਤਾ|ଠିକଣା)(?:[ ]?(?:is|line[ ]?[12]?|\(.{2,14}?\)))?[ ]?(?:[:=-][ \t]{0,4}|[ \t]{1,4}(?=No\.|[#\d]|Flat|Plot|House|H\.))(?P<value>[^\n;|]{4,160})",
        re.IGNORECASE,
    ),
    words="home mailing residential permanent present current postal street patient local office work billing correspondence next pt address addr add residence pata",
    indic=True,
)
_INDIC_LABEL = re.compile(
    r"(?:पता|पत्ता|ঠিকানা|முகவரி|చిరునామా|સરનામું|ವಿಳಾಸ|വിലാസം|ਪਤਾ|ଠିକଣା|(?<![A-Za-z])pata|(?<![A-Za-z])[Aa]ddress)[ :]{1,3}(?P<value>(?!pin\b)\d{1,5}[^\n;|.\u0964,]{3,60})"
)
_LABEL_STOP = re.compile(
    r"[ ,]{1,3}(?=(?:ph|phone|mob|mobile|tel|telephone|cell|e-?mail|dob|d\.o\.b|age|sex|gender|mrn|uhid|aadhaar|abha|contact|insurance|ssn|fax|married|occupation|occ|ref|date)\b[ .:=]|[A-Z][A-Za-z ]{2,18}:)|[ ]{3,}|\t|\.[ ](?=[A-Z][a-z]+[ ][a-z])|\u0964",
    re.IGNORECASE,
)


_OPEN_END = re.compile(r"(?:,|-|\b(?:No|Flat|Plot|House|Apt|Unit)\.?)\s*\Z")
_NEXT_LINE = re.compile(r"\n(?=[A-Z0-9])[^\n;|]{4,120}")


_LEFT_LIMIT = 80


def find(prepared: Prepared) -> Iterator[Span]:
    """Find addresses and post codes.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    for gate, score, source in (
        (_BOX, CERTAIN, "address:box"),
        (_INDIAN, LIKELY, "address:house"),
        (_LOCALITY, LIKELY, "address:locality"),
        (_BRITISH, LIKELY, "address:post code"),
    ):
        for match in gate.finditer(prepared):
            yield _place(match.start(), match.group(), score, source)
    if "#" in text:
        for match in _HASH.finditer(text):
            yield _place(match.start(), match.group(), LIKELY, "address:house")
    for gate, before, source in (
        (_SUFFIX, _CAPITALS_BEFORE, "address:locality"),
        (_SPACED, _CAPITALS_BEFORE, "address:street"),
        (_PIN, _CITY_BEFORE, "address:post code"),
    ):
        for match in gate.finditer(prepared):
            if head := before.search(text, max(0, match.start() - _LEFT_LIMIT), match.start()):
                yield _place(head.start(), text[head.start() : match.end()], LIKELY, source)
    for match in _CODE.finditer(prepared):
        yield Span(*match.span("code"), Category.LOCATION, CERTAIN, "address:post code")
    yield from _labelled(prepared)


def _place(start: int, value: str, score: float, source: str) -> Span:
    return Span(start, start + len(value.rstrip(" ,.-\n")), Category.LOCATION, score, source)


def _labelled(prepared: Prepared) -> Iterator[Span]:
    text = prepared.text
    for match in (*_LABEL.finditer(prepared), *(_INDIC_LABEL.finditer(text) if prepared.indic else ())):
        value = match["value"]
        if _OPEN_END.search(value) and (more := _NEXT_LINE.match(text, match.end("value"))):
            value += more.group()
        if stop := _LABEL_STOP.search(value):
            value = value[: stop.start()]
        value = value.rstrip(" ,.-")
        if "@" not in value and "://" not in value and not value.startswith("[") and len(value) > 3:
            yield _place(match.start("value"), value, LIKELY, "label:address")
