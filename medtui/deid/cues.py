"""Values that a label announces: "MRN: ...", "Policy no. ...", "Patient Name: ...", in English and Indian scripts."""

import re
from collections.abc import Iterator

from medtui.deid.gates import Gate
from medtui.deid.prepared import Prepared
from medtui.deid.spans import CERTAIN, LIKELY, Span
from medtui.phi import Category

_NUMBER_WORDS = r"(?:no|num|number|id|identifier|nbr|nr|code|ref|reference)"

# What the label says, and the kind of number that follows it.
_LABELS: tuple[tuple[str, Category, str], ...] = (
    ("mrn", Category.MRN, r"m\.?r\.?n?\.?[ ]?(?:no|num|number|#)|mrn|mr\.?[ ]?#|uhid|crn|emr|emrn|ehr|empi|hrn|urn|opd|ipd|(?:op|ip|reg|registration|cr)[ .]{0,2}(?:no|number)|med(?:ical)?\.?[ ]rec(?:ord)?s?|hospital[ ](?:no|number|id|#)|(?:patient|pt|chart|record|case|file|folder|unit|hosp|visit|encounter|admission|episode|account[ ]ref|study|accession|specimen|sample|lab|order|requisition|report|exam|requistion|barcode|slide|block|surgical|path(?:ology)?|biopsy|site|client|subject|participant|member[ ]ref|inpatient|outpatient|mlc|token|receipt|bill|invoice|tracking|confirmation)[ ']?s?[ ]?(?:id|no\b|number|num|nbr|ref|reference|identifier|code|#)|acc(?:ession)?[ ]?#|chart|accession|encounter"),
    ("plan", Category.HEALTH_PLAN, r"(?:health[ ]?(?:care)?[ ]?)?(?:insurance|insurer|ins|payer|payor|policy|plan|subscriber|member|beneficiary|group|hmo|ppo|medicare|medicaid|mediclaim|tpa|cghs|echs|esic?|pmjay|ab[ -]?pmjay|health[ ]?(?:plan|id|card|scheme)|claim|pre-?auth(?:ori[sz]ation)?|authori[sz]ation|auth|mbi|hicn|referral|rx[ ]?(?:bin|grp|pcn))(?:[ ](?:card|policy|plan|company|member|subscriber|beneficiary|claim|hmo|provider|group|holder|coverage))*"),
    ("account", Category.ACCOUNT, r"(?:bank[ ]|billing[ ]|patient[ ]|guarantor[ ]|financial[ ]|credit[ ]card[ ]|debit[ ]card[ ]|savings[ ])?(?:account|acct|a/c|iban|ifsc|routing|card|aba)"),
    ("ssn", Category.SSN, r"s\.?s\.?n\.?|soc(?:ial)?\.?[ ]sec(?:urity)?\.?|ss#|itin|national insurance|nino"),
    ("license", Category.LICENSE, r"(?:medical[ ]|state[ ]|professional[ ]|practitioner[ ]|nursing[ ]|pharmacy[ ])?(?:licen[cs]e|lic|certificate|cert|dea|npi|registration|regn?|council|mci|nmc|smc|gmc|nmc|upin|permit|licensure|board)\b(?:[ ]cert(?:ificate)?)?|medical council(?: of india)?"),
    ("driving", Category.DRIVING_LICENCE, r"driv(?:er'?s?|ing)[ ]?(?:licen[cs]e|lic)|dl|d\.l\.|ड्राइविंग लाइसेंस"),
    ("passport", Category.PASSPORT, r"passport|पासपोर्ट"),
    ("voter", Category.VOTER_ID, r"voter(?:'s)?(?:[ ]?(?:id|card|identity))?|epic|मतदाता पहचान पत्र"),
    ("pan", Category.PAN, r"pan(?:[ ]card)?|पैन"),
    ("aadhaar", Category.AADHAAR, r"aadha+r|adhaar|adhar|uidai|uid|आधार|আধার|ஆதார்|ఆధార్|આધાર|ಆಧಾರ್|ആധാർ|ਆਧਾਰ|ଆଧାର"),
    ("abha", Category.ABHA, r"abha|ayushman[ ]bharat(?:[ ]health[ ]account)?|health[ ]account|आभा|phr"),
    ("vehicle", Category.VEHICLE, r"(?:vehicle|car|auto|plate|licen[cs]e[ ]plate|tag|vin|registration[ ]plate|chassis|engine|rc)"),
    ("serial", Category.DEVICE, r"s/n|sn|serial(?:[ ]?(?:no|number|num|#))?|udi|imei"),
    ("device", Category.DEVICE, r"(?:device|implant|pacemaker|icd|pump|cpap|ventilator|equipment|lens|prosthesis|lead|generator|stent|asset|model|glucometer|cgm|transmitter|hearing[ ]aid|monitor|scanner)"),
    ("other", Category.OTHER_ID, r"(?:employee|emp|student|staff|military|service|user|login|username|ticket|file|ration[ ]card|national|citizen|nid|govt|government|tax|gstin?|gst|abn|ein|tin|job|badge|pin|consent|trial|id|ident|roll|case|ref|reference|identifier|राशन कार्ड|biometric|fingerprint|template|face[ ]?id|photo|image|img|voice[ ]?print|iris|retina[l]?[ ]scan|certificate|उहिद|cpf|nid|জাতীয় পরিচয়পত্র|bsn|tckn|steuer-?id|codice fiscale|my number|curp|nif|nie|dni|nhs)"),
)  # fmt: skip
_BETWEEN = rf"(?:[ ]?(?:{_NUMBER_WORDS}\b\.?|#|is|was|are|card|नंबर|नम्बर|संख्या|आईडी|নম্বর|எண்|సంఖ్య|નંબર|ಸಂಖ್ಯೆ|നമ്പർ|ਨੰਬਰ|ନମ୍ବର|s\b|\([A-Za-z ]{{2,16}}\)|[:=#.\-|]))"
_VALUE = r"(?P<value>(?:(?-i:[A-Z]{1,4})[ ](?=[A-Z]{0,4}\d{3}))?[A-Za-z]{0,8}[-/]?(?:[A-Za-z0-9]{1,12}[-/._]){0,5}[A-Za-z]{0,6}\d[A-Za-z0-9]*(?:[-/._][A-Za-z0-9]+|[ ]\d{2,}(?![ ]?(?:mg|ml|%|years?|yrs?|y/?o|cm|mm|kg)\b)){0,6})"
_LABELLED = Gate(
    re.compile(
        r"(?<![\w-])(?:"
        + "|".join(f"(?P<{name}>{form})" for name, _, form in _LABELS)
        + rf")(?P<between>{_BETWEEN}{{0,5}}(?:[ \t]{{2,40}}[:=])?)(?P<gap>[ \t#]{{0,4}})(?={_VALUE}(?![A-Za-z0-9]))",
        re.IGNORECASE,
    ),
    words=re.sub(r"\bof\b", "", "|".join(form for _, _, form in _LABELS)) + " mrn mr ssn med soc nid",
    near=(r"\d", 64),
    indic=True,
    first="(?:" + "|".join(form for _, _, form in _LABELS) + ")",
)
_KINDS = {name: category for name, category, _ in _LABELS}
# Labels that are also ordinary words need a sign or "number" between them and the value.
_WEAK = {"account", "license", "vehicle", "device", "other", "plan", "driving", "pan"}
_SIGN = re.compile(rf"(?:{_NUMBER_WORDS}\b|[#:=]|is\b|was\b|नंबर|नम्बर|संख्या|आईडी|নম্বর)", re.IGNORECASE)
_MEASURE_AFTER = re.compile(
    r"[ ]?(?:%|mg|mcg|ml|mm|cm|kg|g/|g\b|/|mmol|units?|years?|yrs?|y/?o|months?|weeks?|days?|hours?|hrs?|times|views?|of\b|bpm|x\b|mhz|tesla|t\b|french|fr\b|gauge|joules?|j\b|v\b|ma\b|ms\b|lobes?)",
    re.IGNORECASE,
)
_PLAIN_CODE = re.compile(
    r"(?:[A-TV-Z]\d{2}(?:\.\w{1,4})?|\d{1,3}(?:\.\d+)?|(?:19|20)\d{2}|\d{1,2}[/-]\d{1,2}(?:[/-]\d{2,4})?)\Z"
)


_COUNCIL = Gate(
    re.compile(
        r"(?<![A-Za-z])(?:[A-Z]{1,3}MC|MCI|HPCSA|AHPRA|PMDC|BMDC)(?:[ ]?(?:[Rr]egn?|[Nn]o|REG|NO)\b\.?){0,2}[ :#.-]{0,3}(?P<value>[A-Z]{0,3}-?\d{4,8})(?!\d)"
    ),
    words="MCI HPCSA AHPRA PMDC BMDC *mc",
)


def find_numbers(prepared: Prepared) -> Iterator[Span]:
    """Find numbers that follow a label.

    Args:
        prepared: the text in its normal form.
    """
    text = prepared.text
    for match in _COUNCIL.finditer(prepared):
        yield Span(*match.span("value"), Category.LICENSE, LIKELY, "label:council")
    for match in _LABELLED.finditer(prepared):
        name = next(name for name, _, _ in _LABELS if match[name] is not None)
        value = match["value"]
        if (
            name in _WEAK
            and not _SIGN.search(match["between"] + match["gap"])
            and match[name].lower() not in {"id", "identifier"}
        ):
            continue
        least = 3 if name in {"mrn", "ssn", "aadhaar", "abha", "passport", "voter"} else 4
        if sum(map(str.isalnum, value)) < least or (_PLAIN_CODE.match(value) and name not in {"mrn"}):
            continue
        if _PLAIN_CODE.match(value) and "/" in value:
            continue
        if _MEASURE_AFTER.match(text, match.end("value")) and len(value) < 6:
            continue
        category = _KINDS[name]
        if name == "other":
            label = match[name].lower()
            if label.startswith(("photo", "image", "img")):
                category = Category.PHOTO
            elif label.startswith(("biom", "finger", "voice", "iris", "retina", "face", "template")):
                category = Category.BIOMETRIC
        if name == "mrn" and len(re.sub(r"\D", "", value)) < 3:
            continue
        yield Span(
            match.start("value"),
            match.end("value"),
            category,
            CERTAIN if name not in _WEAK else LIKELY,
            f"label:{name}",
        )
