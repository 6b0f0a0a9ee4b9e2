"""A gate must never hide what its pattern would find."""

import importlib
import json
import re
from collections.abc import Iterator

import pytest

from medtui import assets
from medtui.deid.gates import Gate
from medtui.deid.prepared import prepare

LEAST_DIGITS = 4
VALUE = re.compile(r"\d{1,3}[-/]\d{1,3}|(?:19|20)\d\d")
MODULES = ("addresses", "contacts", "cues", "dates", "labelled_names", "names", "numbers")
LABELS = (
    "M.R.N. 44512 SSN 078051120 s.s.n. 078-05-1120 a.k.a. Rosa Quill: DOB 1931, D.O.B. 1932 "
    "Reg. No: AJ 41385 A/C no 99120034\n"
    "S/O Ramlal Verma W/o: Sita Devi 12-Mar-23 the 3rd of May 2021 Early March 2020 "
    "Mon, 4 June 2019 KMC 904016 DL no. K7712345\n"
    "Hauptstra\u00dfe 12, 10115 Berlin Via Roma 12 12 rue de la Paix Calle Mayor 5 zip code 44107 H.No. 4-5-6, MG Road "
    "P.O. Box 12 (0)20 7946 0018 12 / 05 / 2021 +44 20 7946 0018 "
    "MH 12 AB 1234 XXXX-XXXX-1234 Pt: Rao NOK: Asha Age/Sex: 93/M aged 91 "
    "ninety-two years old Home address: 4 Elm Road; Fax to: 555 123 4567 SW1A 1AA Pune - 411001 Medical Rec# 445-12\n"
)


def texts() -> Iterator[str]:
    yield LABELS
    yield LABELS.upper()
    yield LABELS.lower()
    with assets.path("demo_practice", "gold.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


GATES = [
    pytest.param(value, id=f"{module}.{name}")
    for module in MODULES
    for name, value in vars(importlib.import_module(f"medtui.deid.{module}")).items()
    if isinstance(value, Gate)
]


@pytest.mark.parametrize("gate", GATES)
def test_gate_finds_what_its_pattern_finds(gate: Gate) -> None:
    for text in texts():
        prepared = prepare(text)
        gated = {match.span() for match in gate.finditer(prepared)}
        plain = {match.span() for match in gate.pattern.finditer(prepared.text)}
        covered = {index for start, end in gated for index in range(start, end)}
        missing = [span for span in plain if not covered.issuperset(range(*span))]
        # Blood pressures, ranges and short codes fit the form of a number, and the rule lets every one of them stand.
        missing = [span for span in missing if sum(map(str.isdigit, prepared.text[slice(*span)])) >= LEAST_DIGITS]
        missing = [span for span in missing if not VALUE.fullmatch(prepared.text, *span)]
        assert not missing, f"{len(missing)} missing, first at {missing[0]}"
