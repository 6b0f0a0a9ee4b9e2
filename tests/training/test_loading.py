"""Loading: real NF4, gradients that reach every layer, nothing loaded that is incomplete."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from medtui.errors import Refusal
from medtui.training import loading, runs


def _gradient(network: Any, ids: torch.Tensor) -> torch.Tensor:
    embedded = network.get_input_embeddings()(ids).detach().requires_grad_()
    network.train()
    network(inputs_embeds=embedded, labels=ids).loss.backward()
    assert embedded.grad is not None
    return embedded.grad


def test_the_base_is_nf4_with_double_quantisation(tiny_model: Path) -> None:
    network, _ = loading.load_base(tiny_model, "nf4")
    weight = network.model.layers[0].self_attn.q_proj.weight
    assert (weight.quant_state.quant_type, weight.quant_state.nested) == ("nf4", True)


def test_an_evaluation_in_between_changes_no_gradient(tiny_model: Path) -> None:
    network, _ = loading.load_base(tiny_model, "nf4")
    ids = torch.arange(10, 42).reshape(2, 16)
    before = _gradient(network, ids)
    network.eval()
    with torch.no_grad():
        network(input_ids=ids)
    assert torch.equal(_gradient(network, ids), before)
    assert before.abs().max() > 0


def test_the_tuned_model_differs_and_its_base_can_be_had_back(tiny_model: Path, finished_run: runs.Run) -> None:
    tuned, tokenizer = loading.load_tuned(tiny_model, finished_run.folder / "adapter")
    base, _ = loading.load_base(tiny_model)
    ids = torch.tensor([tokenizer("Write the impression.")["input_ids"]])
    with torch.no_grad():
        assert not torch.equal(tuned(input_ids=ids).logits, base(input_ids=ids).logits)
        with tuned.disable_adapter():
            assert torch.equal(tuned(input_ids=ids).logits, base(input_ids=ids).logits)


def test_missing_weights_are_refused_rather_than_made_up(
    tiny_model: Path, finished_run: runs.Run, tmp_path: Path
) -> None:
    from safetensors.torch import load_file, save_file

    broken = shutil.copytree(tiny_model, tmp_path / "model")
    weights = load_file(broken / "model.safetensors")
    weights.pop("model.layers.1.mlp.up_proj.weight")
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(Refusal, match="lacks 1 of its weights"):
        loading.load_base(broken, "none")
    adapter = shutil.copytree(finished_run.folder / "adapter", tmp_path / "adapter")
    weights = load_file(adapter / "adapter_model.safetensors")
    weights.pop(next(iter(weights)))
    save_file(weights, adapter / "adapter_model.safetensors", metadata={"format": "pt"})
    with pytest.raises(Refusal, match="does not fit the model"):
        loading.load_tuned(tiny_model, adapter)


def test_folders_without_weights_are_refused(tiny_model: Path, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds no"):
        loading.load_base(tmp_path)
    with pytest.raises(Refusal, match="finish a training run first"):
        loading.load_tuned(tiny_model, tmp_path)


def test_a_model_without_a_template_is_asked_in_a_standard_one(tiny_model: Path, tmp_path: Path) -> None:
    plain = shutil.copytree(tiny_model, tmp_path / "model")
    (plain / "chat_template.jinja").unlink()
    _, tokenizer = loading.load_base(plain, "none")
    assert tokenizer.apply_chat_template([{"role": "user", "content": "Cough."}], tokenize=False).count("Cough.") == 1
