"""The same number written in another way is no other number, and another number stays one."""

import pytest

from medtui.examples.grounding import unsupported


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("Rx prednisolone 30 mg 5/7, then review.", "Prednisolone 30 mg for 5 days."),
        ("Off work 2/52. Symptoms for 3/12.", "Symptoms for 3 months; off work for two weeks."),
        ("Amoxicillin for 7 days.", "Amoxicillin 7/7."),
        ("Admitted at 37 weeks 5 days.", "Admitted at 37+5 weeks."),
        ("G2P1 at 28+3.", "Pregnancy of 28 weeks and 3 days."),
        ("Pulse 78 irregular, BP 128/76, sats 96 on air, temp 37.9.", "Pulse 78/min, saturation 96%, 37.9°C."),
        ("Salbutamol 4-5 times per week.", "Salbutamol 4-5 times a week."),
        ("Born at 32+2 weeks.", "Ex-32 weeker."),
        ("Drowsy, pH 7.24, pCO2 82 mmHg.", "Type 2 respiratory failure."),
        ("NG feeds 36 h, high flow for 30 h.", "NG feeds for 36 h after 30 h of high flow."),
    ],
)
def test_other_notations_are_supported(source: str, output: str) -> None:
    assert unsupported(source, output) == []


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("Rx prednisolone 30 mg 5/7, then review.", "Prednisolone 30 mg for 5 weeks."),
        ("Rx prednisolone 30 mg 5/7, then review.", "Prednisolone 30 mg for 7 days."),
        ("Amoxicillin for 7 days.", "Amoxicillin 7/52."),
        ("Admitted at 37 weeks 5 days.", "Admitted at 37+4 weeks."),
        ("Admitted at 37+5.", "Admitted at 37+5 days."),
        ("Nodes 3/12 positive.", "Nodes 4/12 positive."),
        ("Salbutamol 4-5 times per week.", "Salbutamol 4-5 times a day."),
        ("Born at 32+2 weeks.", "Ex-31 weeker."),
        ("Pulse 78 irregular, sats 96 on air.", "Pulse 78 mmHg."),
        ("Pulse 78 irregular, sats 96 on air.", "Pulse 96/min."),
        ("Sats 92%, HR 92, prednisolone 30 mg.", "Saturation 92 mg."),
    ],
)
def test_other_numbers_are_not(source: str, output: str) -> None:
    assert unsupported(source, output)
