"""Made-up numbers, codes and addresses: the shape of real ones, in ranges that belong to nobody.

| what | made up as | why it belongs to nobody |
|---|---|---|
| telephone, fax (North America) | exchange 555, line 0100 to 0199 | set aside for fiction (ATIS-0300115) |
| telephone, fax (elsewhere) | the number's first digits are 00 | no number or country code begins so |
| e-mail, web address | example.com | set aside (RFC 2606) |
| IP address | 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24; 2001:db8::/32 | documentation (RFC 5737, RFC 3849) |
| US social security number | area 000 | never given out (SSA) |
| UK national insurance number | letters ZZ | never given out (HMRC) |
| Aadhaar | first digit 0, wrong check digit | begins with 2 to 9; Verhoeff digit |
| ABHA | first digits 00, no check kept | begins with 1 to 9 |
| PAN | fourth letter Z | no kind of holder has it |
| voter id, Indian licence and vehicle | letters ZZ or ZZZ | no state or office has them |
| payment card, IBAN | wrong check digits | Luhn digit; IBAN check digits 00 |
| all others | random digits and letters of the same shape | checked against every known number of the practice |
"""

import re
from collections.abc import Callable

from medtui.deid.checksums import luhn_holds, verhoeff_holds
from medtui.deid.random_stream import RandomStream
from medtui.phi import Category

_NORTH_AMERICAN = re.compile(r"\D*(?:1\D{0,2})?\D?[2-9]\d{2}\D{0,3}[2-9]\d{2}\D{0,2}\d{4}\D*\Z")
_EXTENSION = re.compile(r"(?i)[ ,]{0,2}(?:extension|extn|ext|x)[. :]{0,2}\d{1,6}\Z")
_INDIAN = re.compile(r"\D*(?:\+?91\D{0,2}|0)?[6-9]\d{4}\D{0,2}\d{5}\D*\Z")
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_CARD_DIGITS = range(13, 20)
_IBAN = re.compile(r"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,}")
_DOCUMENTATION = ("192.0.2", "198.51.100", "203.0.113")


def made_up(category: Category, value: str, stream: RandomStream) -> str:
    """Make up a value.

    Args:
        category: its kind, any but names, places, dates and ages.
        value: the real one; its length and punctuation are kept, none of its letters and digits.
        stream: where random numbers come from.
    """
    maker = _MAKERS.get(category)
    return maker(value, stream) if maker else shaped(value, stream)


def shaped(value: str, stream: RandomStream, head: str = "") -> str:
    """Draw each letter and digit anew; the first ones are given."""
    given = iter(head)
    result = []
    for character in value:
        if character.isdigit():
            result.append(next(given, None) or str(stream.below(10)))
        elif character.isalpha() and character not in "xX":
            letter = next(given, None) or stream.choice(_LETTERS)
            result.append(letter.lower() if character.islower() else letter)
        else:
            result.append(character)
    return "".join(result)


def _digits(value: str) -> str:
    return "".join(character for character in value if character.isdigit())


def _phone(value: str, stream: RandomStream) -> str:
    extension = _EXTENSION.search(value)
    number = value[: extension.start()] if extension else value
    tail = re.sub(r"\d", lambda _: stream.digits(1), extension.group()) if extension else ""
    count = len(_digits(number))
    if count == 7:
        return shaped(number, stream, "55501") + tail
    if count in {10, 11} and _NORTH_AMERICAN.match(number) and not _INDIAN.match(number):
        area = f"{2 + stream.below(8)}{stream.digits(2)}"
        return shaped(number, stream, ("1" if count == 11 else "") + area + "55501") + tail
    return shaped(number, stream, "00") + tail


def _email(value: str, stream: RandomStream) -> str:
    del value
    return f"person{stream.digits(6)}@example.com"


def _upi(value: str, stream: RandomStream) -> str:
    del value
    return f"person{stream.digits(6)}@example"


def _url(value: str, stream: RandomStream) -> str:
    scheme = re.match(r"(?:https?://|www\.)", value, re.IGNORECASE)
    return f"{scheme.group().lower() if scheme else ''}example.com/{stream.digits(6)}"


def _ip(value: str, stream: RandomStream) -> str:
    if "." not in value:
        return "2001:db8::" + ":".join(f"{stream.below(1 << 16):x}" for _ in range(2))
    return f"{stream.choice(_DOCUMENTATION)}.{1 + stream.below(254)}"


def _ssn(value: str, stream: RandomStream) -> str:
    return shaped(value, stream, "ZZ" if value[:2].isalpha() and value[:1] not in "xX" else "000")


def _broken(value: str, holds: Callable[[str], bool]) -> str:
    """Change the last digit until the check fails."""
    last = max(index for index, character in enumerate(value) if character.isdigit())
    while holds(value):
        value = value[:last] + str((int(value[last]) + 1) % 10) + value[last + 1 :]
    return value


def _aadhaar(value: str, stream: RandomStream) -> str:
    drawn = shaped(value, stream, "0" if value[:1].isdigit() else "")
    return _broken(drawn, verhoeff_holds) if len(_digits(drawn)) == 12 else drawn


def _account(value: str, stream: RandomStream) -> str:
    if _IBAN.match(value):
        return shaped(value, stream, "ZZ00")
    drawn = shaped(value, stream)
    return _broken(drawn, luhn_holds) if len(_digits(drawn)) in _CARD_DIGITS else drawn


def _pan(value: str, stream: RandomStream) -> str:
    return shaped(value, stream, "".join(stream.choice(_LETTERS) for _ in range(3)) + "Z")


def _lettered(value: str, stream: RandomStream) -> str:
    """Take letters that no office has, where a number begins with letters."""
    letters = len(value) - len(value.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"))
    return shaped(value, stream, "Z" * min(letters, 3))


_MAKERS: dict[Category, Callable[[str, RandomStream], str]] = {
    Category.PHONE: _phone,
    Category.FAX: _phone,
    Category.EMAIL: _email,
    Category.UPI: _upi,
    Category.URL: _url,
    Category.IP: _ip,
    Category.SSN: _ssn,
    Category.AADHAAR: _aadhaar,
    Category.ABHA: lambda value, stream: shaped(value, stream, "00"),
    Category.ACCOUNT: _account,
    Category.PAN: _pan,
    Category.VOTER_ID: _lettered,
    Category.DRIVING_LICENCE: _lettered,
    Category.VEHICLE: _lettered,
}
