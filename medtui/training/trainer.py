"""TRL's trainer with checkpoints that are whole or do not count, and a callback that writes the run's events."""

import math
import operator
import os
import resource
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import PrinterCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from trl import SFTTrainer

from medtui.errors import Refusal
from medtui.process import Emit
from medtui.training import checkpoints

# Training loss over this multiple of the untrained model's loss, for so many steps in a row, is no noise any more.
EXPLODED_FACTOR, EXPLODED_STEPS = 1.5, 5
# Validation loss that rises this often in a row is no noise either.
RISING_CHECKS = 3


class CheckpointedTrainer(SFTTrainer):
    """Saves by staging, verifying and renaming; keeps the newest two checkpoints and the best."""

    def __init__(self, *arguments: Any, folder: Path, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self.remove_callback(PrinterCallback)
        self.folder = folder
        self._staging: Path | None = None
        # bf16 adapters come back from a checkpoint as float32 and the run then diverges; float32 also learns better.
        for parameter in self.model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.float()

    def create_model_card(self, *_arguments: Any, **_keywords: Any) -> None:
        """Write none: the export step writes a card that says what was measured."""

    def _get_output_dir(self, trial: Any) -> str:
        return str(self._staging or self.folder)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        step = int(self.state.global_step)
        self._staging = checkpoints.staging(self.folder, step)
        # Losses live in events.jsonl; a list that grows with every step would make every checkpoint slower.
        self.state.log_history = []
        try:
            super()._save_checkpoint(model, trial)
            # The directory is complete only when every rank has written its random state.
            self.accelerator.wait_for_everyone()
            if self.args.should_save:
                checkpoints.seal(self.folder, step)
                checkpoints.keep_only(self.folder, [int(self.state.best_global_step or step)])
        except (OSError, RuntimeError) as error:
            shutil.rmtree(self._staging, ignore_errors=True)
            raise self._unsaved(step, error) from error
        finally:
            self._staging = None

    def _unsaved(self, step: int, error: Exception) -> Refusal:
        whole, _ = checkpoints.newest_whole(self.folder)
        kept = f"the checkpoint of step {whole.step} is intact" if whole else "no earlier checkpoint exists"
        free = shutil.disk_usage(self.folder).free
        return Refusal(
            f"The checkpoint of step {step} could not be written ({type(error).__name__}, {free / 2**20:.0f} MiB free "
            f"on the disk); {kept}. Make space and continue the run."
        )


class Recorder(TrainerCallback):
    """Writes steps, evaluations and checkpoints as events, stops when asked, and stops a run that went wrong.

    Args:
        emit: writes one event.
        stop: tells whether the user asked to stop.
        patience: evaluations without improvement after which the run ends, 0 for never.
        untrained: validation loss before the first step when it was measured by an earlier worker of the run.
    """

    def __init__(self, emit: Emit, stop: Callable[[], bool], patience: int, untrained: float | None = None) -> None:
        self._emit = emit
        self._stop = stop
        self._patience = patience
        self._begun = 0.0
        self.step_seconds: list[float] = []
        self.evaluation_seconds = 0.0
        self._validation: list[float] = []
        self._untrained = untrained
        self._high = 0
        self._tokens = 0.0
        self._warned = False
        self.stopped = False
        self.ended_early = False

    def on_step_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_keywords: Any
    ) -> None:
        """Start the step's clock."""
        self._begun = time.perf_counter()

    def on_step_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_keywords: Any
    ) -> None:
        """Stop the clock; checkpoint and leave when asked; evaluate and save at the end."""
        self.step_seconds = [*self.step_seconds[-49:], time.perf_counter() - self._begun]
        if _any_rank(self._stop()) and state.global_step < state.max_steps:
            self.stopped = True
            control.should_save = control.should_training_stop = True
        elif state.global_step >= state.max_steps:
            control.should_evaluate = control.should_save = True

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **_keywords: Any,
    ) -> None:
        """Write the step's event and look at its health."""
        if not logs or "loss" not in logs:
            return
        tokens = float(logs.get("num_tokens", 0.0))
        seconds = self.step_seconds[-1]
        self._emit(
            "step",
            step=state.global_step,
            total=state.max_steps,
            loss=float(logs["loss"]),
            learning_rate=float(logs["learning_rate"]),
            grad_norm=float(logs.get("grad_norm", 0.0)),
            tokens_per_second=round((tokens - self._tokens) / max(seconds, 1e-9), 1),
            memory_bytes=memory_bytes(),
            seconds_left=round(self._seconds_left(args, state), 1),
        )
        self._tokens = tokens
        self._look(state.global_step, float(logs["loss"]), float(logs.get("grad_norm", 0.0)))

    def _seconds_left(self, args: TrainingArguments, state: TrainerState) -> float:
        steps = state.max_steps - state.global_step
        checks = math.ceil(steps / max(1, args.eval_steps or 1))
        return steps * statistics.fmean(self.step_seconds) + checks * self.evaluation_seconds

    def _look(self, step: int, loss: float, grad_norm: float) -> None:
        if not (math.isfinite(loss) and math.isfinite(grad_norm)):
            raise Refusal(
                f"Step {step} gave no number any more (NaN): the learning rate is probably too high. What "
                "was saved before is kept; start again with half the learning rate."
            )
        high = self._untrained is not None and loss > EXPLODED_FACTOR * self._untrained
        self._high = self._high + 1 if high else 0
        if self._high >= EXPLODED_STEPS:
            raise Refusal(
                f"By step {step} the loss had grown to over {EXPLODED_FACTOR:g} times that of the untrained model: the "
                "learning rate is too high. What was saved before is kept; start again with half the learning rate."
            )

    def on_evaluate(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        metrics: dict[str, float] | None = None,
        **_keywords: Any,
    ) -> None:
        """Write the validation loss; every evaluation is followed by a checkpoint so that the best can be kept."""
        if not metrics:
            return
        self.evaluation_seconds = float(metrics.get("eval_runtime", 0.0))
        loss = float(metrics["eval_loss"])
        self._emit("evaluation", step=state.global_step, loss=loss)
        self._validation.append(loss)
        if state.global_step == 0:
            self._untrained = loss
        self._warn_of_learning_by_heart()
        if state.global_step > 0:
            control.should_save = True

    def _warn_of_learning_by_heart(self) -> None:
        newest = self._validation[-(RISING_CHECKS + 1) :]
        rising = len(newest) > RISING_CHECKS and all(map(operator.lt, newest, newest[1:]))
        if rising and not self._warned:
            self._warned = True
            self._emit(
                "warning",
                message=f"The loss on validation reports has risen {RISING_CHECKS} times in a row: the model begins to "
                "learn single reports by heart. The best state so far is kept; fewer epochs or more reports help.",
            )

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **_keywords: Any) -> None:
        """Write that a checkpoint counts now; end early when validation no longer improves."""
        self._emit("checkpoint", step=state.global_step, best=state.best_global_step)
        since = state.global_step - int(state.best_global_step or state.global_step)
        if (
            self._patience
            and since >= self._patience * int(args.eval_steps or 1)
            and state.global_step < state.max_steps
        ):
            self.ended_early = True
            control.should_training_stop = True


def _any_rank(asked: bool) -> bool:
    """Tell whether any of the processes that train together was asked; all must stop at the same step."""
    if world_size() == 1:
        return asked
    flag = torch.tensor([float(asked)], device="cuda" if torch.cuda.is_available() else "cpu")
    torch.distributed.all_reduce(flag)
    return bool(flag.item())


def memory_bytes() -> int:
    """Give the memory the run has needed at most: of the GPU where there is one, else of this process."""
    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_reserved())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def world_size() -> int:
    """Give the number of processes that train together."""
    return int(os.environ.get("WORLD_SIZE", "1"))
