"""Numbers and codes that have a form of their own, whatever stands around them.

A failed checksum lowers the certainty of a number; it never lets it through: a mistyped number still identifies.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from medtui.deid.checksums import luhn_holds, verhoeff_holds
from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, UNVOUCHED, Span
from medtui.phi import Category

_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_INDIAN_STATE = "(?:AN|AP|AR|AS|BR|CG|CH|DD|DL|DN|GA|GJ|HP|HR|JH|JK|KA|KL|LA|LD|MH|ML|MN|MP|MZ|NL|OD|OR|PB|PY|RJ|SK|TN|TR|TS|UA|UK|UP|WB)"

# name, category, certainty, form. The first that fits wins, so the more telling form stands first.
_FORMS: tuple[tuple[str, Category, float, str], ...] = (
    ("uuid", Category.OTHER_ID, CERTAIN, r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"),
    ("mac", Category.DEVICE, CERTAIN, r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"),
    ("ipv4", Category.IP, CERTAIN, rf"{_OCTET}(?:\.{_OCTET}){{3}}(?:/\d{{1,2}})?(?!\.?\d)"),
    ("ipv6",
        Category.IP,
        CERTAIN,
        rf"(?:[0-9A-Fa-f]{{1,4}}:){{7}}[0-9A-Fa-f]{{1,4}}|(?:[0-9A-Fa-f]{{1,4}}:){{6}}{_OCTET}(?:\.{_OCTET}){{3}}",
    ),
    (
        "file",
        Category.PHOTO,
        CERTAIN,
        r"(?=[\w-]{0,80}\d)[A-Za-z0-9][\w-]{0,80}\.(?:[Jj][Pp][Ee]?[Gg]|[Pp][Nn][Gg]|gif|bmp|[Tt][Ii][Ff][Ff]?|HEIC|heic|dcm|DCM|mp4|MP4|mov|MOV|avi|wav|mp3)",
    ),
    ("card", Category.ACCOUNT, CERTAIN, r"[3-6]\d{3}[ -]\d{4}[ -]\d{4}[ -]\d{4}|3[47]\d{2}[ -]\d{6}[ -]\d{5}"),
    ("iban", Category.ACCOUNT, CERTAIN, r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?"),
    ("abha", Category.ABHA, CERTAIN, r"\d{2}[ -]\d{4}[ -]\d{4}[ -]\d{4}|\d{4}[ -]\d{4}[ -]\d{4}[ -]\d{2}"),
    ("aadhaar", Category.AADHAAR, CERTAIN, r"[2-9]\d{3}[ -]\d{4}[ -]\d{4}(?![ -]?\d)|[xX*]{4}[ -]?[xX*]{4}[ -]?\d{4}"),
    ("ssn", Category.SSN, CERTAIN, r"\d{3}-\d{2}-\d{4}|\d{3}\.\d{2}\.\d{4}|(?:\d{3}|[xX*]{3})[- ](?:\d{2}|[xX*]{2})[- ]\d{4}(?![ -]\d)"),
    ("gstin", Category.OTHER_ID, CERTAIN, r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z][Zz][0-9A-Z]|\d{2}[A-Z]{6}\d{4}[A-Z]{2,3}[0-9A-Z]?"),
    ("licence_in", Category.DRIVING_LICENCE, CERTAIN, rf"{_INDIAN_STATE}[ -]?\d{{2}}[ -]?(?:19|20)\d{{2}}[ -]?\d{{7}}|[A-Z]{{2}}\d{{13}}|[A-Z]{{2}}-?\d{{2}}[ -](?:19|20)\d{{2}}-?\d{{7}}"),
    ("vehicle_in", Category.VEHICLE, CERTAIN, rf"{_INDIAN_STATE}[ -]?\d{{1,2}}[ -]?[A-Z]{{1,3}}[ -]?\d{{4}}|\d{{2}}[ -]?BH[ -]?\d{{4}}[ -]?[A-Z]{{1,2}}"),
    ("pan", Category.PAN, CERTAIN, r"[A-Z]{5}\d{4}[A-Z]|[a-z]{5}\d{4}[a-z]"),
    ("voter", Category.VOTER_ID, CERTAIN, r"[A-Z]{3}/?\d{7}|[a-z]{3}\d{7}|[A-Z]{2}/\d{2,3}/\d{2,3}/\d{5,7}"),
    ("ifsc", Category.ACCOUNT, CERTAIN, r"[A-Z]{4}0[A-Z0-9]{6}"),
    ("mbi", Category.HEALTH_PLAN, CERTAIN, r"[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}"),
    ("dea", Category.LICENSE, CERTAIN, r"[A-HJ-NPR-UX][A-Z9]\d{7}"),
    ("vin", Category.VEHICLE, CERTAIN, r"(?=[A-HJ-NPR-Z]{0,17}\d)(?=\d{0,17}[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{13}\d{4}"),
    ("passport", Category.PASSPORT, LIKELY, r"[A-Z] ?\d{7}|[A-Z]{2}\d{6,7}"),
    ("nino", Category.SSN, LIKELY, r"[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]"),
    ("nhs", Category.HEALTH_PLAN, LIKELY, r"\d{3} \d{3} \d{4}(?! ?\d)"),
    ("aadhaar_run", Category.AADHAAR, LIKELY, r"[2-9]\d{11}"),
    ("abha_run", Category.ABHA, LIKELY, r"\d{14}"),
    ("coded", Category.OTHER_ID, UNVOUCHED, r"(?=[A-Za-z0-9]{0,12}(?:[-_/]?[A-Za-z0-9]){0,48}[-_/]?\d)[A-Z0-9]{1,8}(?:[-_/][A-Z0-9]{1,12}){1,4}(?![./]?\d)"),
    ("mixed", Category.OTHER_ID, UNVOUCHED, r"[A-Z]{1,6}\d{5,12}[A-Z]{0,3}|\d{4,12}[A-Z]{1,4}\d{0,6}|[A-Z]{1,4}\d{2,6}[A-Z]{1,4}\d{2,8}"),
    ("fiscal", Category.OTHER_ID, CERTAIN, r"[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]"),
    ("grouped", Category.OTHER_ID, LIKELY, r"\d{4}[ :]\d{4}[ :]\d{4}|\d{4} \d{3} \d{3}(?! ?\d)"),
    ("dotted", Category.OTHER_ID, LIKELY, r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"),
    ("long", Category.OTHER_ID, LIKELY, r"\d{7,}"),
)  # fmt: skip

# RFC 4291, section 2.2: groups of zeros left out, IPv4 at the end, a zone or the length of a prefix behind.
_SHORTENED = re.compile(
    rf"(?<![\w.:])(?=[0-9A-Fa-f:.]*\d)(?:[0-9A-Fa-f]{{1,4}}(?::[0-9A-Fa-f]{{1,4}}){{0,6}})?::"
    rf"(?:[0-9A-Fa-f]{{1,4}}:){{0,6}}(?:{_OCTET}(?:\.{_OCTET}){{3}}|[0-9A-Fa-f]{{1,4}})?(?:%\w+)?(?:/\d{{1,4}})?(?![\w:])"
)
_ALL = Gate(
    re.compile(
        r"(?<![A-Za-z0-9])(?<![-.][0-9])(?:"
        + "|".join(f"(?P<{name}>{form})" for name, _, _, form in _FORMS)
        + r")(?![A-Za-z0-9])"
    ),
    numbers=True,
)
_KINDS = {name: (category, score) for name, category, score, _ in _FORMS}
_CHECKS: dict[str, Callable[[str], bool]] = {
    "card": luhn_holds,
    "aadhaar": verhoeff_holds,
    "aadhaar_run": verhoeff_holds,
}

# Clinical catalogues' codes and counts are no one's number.
_LABEL_WORDS = 4
_CATALOGUE_WORD = re.compile(
    r"[Ii][Cc][Dd]|[Cc][Pp][Tt]|[Ss][Nn][Oo]|[Ss][Cc][Tt]|[Ll][Oo][Ii]|[Rr][Xx]|[Nn][Dd][Cc]|[Hh][Cc][Pp]|[Uu][Nn][Ii]|[Pp][Mm]|[Dd][Oo][Ii]"
    r"|[Nn][Cc][Tt]|[Ii][Ss][Rr]|[Aa][Tt][Cc]|[Mm][Ee][Ss]|[Uu][Mm][Ll]|[Cc][Uu][Ii]|[Oo][Mm][Ii]|[Cc][Aa][Ss]|[Ll][Oo][Tt]|[Bb][Aa][Tt]"
)
_CATALOGUE = re.compile(
    r"(?i:icd|cpt|snomed|sctid|loinc|rxnorm|rxcui|ndc|hcpcs|unii|pmid|pmcid|doi|nct|isrctn|atc|mesh|umls|cui|omim|cas|lot|batch)"
    r"(?:[- ]?(?i:10|9|11|ct|cm|pcs|us))*(?:[- ](?i:code|no|number|id))?s?[\s:#.=(-]*\Z"
)
_DIAGNOSIS_CODE = re.compile(r"[A-TV-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?\Z")
_QUANTITY_AFTER = re.compile(
    r"\s?(?:%|/|\u00b5|\u03bc|mcg\b|mg\b|ug\b|ng\b|pg\b|g\b|kg\b|m?l\b|mmol|meq|m?iu\b|units?\b|cells?\b|copies|cfu|ppm|x\s?10|k\b|per\b|years?\b|steps\b|(?:rs|inr|usd)\b)",
    re.IGNORECASE,
)
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})+")


def find(prepared: Prepared) -> Iterator[Span]:
    """Find numbers and codes by their form.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    if "::" in text:
        for match in _SHORTENED.finditer(text):
            yield Span(match.start(), match.end(), Category.IP, CERTAIN, "form:ipv6")
    for match in _ALL.finditer(prepared):
        name = str(match.lastgroup)
        value = match.group()
        if not any(map(str.isdigit, value)) or _harmless(name, value, prepared, match):
            continue
        category, score = _KINDS[name]
        if (check := _CHECKS.get(name)) is not None:
            score = CERTAIN if check(value) else LIKELY
        yield Span(match.start(), match.end(), category, score, f"form:{name}")


def _harmless(name: str, value: str, prepared: Prepared, match: "re.Match[str]") -> bool:
    if name not in {"coded", "mixed", "long", "passport", "dotted"}:
        return False
    text = prepared.text
    at = bisect_left(prepared.starts, match.start())
    before = "".join(prepared.written[max(0, at - _LABEL_WORDS) : at])
    if _CATALOGUE_WORD.search(before) and _CATALOGUE.search(text, max(0, match.start() - 24), match.start()):
        return True
    if name == "long":
        return value.endswith("000") and bool(_QUANTITY_AFTER.match(text, match.end()))
    if name == "coded":
        return _clinical_code(value)
    if name == "mixed":
        return bool(_DIAGNOSIS_CODE.match(value)) or bool(_UNIT_TAIL.search(value))
    return False


_UNIT_TAIL = re.compile(r"\d(?:MG|ML|MCG|KG|CM|MM|IU|MHZ|HZ|KV|MAS|X)\Z")
# Two blood pressures ("90/60-100/70"), fluids in and out ("1200/900").
_VALUES = re.compile(r"\d{2,3}/\d{2,3}-\d{2,3}/\d{2,3}|[1-9]\d{1,3}/[1-9]\d{1,3}")
_YEARS = re.compile(r"(?:(?:19|20)\d{2}[-/]?){2,}")
_DIGITS = re.compile(r"\d")


def _clinical_code(value: str) -> bool:
    """Tell dates, ranges, levels ("T12-L1", "SARS-COV-2", "CA-125") from record numbers ("SJ-998877")."""
    if _YEARS.fullmatch(value) or _VALUES.fullmatch(value):
        return True
    digits = len(_DIGITS.findall(value))
    longest = max(len(run) for run in re.findall(r"\d+", value))
    if longest >= 5 and re.fullmatch(r"\d+-\d+", value):
        first, second = value.split("-")
        return first.endswith("00") and second.endswith("00") and int(first) < int(second)
    if digits < 4 or longest < 3:
        return True
    if re.fullmatch(r"\d+(?:[-/]\d+)+", value):
        return digits < 7
    return longest < 4 and digits < 5
