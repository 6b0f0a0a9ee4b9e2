"""Fictional patients and clinicians with the identifiers that a practice knows of them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from medtui.demo.practice import identifiers, names

_RARE = 13
# Reports lie between these days; ages are told on the day of the report.
FIRST_DAY, LAST_DAY = date(2021, 2, 1), date(2025, 11, 28)


@dataclass(frozen=True)
class Address:
    """A postal address; `state` is not an identifier under Safe Harbor, the other parts are."""

    street: str
    town: str
    state: str
    code: str


@dataclass(frozen=True)
class Name:
    """A person's name in parts; `middle` may be empty."""

    given: str
    middle: str
    family: str

    @property
    def full(self) -> str:
        """The name in reading order."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)


@dataclass(frozen=True)
class Patient:
    """A fictional patient; `numbers` holds one value for each category of identity number."""

    country: str
    sex: str
    name: Name
    born: date
    address: Address
    phone: str
    email: str
    mrn: str
    relative: Name
    relation: str
    relative_phone: str
    numbers: dict[str, str] = field(repr=False)

    def age(self, day: date) -> int:
        """Return the age in whole years on `day`."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))


def name(random: Random, country: str, sex: str) -> Name:
    """Return a fictional name; some have a middle name or initial."""
    given, family = random.choice(names.GIVEN[country, sex]), random.choice(names.FAMILY[country])
    # Two short names are common together and could be a known person's.
    while len(given) + len(family) < _RARE:
        given, family = random.choice(names.GIVEN[country, sex]), random.choice(names.FAMILY[country])
    middle = ""
    if country == "US" and random.random() < 0.5:
        middle = random.choice((f"{random.choice('ABCDEFGHJKLMNPRSTW')}.", random.choice(names.GIVEN[country, sex])))
    elif country == "IN" and random.random() < 0.4:
        middle = random.choice((f"{random.choice('ABCDGHJKLMNPRSTV')}.", random.choice(names.GIVEN["IN", "M"])))
    return Name(given, middle if middle != given else "", family)


def address(random: Random, country: str) -> tuple[Address, str]:
    """Return an address and its two-letter state code."""
    if country == "US":
        town, state, prefix = random.choice(names.US_TOWNS)
        street = f"{random.randint(3, 9890)} {random.choice(names.US_STREETS)} {random.choice(names.US_STREET_KINDS)}"
        if random.random() < 0.4:
            street += random.choice(
                (f", Apt {random.randint(1, 48)}", f" Unit {random.choice('ABCDEF')}", f", #{random.randint(2, 90)}")
            )
        code = prefix + identifiers.digits(random, 2)
        return Address(
            street, town, state, code if random.random() < 0.8 else f"{code}-{identifiers.digits(random, 4)}"
        ), state
    town, state_name, state, prefix = random.choice(names.IN_TOWNS)
    house = random.choice(("Flat {}", "H.No. {}", "No. {}", "{}/A,")).format(random.randint(2, 640))
    parts = [
        f"{house} {random.choice(names.IN_BUILDINGS)}",
        random.choice(names.IN_ROADS),
        random.choice(names.IN_LOCALITIES),
    ]
    code = prefix + identifiers.digits(random, 2)
    code = f"{code[:3]} {code[3:]}" if random.random() < 0.3 else code
    return Address(", ".join(parts), town, state_name, code), state


def _email(random: Random, who: Name) -> str:
    given, family = (
        part.lower().replace("'", "").replace(" ", "").replace(".", "") for part in (who.given, who.family)
    )
    local = random.choice(
        (f"{given}.{family}", f"{given[0]}{family}", f"{family}_{given}", f"{given}{random.randint(1, 99)}")
    )
    return f"{local}@{random.choice(('mail.example.com', 'example.net', 'inbox.example.org', 'post.example'))}"


# The shapes of numbers that have no check digit: `#` a digit, `@` a letter.
_SHAPES = {
    "ACCOUNT": "AC########|##########|INV-######",
    "DEVICE": "PJN######|SN @@#######|@@@-#####-@",
    "URL": "https://portal.example.org/patients/########|http://records.example.net/view?id=#######",
    "IP": "192.0.2.1##|198.51.100.1#|203.0.113.##|2001:db8::1##:2###",
    "BIOMETRIC": "FP-######|IRIS#####@|VP-@@-####",
    "PHOTO": "IMG_####.jpg|DSC#####.JPG|face_#####.png",
    "OTHER_ID": "@@-######|TRIAL-#####|EMP#####",
}
_US_SHAPES = {"HEALTH_PLAN": "@@@#########|H####-#######", "LICENSE": "@########", "PASSPORT": "@########"}
_IN_SHAPES = {"HEALTH_PLAN": "PMJAY-#########|POL/####/#######", "VOTER_ID": "@@@#######", "PASSPORT": "@#######"}


def _numbers(random: Random, country: str, who: Name, state: str) -> dict[str, str]:
    """Draw one value for each kind of number; keys are names of `medtui.phi.Category`."""
    shapes = _SHAPES | (_US_SHAPES if country == "US" else _IN_SHAPES)
    numbers = {kind: identifiers.shaped(random, shape) for kind, shape in shapes.items()}
    given = who.given.lower()
    if random.random() < 0.3:
        numbers["URL"] = f"www.health.example.com/u/{given}{random.randint(1, 99)}"
    if "::" not in numbers["IP"]:
        # The last part of the address stays below 256.
        numbers["IP"] = f"{numbers['IP'].rsplit('.', 1)[0]}.{random.randint(1, 254)}"
    if country == "US":
        return numbers | {
            "SSN": identifiers.ssn(random),
            "VEHICLE": identifiers.vin(random),
            "FAX": identifiers.us_phone(random),
        }
    aadhaar = identifiers.aadhaar(random)
    year = random.randint(1996, 2022)
    return numbers | {
        "AADHAAR": random.choice((" ", " ", "", "-")).join((aadhaar[:4], aadhaar[4:8], aadhaar[8:])),
        "ABHA": identifiers.abha(random),
        "PAN": identifiers.pan(random, who.family.replace("'", "")),
        "DRIVING_LICENCE": f"{state}{random.randint(1, 49):02d} {year}{identifiers.digits(random, 7)}",
        "VEHICLE": identifiers.vehicle_registration(random, state),
        "UPI": f"{given}{identifiers.digits(random, 2)}@{random.choice(('okexample', 'ybltest', 'demobank'))}",
        "FAX": identifiers.indian_landline(random),
    }


def patient(random: Random, country: str, mrn: str) -> Patient:
    """Return a fictional patient of a practice in `country` ("US" or "IN") with record number `mrn`."""
    sex = random.choice("FM")
    who = name(random, country, sex)
    # One in ten is over 89, so that ages above the Safe Harbor limit occur.
    years = random.randint(91, 101) if random.random() < 0.1 else random.randint(19, 86)
    born = LAST_DAY - timedelta(days=round(years * 365.25) + random.randint(5, 350))
    home, state = address(random, country)
    relation = random.choice(("daughter", "son", "wife" if sex == "M" else "husband", "brother", "sister"))
    relative_sex = "F" if relation in ("daughter", "wife", "sister") else "M"
    relative = Name(random.choice(names.GIVEN[country, relative_sex]), "", who.family)
    phone = identifiers.us_phone if country == "US" else identifiers.indian_phone
    return Patient(
        country,
        sex,
        who,
        born,
        home,
        phone(random),
        _email(random, who),
        mrn,
        relative,
        relation,
        phone(random),
        _numbers(random, country, who, state),
    )


@dataclass(frozen=True)
class Clinician:
    """Somebody who writes, signs or asks for a report."""

    name: Name
    degree: str
    licence: str


def clinician(random: Random, country: str) -> Clinician:
    """Return a fictional clinician with a licence number."""
    degree = (
        random.choice(("MD", "DO", "MD, PhD", "FACR"))
        if country == "US"
        else random.choice(("MBBS, MD", "MD, DNB", "DMRD", "MBBS"))
    )
    shapes = "NPI ##########|Lic. @@######" if country == "US" else "Reg. No. #####|MCI-#####|KMC ######"
    licence = identifiers.shaped(random, shapes)
    return Clinician(name(random, country, random.choice("FM")), degree, licence)
