"""The recipe that answers, data, model and machine lead to: enough steps, never absurd ones, fitted to the card."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from medtui.errors import Refusal
from medtui.training import defaults, estimate, turn
from medtui.training.recipe import Recipe
from medtui.workspace import Workspace
from tests.training import tiny

# An 8B Llama: what counts here is in the headers of its weights.
SHAPE = {"hidden_size": 4096, "intermediate_size": 14336, "layers": 32, "heads": 32, "kv": 8, "vocabulary": 128256}


@pytest.fixture(scope="module")
def large_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of an 8B model: the weights' file has its header and is sparse behind it."""
    folder = tmp_path_factory.mktemp("large") / "model"
    tiny.write_model(folder)
    hidden, inner, keys = SHAPE["hidden_size"], SHAPE["intermediate_size"], SHAPE["hidden_size"] // 4
    shapes = {
        "model.embed_tokens.weight": (SHAPE["vocabulary"], hidden),
        "lm_head.weight": (SHAPE["vocabulary"], hidden),
    }
    for layer in range(SHAPE["layers"]):
        for name, shape in {
            "self_attn.q_proj": (hidden, hidden),
            "self_attn.k_proj": (keys, hidden),
            "self_attn.v_proj": (keys, hidden),
            "self_attn.o_proj": (hidden, hidden),
            "mlp.gate_proj": (inner, hidden),
            "mlp.up_proj": (inner, hidden),
            "mlp.down_proj": (hidden, inner),
        }.items():
            shapes[f"model.layers.{layer}.{name}.weight"] = shape
    header: dict[str, Any] = {}
    offset = 0
    for name, (rows, columns) in shapes.items():
        header[name] = {
            "dtype": "BF16",
            "shape": [rows, columns],
            "data_offsets": [offset, offset + 2 * rows * columns],
        }
        offset += 2 * rows * columns
    text = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as stream:
        stream.write(len(text).to_bytes(8, "little") + text)
        stream.truncate(8 + len(text) + offset)
    config = json.loads((folder / "config.json").read_text())
    config |= {
        "hidden_size": hidden,
        "intermediate_size": inner,
        "num_hidden_layers": SHAPE["layers"],
        "num_attention_heads": SHAPE["heads"],
        "num_key_value_heads": SHAPE["kv"],
        "vocab_size": SHAPE["vocabulary"],
        "max_position_embeddings": 8192,
    }
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def _practice(workspace: Workspace, model: Path, rows: int, free_gib: float = 0.0) -> Workspace:
    gpus = [{"uuid": "GPU-1", "name": "NVIDIA L40S", "free_bytes": int(free_gib * 2**30)}] if free_gib else []
    workspace.finish("machine", {"gpu": "GPU-1" if gpus else "none", "gpus": gpus})
    workspace.save_answer("model", "model", str(model))
    tokens = {"longest": 2000, "median": 700}
    workspace.finish("examples", {"train": rows, "validation": rows // 10, "tokens": tokens})
    return workspace


def _steps(workspace: Workspace, rows: int, **instead: Any) -> tuple[int, float]:
    recipe = defaults.resolve_recipe(workspace, **instead)
    steps = recipe.total_steps(rows)
    return steps, steps * recipe.batch * recipe.accumulation / rows


@pytest.mark.parametrize("rows", [20, 200, 1000, 5000])
def test_steps_are_enough_to_learn_a_form_and_never_absurd(workspace: Workspace, large_model: Path, rows: int) -> None:
    practice = _practice(workspace, large_model, rows)
    counted = [_steps(practice, rows, thoroughness=name) for name in ("short", "normal", "long")]
    steps = [one for one, _ in counted]
    assert steps == sorted(steps)
    assert all(passes <= 15.1 for _, passes in counted)
    if rows >= 200:
        assert steps[0] >= 60
        assert 150 <= steps[1] <= 1000
    recipe = defaults.resolve_recipe(practice)
    assert (recipe.patience, recipe.probe, recipe.learning_rate) == (defaults.PATIENCE, True, 2e-4)


def test_the_card_decides_batch_and_checkpointing_but_never_the_effective_batch(
    workspace: Workspace, large_model: Path
) -> None:
    effective = []
    peaks = []
    for free in (9.0, 24.0, 79.0):
        recipe = defaults.resolve_recipe(_practice(workspace, large_model, 1000, free))
        effective.append(recipe.batch * recipe.accumulation)
        peaks.append((recipe.batch, not recipe.checkpointing))
    assert effective == [16, 16, 16]
    assert peaks == sorted(peaks)
    assert peaks[0] == (1, False)
    assert peaks[-1][0] > 1


def test_memory_and_time_are_calculated_for_a_card_and_16_bit_takes_less_time(
    workspace: Workspace, large_model: Path
) -> None:
    practice = _practice(workspace, large_model, 1000, 44.0)
    four, sixteen = (
        estimate.estimate(practice, defaults.resolve_recipe(practice, method=method)) for method in ("qlora", "lora")
    )
    assert four.source == sixteen.source == estimate.CALCULATED
    assert four.peak_bytes is not None
    assert sixteen.peak_bytes is not None
    assert four.peak_bytes < sixteen.peak_bytes < 44 * 2**30
    assert four.seconds is not None
    assert sixteen.seconds is not None
    assert sixteen.seconds[0] < four.seconds[0] < four.seconds[1] < 24 * 3600


def test_without_a_card_nothing_is_claimed(workspace: Workspace, large_model: Path) -> None:
    practice = _practice(workspace, large_model, 1000)
    assert estimate.estimate(practice, defaults.resolve_recipe(practice)) == estimate.Estimate(estimate.UNKNOWN)


def test_preferences_and_whole_models_learn_more_gently(workspace: Workspace, large_model: Path) -> None:
    practice = _practice(workspace, large_model, 1000)
    folder = practice.dataset / "preferences"
    folder.mkdir()
    (folder / "train.jsonl").write_text("{}\n" * 400)
    assert defaults.resolve_recipe(practice, objective="dpo").learning_rate == 5e-6
    assert defaults.resolve_recipe(practice, method="full").learning_rate == 2e-5


def test_shorter_examples_are_chosen_by_their_share_and_the_rest_is_counted(
    workspace: Workspace, tiny_model: Path
) -> None:
    tiny.write_examples(workspace.dataset, train=60)
    workspace.save_answer("model", "model", str(tiny_model))
    lengths = defaults.example_lengths(workspace.dataset / "train.jsonl", tiny_model)
    assert len(lengths) == 60
    assert lengths == tuple(sorted(lengths))
    half = defaults.resolve_recipe(workspace, length="half")
    assert half.over_length == "leave_out"
    assert lengths[30] <= half.max_length < lengths[30] + 64
    with pytest.raises(Refusal, match="`length` of the training step must be one of"):
        defaults.resolve_recipe(workspace, length="tiny")


def test_settings_that_exclude_each_other_are_refused(workspace: Workspace, tiny_model: Path) -> None:
    tiny.write_examples(workspace.dataset)
    workspace.save_answer("model", "model", str(tiny_model))
    with pytest.raises(Refusal, match="`adapter` cannot be given with `method` full"):
        defaults.resolve_recipe(workspace, method="full", adapter="/somewhere")


def test_a_finished_run_says_what_the_next_one_takes(workspace: Workspace, tiny_model: Path) -> None:
    from medtui import journal
    from medtui.training import runs

    tiny.write_examples(workspace.dataset)
    workspace.save_answer("model", "model", str(tiny_model))
    workspace.finish("examples", {"train": 32, "validation": 8, "tokens": {"longest": 90, "median": 60}})
    recipe: Recipe = defaults.resolve_recipe(workspace)
    run = runs.prepare(workspace, recipe)
    told = {"tokens_per_second": 100.0, "memory_bytes": 2**30}
    journal.append(run.job.events_path, {"event": "step", "step": 1, "total": 2, "loss": 1.0, "x": 0, **told})
    found = estimate.estimate(workspace, recipe)
    assert (found.source, found.peak_bytes) == (estimate.MEASURED, 2**30)
    assert found.seconds is not None
    assert found.seconds[0] == pytest.approx(estimate.trained_tokens(workspace, recipe) / 100.0)
    other = dataclasses.replace(recipe, batch=recipe.batch + 1)
    assert estimate.estimate(workspace, other).source == estimate.UNKNOWN


def test_a_model_too_large_for_one_card_is_divided_among_several(workspace: Workspace, large_model: Path) -> None:
    def practice(cards: int, **card: Any) -> Workspace:
        made = _practice(workspace, large_model, 1000)
        facts = {"free_bytes": 8 * 2**30, "native_bf16": True, "name": "NVIDIA L40S", **card}
        gpus = [{"uuid": f"GPU-{number}", **facts} for number in range(cards)]
        made.finish("machine", {"gpu": "GPU-0", "gpus": gpus, "ram_available": 2**40})
        made.save_answer("machine", "gpu", "GPU-0")
        return made

    divided = defaults.resolve_recipe(practice(2))
    assert (divided.sharded, divided.processes, divided.gpu) == (True, 2, "GPU-0,GPU-1")
    assert (divided.batch, divided.accumulation, divided.checkpointing, divided.probe) == (1, 16, True, True)
    told = estimate.estimate(workspace, divided)
    assert told.source == estimate.CALCULATED
    assert told.peak_bytes is not None
    assert told.peak_bytes < 8 * 2**30
    assert not defaults.resolve_recipe(workspace, processes=1).sharded
    assert not defaults.resolve_recipe(workspace, sharded=False).sharded
    assert not defaults.resolve_recipe(workspace, method="lora8").sharded
    assert not defaults.resolve_recipe(practice(1)).sharded
    assert not defaults.resolve_recipe(practice(2, native_bf16=False)).sharded
    assert not defaults.resolve_recipe(practice(2, free_bytes=80 * 2**30)).sharded


def test_several_cards_are_named_and_never_more_than_there_are(workspace: Workspace, tiny_model: Path) -> None:
    tiny.write_examples(workspace.dataset)
    workspace.save_answer("model", "model", str(tiny_model))
    workspace.save_answer("machine", "gpu", "GPU-b")
    workspace.finish("machine", {"gpu": "GPU-b", "gpus": [{"uuid": "GPU-a"}, {"uuid": "GPU-b"}]})
    assert defaults.resolve_recipe(workspace).gpu == "GPU-b"
    assert defaults.resolve_recipe(workspace, processes=2).gpu == "GPU-b,GPU-a"
    with pytest.raises(Refusal, match="`processes` is 3, but this machine has 2 GPUs"):
        defaults.resolve_recipe(workspace, processes=3)
    run = workspace.runs / "one"
    both = turn.places(run, "GPU-b,GPU-a")
    assert both == sorted(both)
    assert set(both) == {*turn.places(run, "GPU-a"), *turn.places(run, "GPU-b")}
