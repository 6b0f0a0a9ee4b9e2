"""Two processes that share one model learn what one process learns."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from medtui.errors import Refusal
from medtui.training import checkpoints, runs
from medtui.training import recipe as recipes
from medtui.workspace import Workspace
from tests.training.test_run import tried_stopped_and_resumed

Practice = Callable[[], Workspace]
Train = Callable[[Workspace], runs.Run]
ALIKE = {"dropout": 0.0, "accumulation": 4, "batch": 2, "steps": 12, "save_every": 4, "processes": 1}


def _answered(practice: Practice, **answers: object) -> Workspace:
    workspace = practice()
    for key, value in {**ALIKE, **answers}.items():
        workspace.save_answer("training", key, value)
    return workspace


def _divided(workspace: Workspace) -> runs.Run:
    workspace.save_answer("training", "processes", 2)
    workspace.save_answer("training", "sharded", True)
    return runs.start(workspace)


def _alike(one: runs.Run, two: runs.Run) -> bool:
    first, second = one.curves(), two.curves()
    assert list(second.train.steps) == list(first.train.steps)
    assert list(second.train.values) == pytest.approx(list(first.train.values), abs=1e-4)
    return list(second.validation.values) == pytest.approx(list(first.validation.values), abs=1e-4)


def _weights(run: runs.Run) -> bytes:
    return (run.folder / "adapter" / "adapter_model.safetensors").read_bytes()


def test_a_divided_model_learns_in_4_bits_what_a_whole_one_learns_and_goes_on_exactly(
    practice: Practice, train_here: Train, tiny_model: Path
) -> None:
    workspace = _answered(practice, checkpointing=True)
    alone = train_here(workspace)
    together = _divided(workspace)
    runs.follow(together)
    assert _alike(alone, together)
    (told,) = [event for event in together.job.events()[0] if event["event"] == "sharded"]
    assert told["held_bytes"] == pytest.approx(told["whole_bytes"] / 2, rel=0.01)

    disturbed = tried_stopped_and_resumed(workspace)
    assert list(disturbed.curves().train.values) == list(together.curves().train.values)
    assert _weights(disturbed) == _weights(together)

    files = [{path.name for path in (run.folder / "adapter").iterdir()} for run in (alone, together)]
    assert files[0] == files[1]
    last = [checkpoints.found(run.folder / "checkpoints")[-1].folder for run in (alone, together)]
    assert _optimizer(last[0]) == _optimizer(last[1])
    assert _loss(tiny_model, together, workspace) == pytest.approx(_loss(tiny_model, alone, workspace), abs=1e-4)


def _optimizer(checkpoint: Path) -> list[tuple[int, str, tuple[int, ...]]]:
    import torch

    state = torch.load(checkpoint / "optimizer.pt", weights_only=True)["state"]
    return [(number, key, tuple(value.shape)) for number, values in state.items() for key, value in values.items()]


def _loss(model: Path, run: runs.Run, workspace: Workspace) -> float:
    """Load a run's adapter in the usual way and measure it on the test examples."""
    import torch

    from medtui.training import loading

    tuned, tokenizer = loading.load_tuned(model, run.folder / "adapter")
    losses = []
    for line in (workspace.dataset / "test.jsonl").read_text().splitlines():
        row = json.loads(line)
        ids = tokenizer.apply_chat_template(row["prompt"] + row["completion"], return_tensors="pt", return_dict=True)[
            "input_ids"
        ]
        with torch.no_grad():
            losses.append(float(tuned(input_ids=ids, labels=ids).loss))
    return sum(losses) / len(losses)


def test_a_divided_model_learns_in_32_bits_and_packed_what_a_whole_one_learns(
    practice: Practice, train_here: Train
) -> None:
    workspace = _answered(practice, method="lora", packing=True, max_length=256, batch=1, steps=4, accumulation=2)
    alone = train_here(workspace)
    together = _divided(workspace)
    runs.follow(together)
    assert _alike(alone, together)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"processes": 1}, "`sharded` needs `processes` of 2"),
        ({"method": "full"}, "`method` must be qlora or lora"),
        ({"method": "lora8"}, "`method` must be qlora or lora"),
        ({"objective": "dpo"}, "`objective` cannot be dpo"),
        ({"adapter": "earlier"}, "`adapter` cannot be given"),
        ({"optimizer": "paged_adamw_8bit"}, "`optimizer` cannot keep 8 bits"),
        ({"precision": "fp16"}, "`precision` cannot be fp16"),
    ],
)
def test_what_cannot_be_combined_with_a_divided_model_is_told_with_its_line(
    settings: dict[str, object], sentence: str
) -> None:
    given = {"model": "m", "dataset": "d", "sharded": True, "processes": 2, **settings}
    with pytest.raises(Refusal, match=rf"^recipe.toml line \d+: {sentence}[^\n]*$"):
        recipes.parse(recipes.render(recipes.Recipe(**given)))  # type: ignore[arg-type]


def test_what_was_not_divided_is_not_trained(tiny_model: Path) -> None:
    """One process cannot share a model with itself."""
    import torch

    from medtui.training import loading, sharding

    model, _ = loading.load_base(tiny_model, device="cpu", storage=sharding.STORAGE)
    with pytest.raises(Refusal, match="divided among 2 processes, but 1 came together"):
        sharding.shard(model, torch.device("cpu"), 2)
    with pytest.raises(Refusal, match="was not divided"):
        sharding._held(model, 2)
