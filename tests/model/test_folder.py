"""A model folder is checked before anything loads it."""

import json
from pathlib import Path
from typing import Any

import pytest

from medtui.errors import Refusal
from medtui.model import folder, measure
from tests.model.conftest import CONFIG, shapes, write_safetensors


def rewrite(path: Path, **changes: Any) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_a_whole_folder_passes_and_its_parameters_are_counted(model_folder: Path) -> None:
    checked = folder.check(model_folder)
    layer = 2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 128
    assert checked.parameters == 100 * 64 + 2 * (layer + 2 * 64) + 64
    assert checked.chat_template
    assert checked.warnings == ()
    shape = measure.read(checked)
    assert shape.linear == 2 * layer
    assert shape.kept == checked.parameters - 2 * layer
    assert shape.lora_per_rank == 2 * (2 * (64 + 64) + 2 * (32 + 64) + 3 * (64 + 128))
    assert shape.cache_bytes_per_token == 2 * 2 * 2 * 16 * 2
    assert shape.family == "llama"


def test_program_code_in_the_folder_is_refused(model_folder: Path) -> None:
    rewrite(model_folder / "config.json", auto_map={"AutoModelForCausalLM": "modeling.Evil"})
    with pytest.raises(Refusal, match="own program code"):
        folder.check(model_folder)


def test_program_code_in_a_nested_part_or_the_tokenizer_is_refused(model_folder: Path) -> None:
    rewrite(model_folder / "tokenizer_config.json", auto_map={"AutoTokenizer": ["tokenization.Evil", None]})
    with pytest.raises(Refusal, match=r"tokenizer in .* own program code"):
        folder.check(model_folder)
    rewrite(model_folder / "config.json", text_config={"auto_map": {"AutoConfig": "x.Y"}})
    with pytest.raises(Refusal, match="own program code"):
        folder.check(model_folder)


@pytest.mark.parametrize("method", ["awq", "gptq", "fp8", "mxfp4"])
def test_weights_shrunk_by_a_method_that_cannot_be_tuned_are_refused(model_folder: Path, method: str) -> None:
    rewrite(model_folder / "config.json", quantization_config={"quant_method": method})
    with pytest.raises(Refusal, match="already shrunk"):
        folder.check(model_folder)


def test_four_bit_weights_of_bitsandbytes_are_counted_unpacked(model_folder: Path) -> None:
    rewrite(model_folder / "config.json", quantization_config={"quant_method": "bitsandbytes", "load_in_4bit": True})
    packed = dict(shapes())
    for name in list(packed):
        if "proj" in name:
            rows, columns = packed[name]
            packed[name] = (rows * columns // 2, 1)
            packed[f"{name}.absmax"] = (rows * columns // 64,)
            packed[f"{name}.quant_map"] = (16,)
            packed[f"{name}.quant_state.bitsandbytes__nf4"] = (90,)
    plain = measure.read(folder.check(model_folder))
    write_safetensors(model_folder / "model.safetensors", packed)
    shape = measure.read(folder.check(model_folder))
    assert (shape.parameters, shape.linear) == (plain.parameters, plain.linear)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("config.json", "config.json is missing"),
        ("tokenizer.json", "tokenizer.json is missing"),
        ("model.safetensors", "no .safetensors weights"),
    ],
)
def test_a_missing_part_is_named(model_folder: Path, name: str, sentence: str) -> None:
    (model_folder / name).unlink()
    with pytest.raises(Refusal, match=sentence):
        folder.check(model_folder)


@pytest.mark.parametrize(("name", "word"), [("model.gguf", "GGUF"), ("pytorch_model.bin", "pickle")])
def test_weights_of_another_form_are_explained(model_folder: Path, name: str, word: str) -> None:
    (model_folder / "model.safetensors").rename(model_folder / name)
    with pytest.raises(Refusal, match=word):
        folder.check(model_folder)


def test_a_missing_shard_is_named_and_counted(model_folder: Path) -> None:
    (model_folder / "model.safetensors").rename(model_folder / "model-00001-of-00002.safetensors")
    weight_map = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (model_folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weight_map}))
    with pytest.raises(Refusal, match=r"1 of 2 weight files are missing.*00002-of-00002"):
        folder.check(model_folder)


def test_an_index_that_points_outside_the_folder_is_refused(model_folder: Path) -> None:
    index = {"weight_map": {"a": "../../other/model.safetensors"}}
    (model_folder / "model.safetensors.index.json").write_text(json.dumps(index))
    with pytest.raises(Refusal, match="is damaged"):
        folder.check(model_folder)


def test_a_base_model_without_template_is_accepted_with_a_warning(model_folder: Path) -> None:
    (model_folder / "tokenizer_config.json").unlink()
    assert "no chat template" in folder.check(model_folder).warnings[0]


@pytest.mark.parametrize("content", ["", "[1]", "{", '{"a": 1}', "[" * 100_000, "\x00"])
def test_a_damaged_configuration_is_one_sentence(model_folder: Path, content: str) -> None:
    (model_folder / "config.json").write_text(content)
    with pytest.raises(Refusal):
        folder.check(model_folder)


def test_a_configuration_without_sizes_cannot_be_planned(model_folder: Path) -> None:
    config = {key: value for key, value in CONFIG.items() if key != "num_hidden_layers"}
    (model_folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(Refusal, match="num_hidden_layers"):
        measure.read(folder.check(model_folder))


def test_names_from_outside_cannot_address_the_terminal(model_folder: Path) -> None:
    rewrite(model_folder / "config.json", quantization_config={"quant_method": "awq"})
    hostile = model_folder.rename(model_folder.with_name("a\x1b]0;pwned\x07b"))
    with pytest.raises(Refusal) as refusal:
        folder.check(hostile)
    assert "\x1b" not in str(refusal.value)
