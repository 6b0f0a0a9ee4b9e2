"""Asking for help, and opening the screen, load nothing heavy."""

import json
import subprocess
import sys

import pytest

from medtui.cli import COMMANDS

HEAVY = {
    "torch",
    "transformers",
    "trl",
    "peft",
    "bitsandbytes",
    "datasets",
    "accelerate",
    "presidio_analyzer",
    "spacy",
    "numpy",
}


def _loaded(code: str) -> set[str]:
    program = f"{code}\nimport json, sys\nprint(json.dumps(sorted({{name.partition('.')[0] for name in sys.modules}})))"
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    return set(json.loads(output.splitlines()[-1]))


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_help_is_light(name: str) -> None:
    code = (
        "from click.testing import CliRunner\nfrom medtui.cli import medtui\n"
        f"result = CliRunner().invoke(medtui, {[*name.split(), '--help']!r})\n"
        "assert result.exit_code == 0, result.output\n"
    )
    assert not _loaded(code) & (HEAVY | {"textual"})


def test_the_app_is_light() -> None:
    assert not _loaded("import medtui.ui.app, medtui.ui.screens.practices") & HEAVY
