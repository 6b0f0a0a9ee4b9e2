"""Profiles, policies of one's own, and the digits of a post code that may stay."""

import pickle

import pytest

from medtui.deid.post_codes import RESTRICTED_ZIP3, coarse
from medtui.deid.profile import PROFILES, Policy, allowed, chosen_profile, restored, stated
from medtui.errors import Refusal
from medtui.phi import Category


def test_safe_harbor_is_the_default() -> None:
    chosen = chosen_profile({})
    assert chosen.id == "safe_harbor"
    assert not chosen.draws()
    assert not chosen.shifts()
    assert chosen.policies[Category.DATE] is Policy.GENERALISE
    assert chosen.policies[Category.NAME] is Policy.REMOVE
    assert set(chosen.policies) == set(Category)


def test_made_up_values_do_not_touch_dates_and_ages() -> None:
    chosen = chosen_profile({"replacement": "surrogates"})
    assert chosen.draws()
    assert chosen.policies[Category.NAME] is Policy.SURROGATE
    assert chosen.policies[Category.DATE] is chosen.policies[Category.AGE] is Policy.GENERALISE


@pytest.mark.parametrize(
    "given", ["LOCATION = generalise, device=review", {"LOCATION": "generalise", "DEVICE": "review"}]
)
def test_a_kind_with_a_policy_of_its_own(given: object) -> None:
    chosen = chosen_profile({"policies": given})
    assert chosen.policies[Category.LOCATION] is Policy.GENERALISE
    assert chosen.reviewed() == (Category.DEVICE,)
    assert pickle.loads(pickle.dumps(restored(chosen.key()))) == chosen  # noqa: S301 - made on the line above


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"profile": "none"}, "no de-identification profile"),
        ({"replacement": "asterisks"}, "choose tags or surrogates"),
        ({"replacement": [1]}, "choose tags or surrogates"),
        ({"policies": 7}, "write a kind"),
        ({"policies": "NAME = keep"}, "Cannot read 'NAME = keep'"),
        ({"policies": "SOUL = remove"}, "Kinds: NAME, LOCATION"),
        ({"policies": "just words"}, "such as LOCATION = generalise"),
        ({"policies": "DATE = surrogate"}, 'Only the profile "date_shift" moves dates'),
        ({"policies": "NAME = generalise"}, "NAME can be set to remove, review, surrogate"),
        ({"policies": "AGE = surrogate"}, "AGE can be set to"),
    ],
)
def test_what_is_not_allowed_is_refused(answers: dict[str, object], message: str) -> None:
    with pytest.raises(Refusal, match=message):
        chosen_profile(answers)


def test_no_policy_keeps_an_identifier() -> None:
    for chosen in PROFILES.values():
        for category in Category:
            assert chosen.policies[category] in allowed(chosen, category)
    assert {policy.value for policy in Policy} == {"remove", "generalise", "surrogate", "review"}


@pytest.mark.parametrize(
    ("value", "before", "kept"),
    [
        ("88 Larch Street, Maplewick, OH 44107", "", "(ZIP 441)"),
        ("Maplewick, Ohio 44107-1234", "", "(ZIP 441)"),
        ("44107", "Maplewick, OH ", "(ZIP 441)"),
        ("44107", "ZIP code: ", "(ZIP 441)"),
        ("Stockton, NH 03601", "", "(ZIP 000)"),
        ("10115 Berlin", "", ""),
        ("44107", "Larch Street, ", ""),
        ("Rochester, MN", "", ""),
        ("Pune - 411001", "", ""),
    ],
)
def test_three_digits_of_a_zip_code(value: str, before: str, kept: str) -> None:
    assert coarse(value, before, PROFILES["safe_harbor"]) == kept


@pytest.mark.parametrize(
    ("value", "kept"),
    [("MG Road, Pune - 411001", "(PIN 4xxxxx)"), ("560 034", "(PIN 5xxxxx)"), ("900056", ""), ("OH 44107", "")],
)
def test_first_digit_of_a_pin_code(value: str, kept: str) -> None:
    assert coarse(value, "", PROFILES["dpdp"]) == kept


def test_restricted_areas_of_all_three_censuses() -> None:
    assert len(RESTRICTED_ZIP3) == 23
    assert {"036", "063", "205", "369", "893"} <= RESTRICTED_ZIP3


def test_the_rule_in_one_line() -> None:
    assert stated({}) == "Safe Harbor (45 CFR 164.514(b)(2))."
    own = chosen_profile({"profile": "date_shift", "policies": "NAME = surrogate, DEVICE = review"}).key()
    assert stated(own) == (
        "Dates shifted per patient (45 CFR 164.514(b)(1)), with policies of its own (surrogate: NAME; review: DEVICE). "
        "Not Safe Harbor: needs an expert's determination (164.514(b)(1))."
    )
