"""A callback that writes the run's events, stops when asked, and stops a run that went wrong.

Imported by workers only.
"""

import math
import operator
import os
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from medtui.errors import Refusal
from medtui.process import Emit

# Training loss over this multiple of the untrained model's loss, for so many steps in a row, is no noise any more.
EXPLODED_FACTOR, EXPLODED_STEPS = 1.5, 5
# Validation loss that rises this often in a row is no noise either.
RISING_CHECKS = 3
# What learning from preferences tells beyond the loss: the share of pairs in which the preferred answer has become the
# likelier one, and by how much.
_PREFERENCE = {"rewards/accuracies": "preferred_share", "rewards/margins": "preference_margin"}


class Recorder(TrainerCallback):
    """Writes steps, evaluations and checkpoints as events, stops when asked, and stops a run that went wrong.

    Args:
        emit: writes one event.
        stop: tells whether the user asked to stop.
        patience: evaluations without improvement after which the run ends, 0 for never.
        validation: losses that earlier workers of the run measured, that of the untrained model first.
    """

    def __init__(self, emit: Emit, stop: Callable[[], bool], patience: int, validation: Sequence[float] = ()) -> None:
        self._emit = emit
        self._stop = stop
        self._patience = patience
        self._begun = 0.0
        self.step_seconds: list[float] = []
        self.evaluation_seconds = 0.0
        self._validation = list(validation)
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
            **{name: float(logs[key]) for key, name in _PREFERENCE.items() if key in logs},
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
        high = bool(self._validation) and loss > EXPLODED_FACTOR * self._validation[0]
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
        over = no_longer_improving(state.global_step, state.best_global_step, int(args.eval_steps or 1), self._patience)
        if over and state.global_step < state.max_steps:
            self.ended_early = True
            control.should_training_stop = True


def no_longer_improving(step: int, best: int | None, every: int, patience: int) -> bool:
    """Tell whether validation has not improved for too long.

    Args:
        step: the newest checkpoint's.
        best: step of the lowest validation loss, None before the first.
        every: steps between evaluations.
        patience: evaluations without improvement after which a run ends, 0 for never.
    """
    return bool(patience) and step - (best or step) >= patience * every


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


def is_first() -> bool:
    """Tell whether this process is the one that holds the run and tells about it."""
    return os.environ.get("RANK", "0") == "0"
