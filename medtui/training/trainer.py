"""TRL's trainers with checkpoints that are whole or do not count. Imported by workers only."""

import functools
import shutil
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from torch.distributed.tensor import DTensor
from transformers import PrinterCallback, Trainer
from transformers.trainer import OPTIMIZER_NAME, SCHEDULER_NAME
from trl import DPOTrainer, SFTTrainer

from medtui.errors import Refusal
from medtui.training import checkpoints, sharding


class _Checkpointed(Trainer):
    """Saves by staging, verifying and renaming; keeps the newest two checkpoints and the best.

    Args:
        arguments: as TRL's trainers take them.
        folder: where checkpoints go.
        shared_by: processes that the model is divided among, 0 when each holds all of it.
        keywords: as TRL's trainers take them.
    """

    def __init__(self, *arguments: Any, folder: Path, shared_by: int = 0, **keywords: Any) -> None:
        self._whole = not shared_by
        adapted = _trained_weights(keywords["model"]) if isinstance(keywords["model"], PeftModel) else {}
        super().__init__(*arguments, **keywords)
        self.remove_callback(PrinterCallback)
        self.folder = folder
        self._staging: Path | None = None
        # bf16 adapters come back from a checkpoint as float32 and the run then diverges; float32 also learns better.
        for parameter in self.model.parameters():
            if parameter.requires_grad:
                parameter.data = parameter.data.float()
        for name, value in adapted.items():
            self.model.get_parameter(name).data.copy_(value)
        # Bytes of weights in this process and in all, where the model is divided.
        self.shared: dict[str, int] = {}
        if shared_by:
            self.shared = sharding.shard(self.model, self.accelerator.device, shared_by)
            # A divided model averages its gradients itself: only the number format is left to prepare.
            self.accelerator.prepare_model = functools.partial(
                self.accelerator.prepare_model, device_placement=False, evaluation_mode=True
            )

    def _move_model_to_device(self, model: Any, device: torch.device) -> None:
        if self._whole:
            super()._move_model_to_device(model, device)

    def create_model_card(self, *_arguments: Any, **_keywords: Any) -> None:
        """Write none: the export step writes a card that says what was measured."""

    def _get_output_dir(self, trial: Any) -> str:
        return str(self._staging or self.folder)

    def save_model(self, output_dir: str | None = None, _internal_call: bool = False) -> None:
        """Write the weights; those of a divided model are put together first, by all processes at once."""
        if not self.shared:
            super().save_model(output_dir, _internal_call)
            return
        weights = sharding.whole_adapter(self.model)
        if self.args.should_save:
            self._save(output_dir, state_dict=weights)

    def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
        if not self.shared:
            super()._save_optimizer_and_scheduler(output_dir)
            return
        state = sharding.whole_state(self.optimizer)
        if self.args.should_save:
            torch.save(state, Path(output_dir) / OPTIMIZER_NAME)
            torch.save(self.lr_scheduler.state_dict(), Path(output_dir) / SCHEDULER_NAME)

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        super()._load_optimizer_and_scheduler(checkpoint)
        if self.shared and checkpoint is not None:
            sharding.divide_state(self.optimizer)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
        if self.shared:
            sharding.load_adapter(self.model, Path(resume_from_checkpoint) / "adapter_model.safetensors")
        else:
            super()._load_from_checkpoint(resume_from_checkpoint, model)

    def _get_grad_norm(self, model: Any, grad_norm: Any = None) -> Any:
        norm = super()._get_grad_norm(model, grad_norm)
        return norm.full_tensor() if isinstance(norm, DTensor) else norm

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


class CheckpointedTrainer(_Checkpointed, SFTTrainer):
    """Learns from instructions or raw text."""


class PreferenceTrainer(_Checkpointed, DPOTrainer):
    """Learns which of two answers is preferred (direct preference optimisation)."""


def _trained_weights(model: PeftModel) -> dict[str, torch.Tensor]:
    """Copy the weights of an adapter that goes on learning: the trainer would round them to bfloat16."""
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters() if parameter.requires_grad}
