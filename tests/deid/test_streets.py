"""Street addresses of many countries, as people write them into sentences and letters."""

import random
from collections import defaultdict
from collections.abc import Iterator

import pytest
from faker import Faker

from medtui.deid.detector import detect
from medtui.deid.score import wilson_lower
from medtui.deid.spans import THRESHOLD

# What the set is scored for; the issue behind it asks for 85 %.
FLOOR = 0.90
FLOOR_OF_A_COUNTRY = 0.50
LOCALES = (
    "en_US", "en_GB", "en_IN", "en_AU", "en_CA", "en_IE", "en_NZ", "de_DE", "de_AT", "de_CH", "fr_FR", "fr_CA",
    "fr_CH", "es_ES", "es_MX",
    "es_CO", "es_AR", "it_IT", "nl_NL", "nl_BE", "pt_BR", "pt_PT", "pl_PL", "sv_SE", "da_DK", "no_NO", "fi_FI",
    "cs_CZ", "hu_HU", "tr_TR",
    "ro_RO", "hr_HR", "sk_SK", "sl_SI", "id_ID", "fil_PH",
)  # fmt: skip
SENTENCES = (
    "My address is {}.", "Please send it to {}", "please mail the results to {}, thanks",
    "She lives at {} with her husband.", "{}",
    "Patient lives at {}; her daughter visits daily.", "I moved from {} last year", "Address: {}\nPhone: 555-0142",
    "He was picked up at {} by ambulance and had a BP of 140/90.", "Home visit at\n{}\nNo acute distress.",
    "can you update my billing address? it's {}", "Discharged to {}, walking 20 m unaided.",
    "Deliver the walker to {} before noon",
)  # fmt: skip
EACH = 6


def addresses(locale: str, chance: random.Random) -> Iterator[str]:
    faker, american = Faker(locale), Faker("en_US")
    faker.seed_instance(chance.random())
    american.seed_instance(chance.random())
    for _ in range(EACH):
        whole = faker.address()
        yield whole
        yield whole.replace("\n", ", ")
        yield faker.street_address().replace("\n", ", ")
        # A street of one country in the layout of another, as forms and generated sets have it.
        yield (
            f"{american.building_number()} {faker.street_name()} {american.secondary_address()}\n{faker.city()}\n"
            f", {american.state_abbr()}\n {american.country()} {american.postcode()}"
        )


@pytest.fixture(scope="module")
def found() -> dict[str, list[bool]]:
    """For each country, whether every letter and digit of each address was found."""
    chance = random.Random(20)
    hits: dict[str, list[bool]] = defaultdict(list)
    for locale in LOCALES:
        for address in addresses(locale, chance):
            before, after = chance.choice(SENTENCES).split("{}")
            text = before + address + after
            covered = bytearray(len(text))
            for span in detect(text):
                if span.score >= THRESHOLD:
                    covered[span.start : span.end] = b"\1" * (span.end - span.start)
            inside = range(len(before), len(before) + len(address))
            hits[locale].append(all(covered[index] for index in inside if text[index].isalnum()))
    return hits


def test_most_addresses_are_found_whole(found: dict[str, list[bool]]) -> None:
    every = [hit for hits in found.values() for hit in hits]
    assert len(every) > 800
    assert sum(every) / len(every) >= FLOOR
    assert wilson_lower(sum(every), len(every)) >= 0.85


def test_no_country_is_left_out(found: dict[str, list[bool]]) -> None:
    assert {locale: hits for locale, hits in found.items() if sum(hits) / len(hits) < FLOOR_OF_A_COUNTRY} == {}


@pytest.mark.parametrize(
    "text",
    [
        "TLC 21.7 x10^9/L HIGH RANGE 4.0-11.0",
        "MCV 87 fL 80-100",
        "2 Lachman view, 3 Point drop",
        "Take 2 Tablets, 1000 Units of vitamin D",
        "Sodium 139\n4.1 Potassium",
        "Stage 3 Colon cancer, 2 Node stations",
        "T2 Weighted Axial View 4",
    ],
)
def test_values_are_no_addresses(text: str) -> None:
    assert [span for span in detect(text) if span.source == "address:street"] == []
