"""One training run from top to bottom: load, prepare, train, save. Imported by the worker only."""

import errno
import json
import math
import shutil
import signal
import warnings
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from peft import LoraConfig
from transformers.trainer_utils import set_seed
from trl import SFTConfig

from medtui.errors import Refusal
from medtui.process import Emit
from medtui.training import checkpoints, curves, loading, rows
from medtui.training import recipe as recipes
from medtui.training.recipe import Recipe
from medtui.training.trainer import CheckpointedTrainer, Recorder
from medtui.workspace import write_atomic

# Checks of the validation set in a run unless the recipe says otherwise.
EVALUATIONS = 10
RESERVE_BYTES = 256 << 10


class StopRequest:
    """Turns SIGTERM into a request to checkpoint and stop."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._ask)

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        self.asked = True

    def __call__(self) -> bool:
        """Tell whether stopping was asked for."""
        return self.asked


def train(run: Path, emit: Emit) -> None:
    """Do the run of this folder, going on from its newest whole checkpoint when there is one.

    Args:
        run: folder with recipe.toml.
        emit: writes one event.

    Raises:
        Refusal: the recipe, the model, the examples or the disk do not allow it.
    """
    reserve = run / ".reserve"
    reserve.write_bytes(bytes(RESERVE_BYTES))
    try:
        _train(run, emit)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise Refusal(f"The disk is full; make space in {run.parent} and continue the run.") from error
    finally:
        # Freed first, so that a full disk still has room for the run's last words.
        reserve.unlink(missing_ok=True)


def _train(run: Path, emit: Emit) -> None:
    stop = StopRequest()
    recipe = recipes.load(run / "recipe.toml")
    start = _starting_point(run, emit)
    emit("phase", phase="load", message="Loading the base model")
    set_seed(recipe.seed)
    model, tokenizer = loading.load_base(Path(recipe.model), _quantization(recipe), _dtype(recipe))
    emit("phase", phase="prepare", message="Reading the examples")
    splits = _splits(run, recipe, tokenizer, emit)
    recorder = Recorder(emit, stop, recipe.patience)
    trainer = _trainer(run, recipe, (model, tokenizer), splits, recorder)
    for name, split, prepared in zip(
        ("train", "validation"), splits, (trainer.train_dataset, trainer.eval_dataset), strict=True
    ):
        rows.check_prepared(name, split, prepared, packed=recipe.packing)
    trainer.args.eval_on_start = start is None
    # Torch only warns where a kernel drops the gradient; such a run would learn in some layers and not in others.
    warnings.filterwarnings("error", message=".*autograd kernel was not registered.*")
    emit("phase", phase="train", message="Training")
    if not stop():
        trainer.train(resume_from_checkpoint=str(start.folder) if start else None)
    if recorder.stopped or stop():
        emit("end", status="stopped", reason=f"Stopped as asked at step {trainer.state.global_step}; it can go on.")
        return
    _finish(run, recipe, trainer, tokenizer, emit, ended_early=recorder.ended_early)


def _starting_point(run: Path, emit: Emit) -> checkpoints.Checkpoint | None:
    folder = run / "checkpoints"
    folder.mkdir(mode=0o700, exist_ok=True)
    checkpoints.sweep(folder)
    start, passed_over = checkpoints.newest_whole(folder)
    for sentence in passed_over:
        emit("warning", message=f"A checkpoint was passed over: {sentence}")
    told = curves.read(run)
    if start is not None or told.train.steps or told.validation.steps:
        emit("resume", step=start.step if start else -1)
    return start


def _quantization(recipe: Recipe) -> loading.Quantization:
    return {"qlora": "nf4", "lora8": "int8"}.get(recipe.method, "none")  # type: ignore[return-value]


def _dtype(recipe: Recipe) -> torch.dtype:
    named = {"bf16": torch.bfloat16, "fp16": torch.float16, "float32": torch.float32}
    return named.get(recipe.precision) or loading.compute_dtype()


def _splits(run: Path, recipe: Recipe, tokenizer: Any, emit: Emit) -> tuple[rows.Rows, rows.Rows]:
    train_rows, validation = (
        rows.read(Path(recipe.dataset) / f"{name}.jsonl", tokenizer, recipe.max_length)
        for name in ("train", "validation")
    )
    left_out = [*train_rows.left_out, *validation.left_out]
    if left_out:
        write_atomic(run / "left_out.json", json.dumps(left_out, indent=1))
        if recipe.over_length == "refuse":
            longest = max(entry["tokens"] for entry in left_out)
            raise Refusal(
                f"{len(left_out)} examples are longer than {recipe.max_length} tokens (the longest has {longest}); "
                "raise the limit, or choose to leave them out. They are listed in left_out.json of the run."
            )
        emit(
            "warning", message=f"{len(left_out)} examples over {recipe.max_length} tokens are left out (left_out.json)."
        )
    if not train_rows.rows or not validation.rows:
        raise Refusal("There are no training or no validation examples left; import more reports.")
    _keep_promise(run, {"train": train_rows, "validation": validation})
    uneven = train_rows.uneven + validation.uneven
    if uneven:
        emit(
            "warning", message=f"In {uneven} examples the chat template writes prompt and answer differently together."
        )
    return train_rows, validation


def _keep_promise(run: Path, splits: dict[str, rows.Rows]) -> None:
    try:
        promised = json.loads((run / "run.json").read_text()).get("promised", {})
    except (OSError, ValueError):
        promised = {}
    for name, split in splits.items():
        there = len(split.rows) + len(split.left_out)
        if promised.get(name) not in (None, there):
            raise Refusal(
                f"The examples step made {promised[name]} {name} examples but the file holds {there}; make them again."
            )


def _trainer(
    run: Path, recipe: Recipe, loaded: tuple[Any, Any], splits: tuple[rows.Rows, rows.Rows], recorder: Recorder
) -> CheckpointedTrainer:
    train_rows, validation = splits
    total = recipe.total_steps(len(train_rows.rows))
    with warnings.catch_warnings():
        # TRL itself still sets names that transformers has deprecated.
        warnings.simplefilter("ignore", FutureWarning)
        return CheckpointedTrainer(
            model=loaded[0],
            args=_arguments(run, recipe, total),
            train_dataset=train_rows.dataset(),
            eval_dataset=validation.dataset(),
            processing_class=loaded[1],
            peft_config=_adapter(recipe, loaded[0]),
            callbacks=[recorder],
            folder=run / "checkpoints",
        )


def _adapter(recipe: Recipe, model: Any) -> LoraConfig | None:
    if recipe.method == "full":
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


def _arguments(run: Path, recipe: Recipe, total: int) -> SFTConfig:
    every = recipe.evaluate_every or max(1, math.ceil(total / EVALUATIONS))
    dtype = _dtype(recipe)
    cuda = torch.cuda.is_available()
    return SFTConfig(
        output_dir=str(run / "checkpoints"),
        max_steps=total,
        per_device_train_batch_size=recipe.batch,
        per_device_eval_batch_size=recipe.batch,
        gradient_accumulation_steps=recipe.accumulation,
        learning_rate=recipe.learning_rate,
        lr_scheduler_type=recipe.schedule if recipe.schedule != "constant" else "constant_with_warmup",
        warmup_steps=max(1, round(recipe.warmup * total)) if recipe.warmup else 0,
        weight_decay=recipe.weight_decay,
        max_grad_norm=recipe.max_grad_norm,
        optim=recipe.optimizer if recipe.optimizer != "auto" else "adamw_torch_fused",
        bf16=dtype is torch.bfloat16 and cuda,
        fp16=dtype is torch.float16 and cuda,
        use_cpu=not cuda,
        gradient_checkpointing=recipe.checkpointing,
        seed=recipe.seed,
        data_seed=recipe.seed,
        max_length=recipe.max_length,
        packing=recipe.packing,
        packing_strategy="bfd_split",
        completion_only_loss=True,
        eval_strategy="steps",
        eval_steps=every,
        save_strategy="steps",
        save_steps=recipe.save_every or every,
        metric_for_best_model="loss",
        greater_is_better=False,
        logging_steps=1,
        logging_nan_inf_filter=False,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=cuda,
        prediction_loss_only=True,
    )


def _finish(
    run: Path, recipe: Recipe, trainer: CheckpointedTrainer, tokenizer: Any, emit: Emit, *, ended_early: bool
) -> None:
    emit("phase", phase="save", message="Saving the adapter")
    best = int(trainer.state.best_global_step or trainer.state.global_step)
    chosen = next((one for one in checkpoints.found(run / "checkpoints") if one.step == best), None)
    if chosen is None or checkpoints.problem(chosen):
        chosen, _ = checkpoints.newest_whole(run / "checkpoints")
        emit("warning", message=f"The best checkpoint (step {best}) is damaged; the newest whole one is used instead.")
    if chosen is None:
        raise Refusal("No checkpoint of this run is whole any more; start the training again.")
    adapter = publish(run, chosen)
    told = curves.read(run)
    emit(
        "end",
        status="finished",
        result={
            "run": run.name,
            "quantization": recipe.quantization,
            "steps": int(trainer.state.global_step),
            "best_step": chosen.step,
            "ended_early": ended_early,
            "train_loss_first": told.train.first,
            "train_loss_last": told.train.last,
            "validation_loss_first": told.validation.first,
            "validation_loss_best": told.validation.best,
            "adapter": str(adapter),
        },
    )


def publish(run: Path, chosen: checkpoints.Checkpoint) -> Path:
    """Copy a checkpoint's weights to the run's `adapter` folder, whole or not at all.

    Args:
        run: the run's folder.
        chosen: a whole checkpoint.

    Returns:
        The adapter's folder.
    """
    adapter, staged = run / "adapter", run / ".adapter"
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700)
    for path in chosen.folder.iterdir():
        if path.suffix in {".safetensors", ".json", ".jinja"} and path.name not in _NOT_PUBLISHED:
            shutil.copy2(path, staged / path.name)
    shutil.rmtree(adapter, ignore_errors=True)
    staged.rename(adapter)
    return adapter


_NOT_PUBLISHED = {"trainer_state.json", checkpoints.MANIFEST}
