"""Exports: complete, loadable with plain libraries, checked, and silent about this machine."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from medtui.errors import Refusal
from medtui.export import order, step, write
from medtui.workspace import DONE, Workspace


@pytest.fixture(scope="session")
def exported(trained: Workspace) -> dict[str, Any]:
    return step.run(trained)


def _logits(network: Any, tokenizer: Any) -> torch.Tensor:
    ids = torch.tensor([tokenizer("Write the impression. clear lungs")["input_ids"]])
    with torch.no_grad():
        found: torch.Tensor = network(input_ids=ids).logits.float()
    return found


def test_the_step_is_done_and_named(trained: Workspace, exported: dict[str, Any]) -> None:
    assert trained.state("export") == DONE
    folder = Path(exported["adapter"]).parent
    assert folder.parent == trained.exports
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == ["adapter", "merged"]


def test_the_merged_model_loads_with_plain_transformers_in_16_bit(exported: dict[str, Any], model_folder: Path) -> None:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    merged = AutoModelForCausalLM.from_pretrained(exported["merged"])
    tokenizer = AutoTokenizer.from_pretrained(exported["merged"])
    assert tokenizer.chat_template
    assert merged.dtype is torch.bfloat16
    base = AutoModelForCausalLM.from_pretrained(model_folder, dtype=torch.float32)
    untuned = _logits(base, tokenizer)
    tuned = _logits(PeftModel.from_pretrained(base, exported["adapter"]), tokenizer)
    there = _logits(merged, tokenizer)
    assert (there - tuned).abs().mean() < (there - untuned).abs().mean() / 4


def test_the_check_is_recorded(exported: dict[str, Any]) -> None:
    figures = exported["check"]
    assert figures["items"] == 8
    assert abs(figures["loss_merged"] - figures["loss_adapter"]) <= write.LARGEST_LOSS_DIFFERENCE
    assert figures["agreement"] > 0.9


def test_no_path_of_this_machine_travels(trained: Workspace, exported: dict[str, Any]) -> None:
    root = str(trained.path.parent)
    for folder in (Path(exported["adapter"]), Path(exported["merged"])):
        for path in folder.iterdir():
            assert root.encode() not in path.read_bytes(), path
            assert path.stat().st_mode & 0o077 == 0, path
    config = json.loads((Path(exported["adapter"]) / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "tiny-model"


def test_the_cards_say_what_was_measured_and_what_was_not(exported: dict[str, Any]) -> None:
    for folder in (Path(exported["adapter"]), Path(exported["merged"])):
        card = (folder / "README.md").read_text()
        for line in ("train: 32 examples", "test reports: not measured", "## Not measured", "Safe Harbor"):
            assert line in card, line
    assert "merge check on 8 test reports" in (Path(exported["merged"]) / "README.md").read_text()


def test_a_wrong_merge_is_not_kept(trained: Workspace, model_folder: Path, tmp_path: Path) -> None:
    wanted = order.prepare(trained)
    network_folder = shutil.copytree(model_folder, tmp_path / "other")
    _, texts, beside, as_trained = _predictions(wanted)
    with pytest.raises(Refusal, match="differs from the tuned one"):
        write._compare(network_folder, texts, beside, as_trained)


def _predictions(wanted: order.Order) -> tuple[Any, Any, Any, Any]:
    from medtui.export import check
    from medtui.training import loading

    tuned, tokenizer = loading.load_tuned(Path(wanted.model), Path(wanted.adapter), "none")
    texts = check.texts(Path(wanted.test), tokenizer, 8, 512)
    found = check.predict(tuned, texts)
    return tuned, texts, found, found


def test_the_adapter_alone_can_be_had(trained: Workspace, tmp_path: Path) -> None:
    wanted = order.prepare(trained)
    (Path(wanted.adapter) / "ref").mkdir(exist_ok=True)
    (Path(wanted.adapter) / "ref" / "adapter_model.safetensors").write_bytes(b"reference")
    folder = write.adapter(wanted, tmp_path)
    shutil.rmtree(Path(wanted.adapter) / "ref")
    assert folder is not None
    names = {path.name for path in folder.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", "tokenizer.json", "README.md"} <= names
    assert "ref" not in names


def test_nothing_trained_is_told(workspace: Workspace) -> None:
    with pytest.raises(Refusal, match="finish the training step first"):
        step.run(workspace)
