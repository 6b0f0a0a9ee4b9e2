"""Read the training rows and count what must be trained on, independently of the trainer. Imported by workers only."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets import Dataset

from medtui.errors import Refusal


@dataclass
class Rows:
    """The rows of one split that a run uses.

    Attributes:
        rows: prompt and completion messages.
        trained_tokens: tokens of all completions, end of text included: what the loss must count; -1 when not counted.
        lengths: tokens of each row.
        left_out: document and length of each row over the limit.
        uneven: rows whose prompt is no prefix of the whole text under this chat template.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    trained_tokens: int = 0
    lengths: list[int] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    uneven: int = 0

    def longest(self, count: int) -> "Rows":
        """Give the longest rows, repeated when there are fewer."""
        order = sorted(range(len(self.rows)), key=lambda index: -self.lengths[index])
        chosen = [order[number % len(order)] for number in range(count)]
        return Rows([self.rows[index] for index in chosen], -1, [self.lengths[index] for index in chosen])

    def dataset(self) -> Dataset:
        """Give the rows to the trainer, held in memory so that no cache of them is written."""
        return Dataset.from_list(self.rows)


def read(path: Path, tokenizer: Any, max_length: int, objective: str = "instruction") -> Rows:
    """Read one split.

    Args:
        path: JSON lines with `prompt`, `completion` and `meta`, or with `text` for the objective of that name.
        tokenizer: with the chat template that the run uses.
        max_length: tokens that a row may have; raw text is divided into rows of this length, losing none of it.
        objective: "instruction" or "text".

    Raises:
        Refusal: the file is missing, or a line is no such row.
    """
    if objective == "text":
        return _read_text(path, tokenizer, max_length)
    split = Rows()
    for number, row in _lines(path):
        try:
            prompt, completion = row["prompt"], row["completion"]
            before = _tokens(tokenizer, prompt, add_generation_prompt=True)
            whole = _tokens(tokenizer, [*prompt, *completion], add_generation_prompt=False)
        except (KeyError, TypeError, ValueError) as error:
            raise Refusal(f"Line {number} of {path} is no training example; make the examples again.") from error
        if len(whole) > max_length:
            document = str(row.get("meta", {}).get("document_id", ""))
            split.left_out.append({"line": number, "document_id": document, "tokens": len(whole)})
            continue
        shared = _shared_prefix(before, whole)
        split.uneven += shared < len(before)
        split.trained_tokens += len(whole) - shared
        split.lengths.append(len(whole))
        split.rows.append({"prompt": prompt, "completion": completion})
    return split


def _read_text(path: Path, tokenizer: Any, max_length: int) -> Rows:
    split = Rows()
    for number, row in _lines(path):
        if not isinstance(row.get("text"), str):
            raise Refusal(f"Line {number} of {path} holds no text; make the examples again.")
        ids = [*tokenizer(row["text"], add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
        for begin in range(0, len(ids), max_length):
            piece = ids[begin : begin + max_length]
            split.rows.append({"input_ids": piece})
            split.lengths.append(len(piece))
            split.trained_tokens += len(piece)
    return split


def _lines(path: Path) -> list[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Cannot read {path} ({type(error).__name__}); make the examples first.") from error
    numbered = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            numbered.append((number, dict(json.loads(line))))
        except (ValueError, TypeError) as error:
            raise Refusal(f"Line {number} of {path} is damaged; make the examples again.") from error
    return numbered


def _tokens(tokenizer: Any, messages: list[dict[str, str]], *, add_generation_prompt: bool) -> list[int]:
    encoded = tokenizer.apply_chat_template(
        messages, tokenize=True, add_generation_prompt=add_generation_prompt, return_dict=True
    )
    return list(encoded["input_ids"])


def _shared_prefix(left: list[int], right: list[int]) -> int:
    for index, (one, other) in enumerate(zip(left, right, strict=False)):
        if one != other:
            return index
    return min(len(left), len(right))


def check_prepared(name: str, split: Rows, prepared: Dataset, *, packed: bool) -> None:
    """Compare what the trainer will train on with what the files hold.

    Args:
        name: of the split, for the message.
        split: our own count.
        prepared: the trainer's rows after its tokenisation, with `labels`.
        packed: rows were joined, so only tokens can be compared.

    Raises:
        Refusal: rows or trained tokens were dropped or added.
    """
    if split.trained_tokens < 0:
        return
    trained = sum(label != -100 for labels in prepared["labels"] for label in labels)
    if trained != split.trained_tokens or (not packed and len(prepared) != len(split.rows)):
        raise Refusal(
            f"The trainer would use {len(prepared)} rows and {trained} answer tokens of the {name} examples, but the "
            f"files hold {len(split.rows)} rows and {split.trained_tokens}; nothing was trained."
        )
