"""Who an HL7 version 2 message is about: PID, NK1, GT1, IN1, PV1 and the persons named in orders and results."""

from medtui.phi import Category
from medtui.reports.dates import iso_date
from medtui.reports.identity import Identity
from medtui.reports.readers.hl7_message import Message

# Identifier type codes (HL7 table 0203) and what they are here; anything else is another identifier.
_TYPES = {
    "MR": Category.MRN, "PI": Category.MRN, "PT": Category.MRN, "MRN": Category.MRN, "U": Category.MRN,
    "SS": Category.SSN, "SSN": Category.SSN, "DL": Category.DRIVING_LICENCE, "PPN": Category.PASSPORT,
    "AN": Category.ACCOUNT, "VN": Category.ACCOUNT, "HC": Category.HEALTH_PLAN, "MB": Category.HEALTH_PLAN,
    "MA": Category.HEALTH_PLAN, "MC": Category.HEALTH_PLAN, "SN": Category.HEALTH_PLAN, "MD": Category.LICENSE,
    "LN": Category.LICENSE, "PRN": Category.LICENSE, "NPI": Category.LICENSE,
    "AADHAAR": Category.AADHAAR, "AADHAR": Category.AADHAAR, "UID": Category.AADHAAR, "ABHA": Category.ABHA,
    "PAN": Category.PAN, "TAX": Category.PAN, "VID": Category.VOTER_ID,
}  # fmt: skip
# Fields by segment (HL7 v2.5.1, chapters 3, 4, 6, 7, 9): names, persons, addresses, telephones, numbers.
_NAMES = {"PID": (5, 6, 9), "NK1": (2, 30), "GT1": (3, 4, 42), "IN1": (16,), "IN2": (7, 9, 22), "MRG": (7,)}
_PERSONS = {
    "PV1": (7, 8, 9, 17, 52), "OBR": (10, 16, 28), "ORC": (10, 11, 12, 19), "OBX": (16, 25),
    "TXA": (5, 9, 10, 11, 22, 23),
    "PD1": (4,), "EVN": (5,), "ROL": (4,), "PRT": (5,), "NTE": (5,), "DG1": (16,), "PR1": (8, 11, 12), "AIP": (3,),
}  # fmt: skip
_ADDRESSES = {
    "PID": (11,), "NK1": (4, 32), "GT1": (5,), "IN1": (5, 19), "ORC": (22, 24), "OBX": (24,), "PRT": (14,),
}  # fmt: skip
_PHONES = {
    "PID": (13, 14, 40), "NK1": (5, 6, 31), "GT1": (6, 7), "IN1": (7,), "ORC": (14, 23), "OBR": (17,), "PRT": (15,),
}  # fmt: skip
_NUMBERS: dict[str, tuple[tuple[int, Category], ...]] = {
    "PID": ((2, Category.MRN), (3, Category.MRN), (4, Category.MRN), (18, Category.ACCOUNT), (19, Category.SSN),
            (20, Category.DRIVING_LICENCE), (21, Category.MRN)),
    "PV1": ((19, Category.ACCOUNT), (50, Category.ACCOUNT)),
    "NK1": ((33, Category.OTHER_ID), (37, Category.SSN)),
    "GT1": ((2, Category.ACCOUNT), (12, Category.SSN)),
    "IN1": ((36, Category.HEALTH_PLAN), (49, Category.HEALTH_PLAN), (2, Category.OTHER_ID), (8, Category.HEALTH_PLAN)),
    "IN2": ((1, Category.OTHER_ID), (2, Category.SSN), (6, Category.HEALTH_PLAN), (8, Category.HEALTH_PLAN)),
    "OBR": ((2, Category.OTHER_ID), (3, Category.OTHER_ID), (18, Category.OTHER_ID), (20, Category.OTHER_ID)),
    "ORC": ((2, Category.OTHER_ID), (3, Category.OTHER_ID), (4, Category.OTHER_ID)),
    "TXA": ((12, Category.OTHER_ID), (14, Category.OTHER_ID), (15, Category.OTHER_ID)),
    "SPM": ((2, Category.OTHER_ID),),
    "MRG": ((1, Category.MRN), (3, Category.ACCOUNT)),
}  # fmt: skip
_DATES = {"PID": (7, 29), "PV1": (44, 45), "GT1": (8,), "IN1": (18,), "NK1": (16,)}
_PLACES = {"PV1": (3, 6), "ORC": (21,), "OBX": (23,), "GT1": (21,), "IN1": (4, 11), "NK1": (13,)}


def collect(message: Message, identity: Identity) -> None:
    """Add everything that a message's segments say about people, numbers and places.

    Args:
        message: the parsed message.
        identity: receives it; the patient's name, number and birth date become its key.
    """
    for segment in message.segments:
        name = segment[0]
        _names(message, segment, identity)
        for number, kind in _NUMBERS.get(name, ()):
            _number(message, segment, number, kind, identity)
        for number in _ADDRESSES.get(name, ()):
            _address(message, segment, number, identity)
        for number in _PHONES.get(name, ()):
            _phones(message, segment, number, identity)
        for number in _DATES.get(name, ()):
            value = message.component(message.field(segment, number), 1)
            if iso_date(value):
                identity.add_date(value)
        for number in _PLACES.get(name, ()):
            _place(message, segment, number, identity)
        if name == "PID":
            _patient(message, segment, identity)
        elif name.startswith("Z"):
            _own(message, segment, identity)


def _patient(message: Message, segment: list[str], identity: Identity) -> None:
    numbers = message.repeats(message.field(segment, 3)) or message.repeats(message.field(segment, 2))
    record = [part for part in numbers if message.parts(part, 5).upper() in ("MR", "MRN")] or numbers
    identity.mrn = identity.mrn or (message.parts(record[0], 1) if record else "")
    names = message.field(segment, 5)
    identity.name = identity.name or f"{message.component(names, 2)} {message.component(names, 1)}".strip()
    identity.birth = identity.birth or iso_date(message.component(message.field(segment, 7), 1)) or ""


def _own(message: Message, segment: list[str], identity: Identity) -> None:
    """Take addresses and numbers out of a segment that a site defined for itself: nobody knows what else they are."""
    for number in range(2, len(segment)):
        for part in message.repeats(message.field(segment, number)):
            value = message.parts(part, 1)
            if "@" in value:
                identity.add(Category.EMAIL, value)
            elif 4 < len(value) <= 40 and sum(character.isdigit() for character in value) > 2:
                identity.add(Category.OTHER_ID, value)


def _names(message: Message, segment: list[str], identity: Identity) -> None:
    for number in _NAMES.get(segment[0], ()):
        for part in message.repeats(message.field(segment, number)):
            given = [*message.parts(part, 2).split(), *message.parts(part, 3).split()]
            identity.add_name(given, message.parts(part, 1))
    for number in _PERSONS.get(segment[0], ()):
        for part in message.repeats(message.field(segment, number)):
            if message.parts(part, 2) or message.parts(part, 3):
                given = [*message.parts(part, 3).split(), *message.parts(part, 4).split()]
                identity.add_name(given, message.parts(part, 2))
                _add_number(identity, Category.LICENSE, message.parts(part, 1))
    if segment[0] == "OBR":
        # OBR-32 to 35 hold the person in subcomponents of the first component (NDL).
        for number in (32, 33, 34, 35):
            for part in message.repeats(message.field(segment, number)):
                words = message.joined(message.components(part)[0]).split()
                names = [word for word in words if word.isalpha()]
                if names:
                    identity.add_name(names[1:], names[0])


def _number(message: Message, segment: list[str], number: int, kind: Category, identity: Identity) -> None:
    for part in message.repeats(message.field(segment, number)):
        _add_number(identity, _TYPES.get(message.parts(part, 5).upper(), kind), message.parts(part, 1))


def _add_number(identity: Identity, kind: Category, value: str) -> None:
    # Short numbers such as "1" or "14" stand for anything in a text; scrubbing them would ruin it.
    if len(value) > 3 and any(character.isdigit() for character in value):
        identity.add(kind, value)


def _address(message: Message, segment: list[str], number: int, identity: Identity) -> None:
    for part in message.repeats(message.field(segment, number)):
        for component in (1, 2, 3, 5):
            value = message.parts(part, component)
            if len(value) > 2:
                identity.add(Category.LOCATION, value)


def _phones(message: Message, segment: list[str], number: int, identity: Identity) -> None:
    for part in message.repeats(message.field(segment, number)):
        kind = Category.FAX if message.parts(part, 3).upper() == "FX" else Category.PHONE
        if len(message.parts(part, 1)) > 4:
            identity.add(kind, message.parts(part, 1))
        area, local = message.parts(part, 6), message.parts(part, 7)
        if local:
            identity.add(kind, area + local)
            identity.add(kind, f"({area}) {local}" if area else local)
        if "@" in message.parts(part, 4):
            identity.add(Category.EMAIL, message.parts(part, 4))


def _place(message: Message, segment: list[str], number: int, identity: Identity) -> None:
    value = message.field(segment, number)
    facility = message.component(value, 4) if segment[0] == "PV1" else message.component(value, 1)
    if len(facility) > 4 and any(character.isalpha() for character in facility):
        identity.add(Category.LOCATION, facility)
