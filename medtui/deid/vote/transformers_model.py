"""A transformers model that labels tokens. Only the vote's worker imports this module."""

from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForTokenClassification, AutoTokenizer

from medtui.deid.vote.labels import category_of
from medtui.deid.vote.windows import Vote, joined
from medtui.errors import Refusal
from medtui.phi import Category

# What these models were trained on; the overlap is longer than any name, so each stands whole in one window.
_WINDOW, _OVERLAP = 512, 64
_AT_ONCE = {"cuda": 64, "cpu": 8}
# RoBERTa counts positions from 2.
_RESERVED = 2


class TransformersModel:
    """Asked in batches of windows, on the GPU where there is one."""

    def __init__(self, folder: Path) -> None:
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        half = torch.bfloat16 if self.device == "cuda" else torch.float32
        given = {"local_files_only": True, "trust_remote_code": False}
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, use_fast=True, **given)
            model = AutoModelForTokenClassification.from_pretrained(folder, use_safetensors=True, dtype=half, **given)
        except (OSError, ValueError, KeyError) as error:
            raise Refusal(f"Cannot load the model in {folder}; fetch it again or choose another.") from error
        if not self._tokenizer.is_fast:
            raise Refusal(f"The tokenizer in {folder} cannot tell where a token stands (no tokenizer.json).")
        self._model: Any = model.to(self.device).eval()
        categories = [category_of(model.config.id2label[index]) for index in range(model.config.num_labels)]
        self._kinds: list[Category] = sorted({one for one in categories if one is not None})
        # One row per kind, to sum the probabilities of its labels.
        self._of_kind = torch.tensor(
            [[float(one is kind) for one in categories] for kind in self._kinds], device=self.device
        )
        positions = getattr(model.config, "max_position_embeddings", None) or _WINDOW + _RESERVED
        self._window = min(_WINDOW, self._tokenizer.model_max_length, positions - _RESERVED)
        self._overlap = min(_OVERLAP, self._window // 4)

    def vote(self, texts: list[str]) -> list[list[Vote]]:
        """Give `(start, end, category)` for each text."""
        windows = self._tokenizer(
            texts, truncation=True, max_length=self._window, stride=self._overlap, return_overflowing_tokens=True,
            return_offsets_mapping=True, return_special_tokens_mask=True,
        )  # fmt: skip
        found: list[list[Vote]] = [[] for _ in texts]
        # Windows of like length beside each other: less padding.
        order = sorted(range(len(windows["input_ids"])), key=lambda window: len(windows["input_ids"][window]))
        step = _AT_ONCE[self.device]
        for first in range(0, len(order), step):
            self._ask(windows, order[first : first + step], found)
        return [joined(text, tokens) for text, tokens in zip(texts, found, strict=True)]

    def _ask(self, windows: Any, chosen: list[int], found: list[list[Vote]]) -> None:
        inputs = self._tokenizer.pad(
            {
                "input_ids": [windows["input_ids"][window] for window in chosen],
                "attention_mask": [windows["attention_mask"][window] for window in chosen],
            },
            return_tensors="pt",
        ).to(self.device)
        with torch.inference_mode():
            likely = self._model(**inputs).logits.float().softmax(-1) @ self._of_kind.T
        # A name is a name even where the model wavers between patient and doctor: what counts is that it is somebody.
        marked = (likely.sum(-1) >= 0.5).cpu()
        kinds = likely.argmax(-1).cpu()
        for row, window in enumerate(chosen):
            report = windows["overflow_to_sample_mapping"][window]
            offsets, special = windows["offset_mapping"][window], windows["special_tokens_mask"][window]
            for token, ((start, end), outside) in enumerate(zip(offsets, special, strict=True)):
                if end > start and not outside and marked[row, token]:
                    found[report].append((start, end, self._kinds[int(kinds[row, token])].value))
