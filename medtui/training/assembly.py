"""Put model, examples, adapter and trainer together as a recipe says. Imported by workers only."""

import importlib.util
import json
import math
import os
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig
from trl import DPOConfig, SFTConfig

from medtui.errors import Refusal
from medtui.process import Emit
from medtui.training import loading, provenance, rows, sharding
from medtui.training.recipe import Recipe
from medtui.training.recorder import Recorder, world_size
from medtui.training.trainer import CheckpointedTrainer, PreferenceTrainer
from medtui.workspace import write_atomic

# Checks of the validation set in a run unless the recipe says otherwise.
EVALUATIONS = 10


@dataclass(frozen=True)
class Splits:
    """The rows that a run learns from and is checked on."""

    train: rows.Rows
    validation: rows.Rows

    def units(self, recipe: Recipe) -> int:
        """Count the rows of one epoch; packed ones are full but for the last."""
        if recipe.packing:
            return -(-sum(self.train.lengths) // recipe.max_length)
        return len(self.train.rows)

    def longest(self, count: int) -> "Splits":
        """Give only the longest rows, those that need the most memory."""
        return Splits(self.train.longest(count), self.validation.longest(count))


def dtype(recipe: Recipe) -> torch.dtype:
    """Give the number format to compute in."""
    named = {"bf16": torch.bfloat16, "fp16": torch.float16, "float32": torch.float32}
    return named.get(recipe.precision) or loading.compute_dtype()


def load_model(recipe: Recipe) -> tuple[Any, Any]:
    """Load what is trained on this process's device, and its tokenizer: the base model, or an adapter on it."""
    device = f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if torch.cuda.is_available() else "cpu"
    kind = recipe.quantization
    if recipe.sharded:
        if dtype(recipe) is torch.float16:
            raise Refusal("These GPUs compute in fp16 only, in which a model cannot be divided among them (`sharded`).")
        # Divided layer by layer later: as a whole it may be too large for the card.
        return loading.load_base(Path(recipe.model), kind, dtype(recipe), "cpu", sharding.STORAGE)
    if recipe.adapter:
        return loading.load_tuned(Path(recipe.model), Path(recipe.adapter), kind, dtype(recipe), device, trainable=True)
    return loading.load_base(Path(recipe.model), kind, dtype(recipe), device)


def read_splits(run: Path, recipe: Recipe, tokenizer: Any, emit: Emit) -> Splits:
    """Read the examples, and make sure that nothing is lost in silence.

    Raises:
        Refusal: examples are too long, missing, or not those that the examples step promised.
    """
    if not provenance.unchanged(run, recipe):
        raise Refusal("The examples have changed since this run began, so it cannot go on; start a new run.")
    reader = rows.Reader(tokenizer, recipe.max_length, recipe.objective, divide=recipe.over_length == "split")
    train, validation = (reader.read(provenance.folder(recipe) / f"{name}.jsonl") for name in provenance.SPLITS)
    left_out = [*train.left_out, *validation.left_out]
    if left_out:
        _say_left_out(run, recipe, left_out, emit)
    divided = train.divided + validation.divided
    if divided:
        emit("warning", message=f"The answers of {divided} examples over {recipe.max_length} tokens were divided.")
    if not train.rows or not validation.rows:
        raise Refusal("There are no training or no validation examples left; import more reports.")
    _keep_promise(run, {"train": train, "validation": validation})
    uneven = train.uneven + validation.uneven
    if uneven:
        emit(
            "warning", message=f"In {uneven} examples the chat template writes prompt and answer differently together."
        )
    return Splits(train, validation)


def _say_left_out(run: Path, recipe: Recipe, left_out: list[dict[str, Any]], emit: Emit) -> None:
    write_atomic(run / "left_out.json", json.dumps(left_out, indent=1))
    if recipe.over_length == "refuse":
        longest = max(entry["tokens"] for entry in left_out)
        raise Refusal(
            f"{len(left_out)} examples are longer than {recipe.max_length} tokens (the longest has {longest}); "
            "raise the limit, or choose to divide them or leave them out. They are listed in left_out.json of the run."
        )
    emit("warning", message=f"{len(left_out)} examples over {recipe.max_length} tokens are left out (left_out.json).")


def _keep_promise(run: Path, splits: dict[str, rows.Rows]) -> None:
    promised = provenance.begun(run).get("promised", {})
    for name, split in splits.items():
        there = split.examples
        if promised.get(name) not in (None, there):
            raise Refusal(
                f"The examples step made {promised[name]} {name} examples but the file holds {there}; make them again."
            )


def make_trainer(
    folder: Path, recipe: Recipe, loaded: tuple[Any, Any], splits: Splits, recorder: Recorder
) -> CheckpointedTrainer | PreferenceTrainer:
    """Build the trainer and check that it kept every row and every answer token.

    Args:
        folder: where checkpoints go.
        recipe: what to do.
        loaded: model and tokenizer.
        splits: rows to learn from and to be checked on.
        recorder: writes the events.
    """
    total = recipe.total_steps(splits.units(recipe))
    kind = PreferenceTrainer if recipe.objective == "dpo" else CheckpointedTrainer
    with warnings.catch_warnings():
        # TRL itself still sets names that transformers has deprecated.
        warnings.simplefilter("ignore", FutureWarning)
        trainer = kind(
            model=loaded[0],
            args=arguments(folder, recipe, total),
            train_dataset=splits.train.dataset(),
            eval_dataset=splits.validation.dataset(),
            processing_class=loaded[1],
            peft_config=adapter(recipe),
            callbacks=[recorder],
            folder=folder,
            shared_by=recipe.processes if recipe.sharded else 0,
        )
    if trainer.accelerator.num_processes != recipe.processes:
        raise Refusal(f"{trainer.accelerator.num_processes} processes came together instead of {recipe.processes}.")
    rows.check_prepared("train", splits.train, trainer.train_dataset, packed=recipe.packing)
    rows.check_prepared("validation", splits.validation, trainer.eval_dataset, packed=recipe.packing)
    return trainer


def adapter(recipe: Recipe) -> LoraConfig | None:
    """Describe a fresh adapter; None when all weights or an old one learn. `all-linear` leaves the output layer out."""
    if recipe.method == "full" or recipe.adapter:
        return None
    names = [name.strip() for name in recipe.target_modules.split(",") if name.strip()]
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules="all-linear" if names == ["all-linear"] else names,
        bias="none",
        task_type="CAUSAL_LM",
    )


def cadence(recipe: Recipe, total: int) -> int:
    """Give the number of steps between evaluations."""
    return recipe.evaluate_every or max(1, math.ceil(total / EVALUATIONS))


def arguments(folder: Path, recipe: Recipe, total: int) -> SFTConfig | DPOConfig:
    """Translate a recipe into TRL's settings; nothing is left to defaults that hurt.

    Raises:
        Refusal: the accumulation cannot be shared among the processes, or TensorBoard is not installed.
    """
    every = cadence(recipe, total)
    kind, cuda = dtype(recipe), torch.cuda.is_available()
    if recipe.accumulation % world_size():
        raise Refusal(f"{recipe.accumulation} micro-batches a step cannot be shared by {world_size()} processes.")
    settings = {
        "output_dir": str(folder),
        "max_steps": total,
        "per_device_train_batch_size": recipe.batch,
        "per_device_eval_batch_size": recipe.batch,
        "gradient_accumulation_steps": recipe.accumulation // world_size(),
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": "constant_with_warmup" if recipe.schedule == "constant" else recipe.schedule,
        "warmup_steps": max(1, round(recipe.warmup * total)) if recipe.warmup else 0,
        "weight_decay": recipe.weight_decay,
        "max_grad_norm": recipe.max_grad_norm,
        "optim": "adamw_torch_fused" if recipe.optimizer == "auto" else recipe.optimizer,
        "bf16": kind is torch.bfloat16 and cuda,
        "fp16": kind is torch.float16 and cuda,
        "use_cpu": not cuda,
        "ddp_backend": "gloo" if world_size() > 1 and not cuda else None,
        "gradient_checkpointing": recipe.checkpointing,
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "max_length": recipe.max_length,
        "eval_strategy": "steps",
        "eval_steps": every,
        "save_strategy": "steps",
        "save_steps": recipe.save_every or every,
        "metric_for_best_model": "loss",
        "greater_is_better": False,
        "logging_steps": 1,
        "logging_nan_inf_filter": False,
        "report_to": _reports(folder, recipe),
        "disable_tqdm": True,
        "dataloader_pin_memory": cuda,
        "prediction_loss_only": True,
    }
    if recipe.objective == "dpo":
        return DPOConfig(**settings, beta=recipe.beta)
    return SFTConfig(
        **settings,
        packing=recipe.packing,
        packing_strategy="bfd_split",
        completion_only_loss=recipe.objective == "instruction",
    )


def _reports(folder: Path, recipe: Recipe) -> str:
    if not recipe.tensorboard:
        return "none"
    if not any(importlib.util.find_spec(name) for name in ("tensorboard", "tensorboardX")):
        raise Refusal(
            "TensorBoard's writer is not installed; install `medtui[tensorboard]`, or set `tensorboard = false` in the "
            "recipe."
        )
    os.environ["TENSORBOARD_LOGGING_DIR"] = str(folder.parent / "tensorboard")
    return "tensorboard"
