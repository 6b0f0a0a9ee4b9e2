"""An acronym and its words are the same thing in two texts."""

import pytest

from medtui.examples.acronyms import spelt_out


@pytest.mark.parametrize(
    ("source", "output", "expected"),
    [
        ("Small patent foramen ovale, 2 mm.", "Small PFO.", "Small patent foramen ovale PFO, 2 mm."),
        ("No ventricular septal defect.", "No VSD.", "No ventricular septal defect VSD."),
        ("DVT of the left calf.", "Deep vein thrombosis.", "DVT deep vein thrombosis of the left calf."),
        ("Inferior vena cava patent.", "Normal study.", "Inferior vena cava patent."),
        ("Pleural effusion.", "PE.", "Pleural effusion."),
    ],
)
def test_acronyms_stand_beside_their_words(source: str, output: str, expected: str) -> None:
    assert spelt_out(source, output) == expected
