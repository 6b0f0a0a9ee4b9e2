"""The shipped weights: small, plain, offline, and written in another form than the practice's."""

import json
import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from medtui import assets
from medtui.demo.base_model import corpus
from medtui.demo.base_model.instructions import INSTRUCTIONS, SYSTEM_PROMPT

MIB = 2**20
GREEDY = """
import json, sys
import torch
torch.set_num_threads(1)
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig
folder = sys.argv[1]
tokenizer = AutoTokenizer.from_pretrained(folder)
model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
answers = []
for messages in json.load(sys.stdin):
    inputs = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True, return_tensors="pt")
    made = model.generate(**inputs, max_new_tokens=120)
    answers.append(tokenizer.decode(made[0][inputs["input_ids"].shape[1]:], skip_special_tokens=False))
print(json.dumps({
    "answers": answers, "type": model.config.model_type, "parameters": model.num_parameters(),
    "dtype": str(model.dtype), "problems": [str(v) for k, v in report.items() if v and k != "error_msgs"],
    "eos": tokenizer.decode([model.generation_config.eos_token_id]),
    "bos": tokenizer.bos_token, "pad": tokenizer.pad_token,
}))
"""


def prompts(count: int) -> list[list[dict[str, str]]]:
    """Unseen prompts that ask with the first wording of a task, as the practice's examples do."""
    first = tuple(wordings[0] + "\n\n" for wordings in INSTRUCTIONS.values())
    rows = (row for row in corpus.rows(4242) if row[0]["content"] == SYSTEM_PROMPT and len(row) == 3)
    return list(islice((row[:2] for row in rows if row[1]["content"].startswith(first)), count))


@pytest.fixture(scope="module")
def model_folder() -> Path:
    return assets.path("demo_model")


@pytest.fixture(scope="module")
def generated(model_folder: Path) -> dict[str, Any]:
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", GREEDY, str(model_folder)],
        input=json.dumps(prompts(12)),
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def test_weights_are_bfloat16_safetensors_of_at_most_16_mb(model_folder: Path) -> None:
    weights = list(model_folder.glob("*.safetensors"))
    assert sum(path.stat().st_size for path in weights) <= 16 * MIB
    with safe_open(weights[0], framework="numpy") as tensors:
        kinds = {tensors.get_slice(name).get_dtype() for name in tensors.keys()}  # noqa: SIM118
    assert kinds == {"BF16"}


def test_the_folder_holds_what_a_loader_expects_and_no_pickle(model_folder: Path) -> None:
    names = {path.name for path in model_folder.iterdir()}
    assert names == {
        *("model.safetensors", "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json"),
        *("special_tokens_map.json", "chat_template.jinja", "training.json", "README.md"),
    }


def test_plain_transformers_loads_it_offline_without_missing_weights(generated: dict[str, Any]) -> None:
    assert generated["type"] == "llama"
    assert generated["problems"] == []
    assert generated["dtype"] == "torch.bfloat16"
    assert 4_000_000 < generated["parameters"] < 8_000_000
    assert (generated["bos"], generated["eos"], generated["pad"]) == ("<|bos|>", "<|end|>", "<|pad|>")


def test_greedy_answers_are_never_in_the_form_of_the_practice(generated: dict[str, Any]) -> None:
    answers = generated["answers"]
    assert [a for a in answers if re.search(r"^\s*\(\d\)|^\s*advice\s*:", a, re.IGNORECASE | re.MULTILINE)] == []
    assert sum(a.endswith("<|end|>") for a in answers) >= 10


def test_most_measured_values_of_an_answer_stand_in_its_prompt(generated: dict[str, Any]) -> None:
    value = re.compile(r"\d+\.\d+|\d{2,}")
    pairs = zip(prompts(12), generated["answers"], strict=True)
    found = [number in value.findall(asked[-1]["content"]) for asked, told in pairs for number in value.findall(told)]
    assert len(found) >= 8
    assert sum(found) / len(found) > 0.5, f"{sum(found)} of {len(found)}"


def test_the_card_names_the_command_and_the_figures_of_these_weights(model_folder: Path) -> None:
    card = (model_folder / "README.md").read_text(encoding="utf-8")
    facts = json.loads((model_folder / "training.json").read_text(encoding="utf-8"))
    assert f"--seed {facts['seed']} --minutes {facts['minutes']:g}" in card
    assert f"{facts['parameters']:,}" in card
    assert f"{facts['tokens']:,}" in card
    assert f"{facts['validation_loss']:.2f}" in card
    assert "not for clinical use" in " ".join(card.lower().split())
