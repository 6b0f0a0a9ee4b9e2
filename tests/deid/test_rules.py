"""The exact rule of each profile is shown with its legal source, and nothing is promised."""

import json
import re

import pytest
from click.testing import CliRunner

from medtui.cli import medtui
from medtui.deid import rules
from medtui.deid.profile import PROFILES, chosen_profile
from medtui.phi import Category
from medtui.workspace import Workspace

ANSWERS = [
    {"profile": name, "replacement": manner, "policies": own}
    for name in PROFILES
    for manner in ("tags", "surrogates")
    for own in ("", "LOCATION = generalise, DEVICE = review, DATE = remove")
]


@pytest.mark.parametrize("answers", ANSWERS, ids=[f"rule{n}" for n in range(len(ANSWERS))])
def test_every_kind_is_explained(answers: dict[str, str]) -> None:
    described = rules.describe(chosen_profile(answers))
    assert [entry["kind"] for entry in described["rules"]] == [category.value for category in Category]
    for entry in described["rules"]:
        assert entry["what"].endswith(".")
        assert entry["source"]
        assert entry["policy"] in entry["allowed"]
    shown = rules.in_words(described)
    assert max(map(len, shown.splitlines())) <= 79
    assert not re.search("compliant|anonym", shown, re.IGNORECASE)
    assert set(re.findall("[A-Z_]{2,}", shown)) >= {category.value for category in Category}


def test_sources_of_law() -> None:
    def of(name: str) -> dict[str, str]:
        return {entry["kind"]: entry["source"] for entry in rules.describe(PROFILES[name])["rules"]}

    assert of("safe_harbor")["LOCATION"] == "45 CFR 164.514(b)(2)(i)(B)"
    assert of("safe_harbor")["AADHAAR"] == "45 CFR 164.514(b)(2)(i)(R)"
    assert of("date_shift")["DATE"] == "45 CFR 164.514(b)(1)"
    assert "needs an expert's determination" in rules.in_words(rules.describe(PROFILES["date_shift"]))
    assert "no list of identifiers" in " ".join(rules.describe(PROFILES["dpdp"])["law"])


def test_the_command_shows_what_the_practice_chose(workspace: Workspace) -> None:
    workspace.save_answer("deid", "policies", "NAME = surrogate")
    result = CliRunner().invoke(medtui, ["deid", "rules", "--workspace", str(workspace.path), "--json"])
    assert result.exit_code == 0
    named = json.loads(result.output)["rules"][0]
    assert (named["kind"], named["policy"]) == ("NAME", "surrogate")
    shown = CliRunner().invoke(medtui, ["deid", "rules", "--profile", "date_shift"])
    assert "CAUTION: Not Safe Harbor" in shown.output
