"""`medtui model` as a process: JSON, refusals, and no training stack loaded."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def medtui(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "medtui", *arguments], capture_output=True, text=True, check=False, timeout=60
    )


def parsed(*arguments: str) -> dict[str, Any]:
    done = medtui(*arguments)
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def test_list_for_a_named_card_is_one_json_object() -> None:
    result = parsed("model", "list", "--gpu", "RTX 4090", "--json")
    assert result["gpu"] == "RTX 4090"
    assert {"fits", "tight", "does_not_fit", "demo"} <= {model["level"] for model in result["models"]}
    assert any(model["id"] == "dmis-lab/biobert-base-cased-v1.2" for model in result["for_deidentification"])


def test_list_as_text_names_each_model_with_its_verdict() -> None:
    done = medtui("model", "list", "--vram", "24")
    assert done.returncode == 0
    assert "fits" in done.stdout
    assert "Qwen/Qwen3-8B" in done.stdout


def test_plan_gives_the_peak_its_parts_and_advice() -> None:
    result = parsed("model", "plan", "Qwen/Qwen3-8B", "--vram", "24", "--json")
    assert result["fits"] == "fits"
    assert abs(sum(result["breakdown_gib"].values()) - result["needed_gib"]) < 0.05
    assert result["margin_gib"] > 0
    assert result["advice"]


def test_plan_of_a_folder_reads_its_own_files(model_folder: Path) -> None:
    result = parsed("model", "plan", str(model_folder), "--vram", "8", "--json")
    assert result["model"] == str(model_folder)


def test_unknown_names_are_one_sentence_and_exit_code_2() -> None:
    for arguments in (
        ("model", "plan", "no/such-model-at-all"),
        ("model", "list", "--gpu", "Voodoo 2"),
        ("model", "list", "--vram", "-3"),
        ("model", "plan", "Qwen/Qwen3-8B", "--rank", "0"),
    ):
        done = medtui(*arguments)
        assert done.returncode == 2, arguments
        assert len(done.stderr.strip().splitlines()) == 1
        assert "Traceback" not in done.stderr


def test_list_and_plan_load_no_training_stack() -> None:
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from medtui.model.command import command\n"
        "for line in (['list', '--vram', '24', '--json'], ['plan', 'Qwen/Qwen3-8B', '--json']):\n"
        "    assert CliRunner().invoke(command, line).exit_code == 0\n"
        "heavy = {'torch', 'transformers', 'numpy', 'huggingface_hub', 'textual', 'safetensors', 'tokenizers'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
