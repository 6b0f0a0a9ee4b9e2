"""Values, doses, levels, scores and codes of medicine stand as they are."""

import random
from collections.abc import Iterator

import pytest

from medtui.deid.detector import detect

SENTENCES = (
    "{}", "{}.", "Today {} was noted.", "Results: {}", "- {}\n- no change",
    "Plan: continue; {} today, review in 6 weeks.",
    "({})", "On examination {}, chest clear.", "FINDINGS: {}\nIMPRESSION: stable.", "Previously {}; now improved.",
)  # fmt: skip

WRITTEN = """
BP 140/90|blood pressure 118/76 mmHg|BP 90/60-100/70|HbA1c 7.2 %|HbA1c 55 mmol/mol|ICD E11.9|ICD-10 S72.001A
ICD-10-CM: I25.10
L4-L5|L5-S1 disc|C5-C6 level|T12-L1|T2-weighted|T1-weighted images|5 mg/kg|12/3.5 cm|G2P1|G3P2A1|1/2 tablet
24/7|FEV1 2.1 L|FEV1/FVC 68 %
Gleason 3+4=7|Gleason score 4 + 3 = 7|SNOMED CT 44054006|SNOMED 38341003|LOINC 718-7|LOINC: 4548-4|CPT 99213
RxNorm 860975|HCPCS J1885
HR 72|SpO2 97 % on 2 L O2|RR 16/min|temp 37.2 C|T 98.6 F|GCS 15|GCS 15/15|GCS E4V5M6|MMSE 28/30|APGAR 8/9
pain 7/10|strength 5/5|reflexes 2+
murmur 2/6|NYHA II|CHA2DS2-VASc 4|HAS-BLED 2|TIMI 3|Child-Pugh B7|ASA 3|ECOG 1|BI-RADS 4|PI-RADS 3|TI-RADS 4
Lung-RADS 2|Bosniak IIF|CKD stage 3b
eGFR 58 mL/min/1.73 m2|creatinine 1.2 mg/dL|Na 139 mmol/L (135-145)|K 4.1 mEq/L|WBC 4000-11000
WBC 12.5 x10^9/L|platelets 250000/uL|platelets 2,50,000
Hb 13.5 g/dL|MCV 88 fL|TSH 2.5 mIU/L|vitamin D 18 ng/mL|B12 320 pg/mL|troponin <0.01|D-dimer 450 ng/mL
INR 2.5|PT 13.2 sec|CRP 12 mg/L|ESR 20 mm/hr
ESR (Westergren) 12 mm/hr|urine SG 1.010-1.025|pH 7.35-7.45|pO2 85 mmHg|HCO3 24|lactate 1.8|PSA 4.2 ng/mL
CA-125 35 U/mL|CA 19-9 22 U/mL
metformin 500 mg twice daily|aspirin 75 mg|insulin glargine 20 units|1-0-1|1-1-1 x 5 days|BD x 7 days|0.5 mL
100 mcg/h|5 % dextrose|0.9 % saline 1000 mL
amoxicillin-clavulanate 875/125 mg|Humulin 70/30|Advair 250/50|10 mL/kg/h|2.5 mg q6h|prn q4-6h|80/20 mix
vitamin D3 60000 IU|heparin 5000 units|25,000 units
3.2 x 2.1 x 1.8 cm|8 mm nodule|2.5 cm mass at 3 o'clock|left 12 o'clock|Cobb angle 42 degrees|EF 55-60 %
LVEF 35 %|RVSP 38 mmHg|QTc 450 ms|PR 160 ms|QRS 90 ms
axial T2 FLAIR|b1000 images|kVp 120|120 kV, 200 mAs|1.5 T MRI|3T MRI|slice 5 mm|series 4 image 52|CT 64-slice
TE 90 TR 4000|French 18|18-gauge|8 Fr sheath
HER2 2+|ER 90 %|Ki-67 20 %|pT2N1M0|T3 N0 M0|stage IIIA|grade 2/3|margin 0.2 cm|CD3+, CD20-|p53|p16|BRCA1
KRAS G12D|EGFR exon 19|COVID-19|SARS-CoV-2|H1N1|HPV 16/18
in 2019|since 2015|55-year-old|6 weeks|x 3 days|3/7|2/52|6/12|day 5 of 7|POD 2|G1P0 at 32+4 weeks
EDD in 8 weeks|24-hour urine 150 mg|every 6 to 8 hours|2-3 times
20/20|20/40 vision|6/6|6/18|N6|-2.50/-0.75 x 180|IOP 16|S1 S2 normal|cranial nerves II-XII|V1-V6|lead II
V/Q scan|A/P|I/O 1200/900|5 x 5 cm|BMI 27.4|height 172 cm
Dukes B|Fuhrman 2|Clark level IV|Breslow 1.2 mm|Wells score 4.5|Ranson 3|Centor 3|CURB-65 2|qSOFA 1|NIHSS 4
mRS 2|PHQ-9 12|GAD-7 8|AUDIT 6|Epworth 10/24
ATC C09AA05|NDC 0071-0155-23|room air|SpO2 92-94 %|150 mg/dL 2 h PP|OGTT 75 g|peak flow 350 L/min
VC 3.2 L (88 %)|DLCO 75 %|4/5 power|0/5|Hb 8.2 -> 10.1|ratio 1:160
""".replace("\n", "|")

UNITS = (
    "mg", "mg/dL", "g/dL", "mmol/L", "mEq/L", "IU/L", "U/L", "ng/mL", "pg/mL", "%", "mm", "cm", "mL", "mmHg",
    "bpm", "fL", "kg", "cells/mm3",
    "mcg", "units", "x10^9/L", "mL/min", "L/min", "ms", "mIU/L",
)  # fmt: skip
TESTS = (
    "Sodium", "potassium", "creatinine", "Hemoglobin", "WBC", "platelet count", "ALT", "AST", "ALP",
    "bilirubin", "glucose", "HDL", "LDL", "ferritin",
    "albumin", "urea", "calcium", "TSH", "FT4", "PSA",
)  # fmt: skip
LEVELS = "ABCDEFGHIJKLMNOPQRSTVWXYZ"


def generated(count: int) -> Iterator[str]:
    chance = random.Random(3)
    for _ in range(count):
        unit, test = chance.choice(UNITS), chance.choice(TESTS)
        low = chance.choice((chance.randint(1, 400), round(chance.uniform(0.1, 60), 1)))
        high = low + chance.randint(1, 200)
        yield from (
            f"{test} {low} {unit}",
            f"{test}: {low} {unit} ({low}-{high})",
            f"{test} {low}-{high} {unit}",
            f"BP {chance.randint(80, 210)}/{chance.randint(40, 120)}",
            f"{chance.choice(LEVELS)}{chance.randint(0, 9)}{chance.randint(0, 9)}.{chance.randint(0, 99)} was coded",
            f"dose {low} mg {chance.choice(('OD', 'BD', 'TDS', 'q8h', 'daily', 'PRN'))}",
            f"{chance.choice('LTC')}{chance.randint(1, 5)}-{chance.choice('LTCS')}{chance.randint(1, 5)}",
            f"{chance.randint(1, 99)}/{chance.randint(100, 999)} {unit}",
            f"{round(chance.uniform(0.3, 9), 1)} x {round(chance.uniform(0.3, 9), 1)} cm",
            f"{chance.randint(1, 89)}-year-old, {chance.randint(1, 12)}/{chance.randint(2, 12)} visits",
        )


VALUES = [value for value in WRITTEN.split("|") if value]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_written_values_stand(sentence: str) -> None:
    assert len(VALUES) > 200
    altered = {value: _found(sentence.format(value)) for value in VALUES}
    assert {value: found for value, found in altered.items() if found} == {}


def test_generated_values_stand() -> None:
    sentence = random.Random(5)
    texts = [sentence.choice(SENTENCES).format(value) for value in generated(100)]
    altered = {text: found for text in texts if (found := _found(text))}
    assert altered == {}


def _found(text: str) -> list[str]:
    return [f"{text[span.start : span.end]} ({span.source})" for span in detect(text)]
