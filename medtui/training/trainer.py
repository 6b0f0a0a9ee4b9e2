"""TRL's trainers with checkpoints that are whole or do not count. Imported by workers only."""

import shutil
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import PrinterCallback, Trainer
from trl import DPOTrainer, SFTTrainer

from medtui.errors import Refusal
from medtui.training import checkpoints


class _Checkpointed(Trainer):
    """Saves by staging, verifying and renaming; keeps the newest two checkpoints and the best."""

    def __init__(self, *arguments: Any, folder: Path, **keywords: Any) -> None:
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


class CheckpointedTrainer(_Checkpointed, SFTTrainer):
    """Learns from instructions or raw text."""


class PreferenceTrainer(_Checkpointed, DPOTrainer):
    """Learns which of two answers is preferred (direct preference optimisation)."""


def _trained_weights(model: PeftModel) -> dict[str, torch.Tensor]:
    """Copy the weights of an adapter that goes on learning: the trainer would round them to bfloat16."""
    return {name: parameter.detach().clone() for name, parameter in model.named_parameters() if parameter.requires_grad}
