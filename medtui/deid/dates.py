"""Dates of any form, and ages over 89.

A year alone may stay under Safe Harbor (45 CFR 164.514(b)(2)(i)(C)), so it is no finding.
"""

import re
from collections.abc import Iterable, Iterator

from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, UNVOUCHED, Span
from medtui.phi import Category

_MONTHS = "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
_OTHER_MONTHS = (
    "janvier|f\u00e9vrier|mars|avril|mai|juin|juillet|ao\u00fbt|septembre|octobre|novembre|d\u00e9cembre"
    "|januar|februar|m\u00e4rz|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
    "|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|mar\u00e7o|maio|junho|julho|setembro|outubro|novembro|dezembro"
    "|janu\u00e1r|ocak|\u015fubat|nisan|may\u0131s|haziran|temmuz|a\u011fustos|eyl\u00fcl|ekim|kas\u0131m|aral\u0131k|maart|mei|augustus"
)
_INDIC_MONTHS = (
    "जनवरी|फ़रवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|सितम्बर|अक्टूबर|अक्तूबर|नवंबर|नवम्बर|दिसंबर|दिसम्बर|जानेवारी|फेब्रुवारी|एप्रिल|मे|जुलै|ऑगस्ट|सप्टेंबर|ऑक्टोबर|नोव्हेंबर|डिसेंबर"
    "|জানুয়ারি|জানুয়ারি|ফেব্রুয়ারি|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর"
    "|ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்"
    "|జనవరి|ఫిబ్రవరి|మార్చి|ఏప్రిల్|మే|జూన్|జూలై|జులై|ఆగస్టు|సెప్టెంబర్|అక్టోబర్|నవంబర్|డిసెంబర్"
    "|જાન્યુઆરી|ફેબ્રુઆરી|માર્ચ|એપ્રિલ|મે|જૂન|જુલાઈ|ઓગસ્ટ|સપ્ટેમ્બર|ઓક્ટોબર|નવેમ્બર|ડિસેમ્બર"
    "|ಜನವರಿ|ಫೆಬ್ರವರಿ|ಮಾರ್ಚ್|ಏಪ್ರಿಲ್|ಮೇ|ಜೂನ್|ಜುಲೈ|ಆಗಸ್ಟ್|ಸೆಪ್ಟೆಂಬರ್|ಅಕ್ಟೋಬರ್|ನವೆಂಬರ್|ಡಿಸೆಂಬರ್"
    "|ജനുവരി|ഫെബ്രുവരി|മാർച്ച്|ഏപ്രിൽ|മേയ്|ജൂൺ|ജൂലൈ|ഓഗസ്റ്റ്|സെപ്റ്റംബർ|ഒക്ടോബർ|നവംബർ|ഡിസംബർ"
    "|ਜਨਵਰੀ|ਫਰਵਰੀ|ਮਾਰਚ|ਅਪ੍ਰੈਲ|ਮਈ|ਜੂਨ|ਜੁਲਾਈ|ਅਗਸਤ|ਸਤੰਬਰ|ਅਕਤੂਬਰ|ਨਵੰਬਰ|ਦਸੰਬਰ"
    "|ଜାନୁଆରୀ|ଫେବୃଆରୀ|ମାର୍ଚ୍ଚ|ଅପ୍ରେଲ|ମଇ|ଜୁନ|ଜୁଲାଇ|ଅଗଷ୍ଟ|ସେପ୍ଟେମ୍ବର|ଅକ୍ଟୋବର|ନଭେମ୍ବର|ଡିସେମ୍ବର"
)
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:1[89]|20)\d{2}"
_TH = r"(?:st|nd|rd|th)?"
_TIME = (
    r"(?:[T ,]{1,2}(?:at )?[0-2]?\d:[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?(?:Z|[ ]?[+-]\d{2}:?\d{2}(?!\d))?)?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"

_NUMERIC = Gate(
    re.compile(
        r"(?P<numeric>"
        rf"(?<![\d./-])(?<!\d,)(?:{_YEAR}(?P<s>[-/.])(?:{_MONTH}(?P=s){_DAY}|{_DAY}(?P=s){_MONTH})|{_DAY}(?P<t>[-/.]){_DAY}(?P=t)(?:{_YEAR}|\d{{2}})"
        rf"|{_DAY} ?/ ?{_DAY} ?/ ?{_YEAR}|{_YEAR}年{_MONTH}月{_DAY}日)(?![\d]|[-/.]\d){_TIME}"
        r")|(?P<compact>"
        r"(?<![\w./-])(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\.\d+)?)?(?:[+-]\d{4})?)?(?![\w./-])"
        r")|(?P<month>"
        rf"(?<![\d./,-])(?:0[1-9]|1[0-2]|[1-9])[/-]{_YEAR}(?![\d/]|[-.]\d)|(?<![\d./,-]){_YEAR}-(?:0[1-9]|1[0-2])(?![\d/-]|\.\d)"
        r")",
        re.IGNORECASE,
    ),
    numbers=True,
)
_NAMED = Gate(
    re.compile(
        rf"(?<![A-Za-z\d])(?:{_WEEKDAY}[,.]?[ \n]{{1,2}})?(?:"
        # 12 March 2023, 12th of March, 12-Mar-23
        rf"(?:the )?{_DAY}{_TH}(?:[ \n]{{0,2}}(?:of |de |\. ?)?[ ]?|-)(?:{_MONTHS}|{_OTHER_MONTHS})\b\.?(?:,?[ \n]{{0,2}}(?:de )?(?:{_YEAR}|'\d{{2}})|-\d{{2,4}}| \d{{2}}(?!\d|[ ]?[a-z%]))?"
        # March 12th, 2023; Mar 12; March 12 and 14, 2023
        rf"|(?:{_MONTHS})\b\.?[ \n-]{{1,2}}{_DAY}{_TH}(?![\d/]|\.\d|:\d|[ ]?(?:mg|mcg|ml|%|units?|g|kg)\b)(?:(?:,| to| and| &|[ ]?-)[ ]?(?:(?:{_MONTHS})\.? )?{_DAY}{_TH}(?!\d))?(?:[,.]?[ \n-]{{0,2}}(?:{_YEAR}|'\d{{2}}|\d{{2}}(?![\d/:.]|[ ]?[a-z%-])))?"
        # March 2023, Mar '23
        rf"|(?:early |mid[- ]|late )?(?:{_MONTHS})\b\.?(?:,?[ \n]{{0,2}}(?:of )?|-)(?:{_YEAR}|'\d{{2}})"
        rf"|(?:{_OTHER_MONTHS})(?: de)? {_YEAR})(?!\d){_TIME}",
        re.IGNORECASE,
    ),
    words=f"{_MONTHS}|{_OTHER_MONTHS}",
    reach=4,
    first=rf"(?:{_WEEKDAY}[,.]?[ \n]{{1,2}})?(?:(?:the )?{_DAY}{_TH}(?:[ \n-]{{0,2}}(?:of |de |\. ?)?[ ]?)(?:{_MONTHS}|{_OTHER_MONTHS})|(?:early |mid[- ]|late )?(?:{_MONTHS}|{_OTHER_MONTHS}))",
)
_INDIC = re.compile(
    rf"(?:{_DAY}[ ]?(?:{_INDIC_MONTHS})(?:[, ]{{0,2}}{_YEAR})?|(?:{_INDIC_MONTHS})[ ]?{_DAY}?(?:[, ]{{1,2}}{_YEAR})|{_YEAR}[ ](?:{_INDIC_MONTHS})[ ]{_DAY})(?!\d)"
)
_LONE_MONTH = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:(?:in|since|until|till|by|during|from|of|last|this|next|through|to|early|late|mid|every|before|after|for)[ -])"
        r"(?P<month>(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Apr|Aug|Sept?|Oct|Nov|Dec)\b(?!['-]?\w)"
        r"|(?<=last )(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)"
    ),
    words="in since until till by during from of last this next through to early late mid every before after for",
)
_DAY_MONTH = Gate(
    re.compile(
        rf"(?<![A-Za-z])(?:on|dated?|since|fell|called|collected|drawn|admit(?:ted)?|discharged|until|till|thru|through|by|from|due|dob|scheduled(?: for)?|seen|visit|of|d/c|adm(?:itted)?|labs?|before|after|last|to)[ :]{{1,2}}(?P<date>{_MONTH}/{_DAY}|(?:1[3-9]|2\d|3[01])/{_MONTH})(?![\d/%-]|\.\d|[ ]?(?:mg|ml|mm|strength|beats|hpf|power|pulses?|murmur|days?|weeks?|months?|hours?|hrs?|visits?|pain|systolic|vessels?|lobes?|cm|tablets?|tabs?|doses?)\b)",
        re.IGNORECASE,
    ),
    near=("/", 20),
    words="on date since fell called collected drawn admit discharged until till thru through by from due dob scheduled seen visit of d adm lab before after last to",
)
_OVER_89 = r"(?:9\d|1[01]\d|12[0-5])"
_AGE = Gate(
    re.compile(
        rf"(?<![\d./,-])(?P<after>{_OVER_89})(?=(?:[ ]?-?[ ]?(?:years?|yrs?|yr)\.?[ -]{{0,2}}(?:old|of age|and older)?\b(?!\s+(?:ago|after|later|history|follow|of (?:follow|smoking|exposure)|survival|earlier|prior|pack))|[ ]?-?y/?o\b|[ ]?y\.o\.?|[ ]?(?:year|yr)s?[- ]old|[ ]?/[ ]?(?:m|f|male|female)\b|[ ]?(?:yo|y)[ ]?/?[ ]?(?:m|f)?\b|[ ]?[MF]\b(?![ ]?[a-z/])|[ ]?वर्ष|[ ]?साल))"
        rf"|(?<![A-Za-z])(?:ages?d?|age/sex|age / sex|turn(?:ed|ing)|आयु|उम्र|வயது|বয়স|వయస్సు)(?:[ ]?(?:at \w+|is|of|at|in years|\(years\)|\(yrs?\)))?[ :=,-]{{1,3}}(?P<before>{_OVER_89})(?![\d%./]|[ ]?(?:mg|%|kg|months?|weeks?|days?|hours?))",
        re.IGNORECASE,
    ),
    words="age aged turned turning",
    numerals="19",
    indic=True,
)
_SPELT_AGE = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?:one )?hundred(?:[- ](?:and[- ])?(?:one|two|three|four|five|six|seven|eight|nine|ten))?)(?=[- ]years?[- ](?:old|of age))|(?<![A-Za-z])(?:nonagenarian|centenarian|supercentenarian)\b",
        re.IGNORECASE,
    ),
    words="ninety one hundred nonagenarian centenarian supercentenarian",
)
_BIRTH_YEAR = Gate(
    re.compile(
        rf"(?<![A-Za-z])(?:born(?: in)?|b\.|year of birth|birth year|yob|d\.?o\.?b\.?|date of birth)[ :=]{{1,3}}(?P<year>{_YEAR})(?![\d/-])",
        re.IGNORECASE,
    ),
    near=(r"\d", 24),
    words="born b year birth yob d dob date",
)


def find(prepared: Prepared) -> Iterator[Span]:
    """Find dates more exact than a year, and ages over 89.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    for match in _NUMERIC.finditer(prepared):
        if match["numeric"] is None:
            form = "compact" if match["compact"] else "month"
            yield Span(match.start(), match.end(), Category.DATE, LIKELY, f"date:{form}")
        elif not _version(text, match):
            yield Span(match.start(), match.end(), Category.DATE, CERTAIN, "date:numeric")
    for match in _NAMED.finditer(prepared):
        if not _verb(match.group()):
            yield Span(match.start(), match.end(), Category.DATE, CERTAIN, "date:named")
    if prepared.indic:
        for match in _INDIC.finditer(text):
            yield Span(match.start(), match.end(), Category.DATE, CERTAIN, "date:named")
    for match in _LONE_MONTH.finditer(prepared):
        start, end = match.span("month")
        # "last July" counts from the report's day, so it goes whole.
        whole = match.start() if match.group()[:5].lower() == "last " else start
        yield Span(whole, end, Category.DATE, LIKELY, "date:month")
    for match in _DAY_MONTH.finditer(prepared):
        yield Span(*match.span("date"), Category.DATE, UNVOUCHED, "date:yearless")
    yield from _ages(prepared)


_RELATIVE = re.compile(
    r",?[ ](?:last|this|next|past)[ ](?:week|month|year|night|spring|summer|fall|autumn|winter)(?:end)?\b"
)


def visits(text: str, places: Iterable[Span]) -> Iterator[Span]:
    """Find when somebody was at a place, told by counting from the report's day: "seen at Bayview Clinic last week"."""
    for place in places:
        if place.source == "place:organisation" and (match := _RELATIVE.match(text, place.end)):
            yield Span(
                match.start() + match.group().index(" ") + 1, match.end(), Category.DATE, UNVOUCHED, "date:visit"
            )


def _ages(prepared: Prepared) -> Iterator[Span]:
    for match in _AGE.finditer(prepared):
        yield Span(*match.span("after" if match["after"] else "before"), Category.AGE, CERTAIN, "age")
    for match in _SPELT_AGE.finditer(prepared):
        yield Span(match.start(), match.end(), Category.AGE, CERTAIN, "age:spelt")
    for match in _BIRTH_YEAR.finditer(prepared):
        yield Span(*match.span("year"), Category.DATE, LIKELY, "date:birth year")


def _version(text: str, match: "re.Match[str]") -> bool:
    value = match.group()
    return value.count(".") == 2 and text[max(0, match.start() - 1) : match.start()].lower() == "v"


def _verb(value: str) -> bool:
    """Tell "may 5" and "mar 3" in lower case apart from months; only dated words with digits reach here."""
    head = value.split()[0].strip(".,")
    return head == "may" and not re.search(r"(?:19|20)\d\d|(?:st|nd|rd|th)\b", value)
