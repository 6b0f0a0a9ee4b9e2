"""The first digits of a post code, which a coarse place may keep."""

import re

from medtui.deid.profile import DPDP, Profile

# 45 CFR 164.514(b)(2)(i)(B): three digits may stay where the area of all ZIP codes that begin with them holds more than
# 20,000 people "according to the current publicly available data from the Bureau of the Census"; else they become 000.
# By the Census of 2000 (HHS, Guidance Regarding Methods for De-identification, 26 November 2012):
_RESTRICTED_2000 = "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893"
# By the populations of ZIP Code Tabulation Areas of the Censuses of 2010 and 2020, which give the same areas:
_RESTRICTED_2010_2020 = "036 059 102 202 203 204 205 369 556 692 753 772 821 823 878 879 884 893"
RESTRICTED_ZIP3 = frozenset([*_RESTRICTED_2000.split(), *_RESTRICTED_2010_2020.split()])
"""Restricted by any of the three; more is removed than each of them alone asks for."""

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|DC|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR"
    "|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|PR|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware"
    "|Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan"
    "|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York"
    "|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee"
    "|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming"
)
_ZIP = re.compile(
    rf"(?<![A-Za-z])(?:(?:{_STATES})\.?|(?i:zip)(?: ?code)?:?)[ ,]{{1,3}}(\d{{3}})\d{{2}}(?:-\d{{4}})?(?![\d-])"
)
# The first digit of an Indian PIN code is a region of several states (India Post); 9 is the army's.
_PIN = re.compile(r"(?<![\d-])([1-8])\d{2} ?\d{3}(?![\d-])")


def coarse(value: str, before: str, chosen: Profile) -> str:
    """Give what may be kept of a place's post code, empty when nothing.

    Args:
        value: the place.
        before: the text before it.
        chosen: the profile: DPDP keeps the first digit of a PIN code, the others three digits of a ZIP code.
    """
    if chosen.id == DPDP:
        match = _PIN.search(value)
        return f"(PIN {match[1]}xxxxx)" if match else ""
    lead = before[-16:]
    match = _ZIP.search(lead + value)
    if match is None or match.end() <= len(lead):
        return ""
    return f"(ZIP {'000' if match[1] in RESTRICTED_ZIP3 else match[1]})"
