"""Read the training rows and count what must be trained on, independently of the trainer. Imported by workers only."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from datasets import Dataset

from medtui.errors import Refusal

# A divided answer needs room for at least so many of its tokens behind the whole prompt.
SMALLEST_PIECE = 16


@dataclass
class Rows:
    """The rows of one split that a run uses.

    Attributes:
        rows: token ids, with the answer marked; or prompt, chosen and rejected messages.
        trained_tokens: tokens of all answers, end of text included: what the loss must count; -1 when not counted.
        lengths: tokens of each row.
        left_out: document and length of each example over the limit that is not used.
        divided: examples over the limit whose answers were divided into several rows.
        examples: how many the file holds.
        uneven: rows whose prompt is no prefix of the whole text under this chat template.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    trained_tokens: int = 0
    lengths: list[int] = field(default_factory=list)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    divided: int = 0
    examples: int = 0
    uneven: int = 0

    def longest(self, count: int) -> "Rows":
        """Give the longest rows, repeated when there are fewer."""
        order = sorted(range(len(self.rows)), key=lambda index: -self.lengths[index])
        chosen = [order[number % len(order)] for number in range(count)]
        return Rows([self.rows[index] for index in chosen], -1, [self.lengths[index] for index in chosen])

    def dataset(self) -> Dataset:
        """Give the rows to the trainer, held in memory so that no cache of them is written."""
        return Dataset.from_list(self.rows)

    def add(self, row: dict[str, Any], length: int, trained: int) -> None:
        """Take one more row."""
        self.rows.append(row)
        self.lengths.append(length)
        self.trained_tokens += trained


@dataclass(frozen=True)
class Reader:
    """Turns the lines of one split into rows.

    Attributes:
        tokenizer: with the chat template that the run uses.
        max_length: tokens that a row may have; raw text is divided into rows of this length, losing none of it.
        objective: "instruction" (`prompt`, `completion`), "text" (`text`) or "dpo" (`prompt`, `chosen`, `rejected`).
        divide: divide the answers of examples over the limit instead of leaving these out.
    """

    tokenizer: Any
    max_length: int
    objective: str = "instruction"
    divide: bool = False

    def read(self, path: Path) -> Rows:
        """Read one split.

        Raises:
            Refusal: the file is missing, or a line is no such row.
        """
        split = Rows()
        take = {"text": self._text, "dpo": self._pair}.get(self.objective, self._example)
        for number, row in _lines(path):
            split.examples += 1
            try:
                take(split, number, row)
            except (KeyError, TypeError, ValueError) as error:
                raise Refusal(f"Line {number} of {path} is no training example; make the examples again.") from error
        return split

    def _example(self, split: Rows, number: int, row: dict[str, Any]) -> None:
        whole, shared, uneven = self._answer(row["prompt"], row["completion"])
        split.uneven += uneven
        if len(whole) <= self.max_length:
            split.add(_masked(whole, shared), len(whole), len(whole) - shared)
        elif self.divide and self.max_length - shared >= SMALLEST_PIECE:
            split.divided += 1
            for piece, context in _pieces(whole, shared, self.max_length):
                split.add(_masked(piece, context), len(piece), len(piece) - context)
        else:
            split.left_out.append(_over(number, row, len(whole)))

    def _pair(self, split: Rows, number: int, row: dict[str, Any]) -> None:
        answers = [self._answer(row["prompt"], row[name]) for name in ("chosen", "rejected")]
        length = max(len(whole) for whole, _, _ in answers)
        if length > self.max_length:
            split.left_out.append(_over(number, row, length))
            return
        shared = min(shared for _, shared, _ in answers)
        split.uneven += any(uneven for _, _, uneven in answers)
        pair = {name: row[name] for name in ("prompt", "chosen", "rejected")}
        split.add(pair, length, sum(len(whole) - shared for whole, _, _ in answers))

    def _text(self, split: Rows, _number: int, row: dict[str, Any]) -> None:
        if not isinstance(row["text"], str):
            raise TypeError("no text")
        # Some models, Gemma among them, predict nothing sensible without their mark of a beginning.
        begin = [] if self.tokenizer.bos_token_id not in self._tokens_of("")[:1] else [self.tokenizer.bos_token_id]
        ids = [*self.tokenizer(row["text"], add_special_tokens=False)["input_ids"], self.tokenizer.eos_token_id]
        room = self.max_length - len(begin)
        for start in range(0, len(ids), room):
            piece = [*begin, *ids[start : start + room]]
            split.add({"input_ids": piece}, len(piece), len(piece))

    def _tokens_of(self, text: str) -> list[int]:
        return list(self.tokenizer(text)["input_ids"])

    def _answer(self, prompt: list[dict[str, str]], answer: list[dict[str, str]]) -> tuple[list[int], int, bool]:
        """Give the tokens of prompt and answer, how many of them are the prompt, and whether it is no whole prefix."""
        before = self._chat(prompt, add_generation_prompt=True)
        whole = self._chat([*prompt, *answer], add_generation_prompt=False)
        shared = _shared_prefix(before, whole)
        return whole, shared, shared < len(before)

    def _chat(self, messages: list[dict[str, str]], *, add_generation_prompt: bool) -> list[int]:
        encoded = self.tokenizer.apply_chat_template(
            messages, tokenize=True, add_generation_prompt=add_generation_prompt, return_dict=True
        )
        return list(encoded["input_ids"])


def _masked(ids: list[int], context: int) -> dict[str, list[int]]:
    return {"input_ids": ids, "completion_mask": [0] * context + [1] * (len(ids) - context)}


def _pieces(whole: list[int], shared: int, limit: int) -> Iterator[tuple[list[int], int]]:
    """Divide an answer: each piece stands behind the whole prompt and what of the answer came just before it.

    Yields:
        Tokens of a row, and how many of them are not learnt because they are context.
    """
    begin, room = shared, limit - shared
    while begin < len(whole):
        before = whole[max(shared, begin - room // 2) : begin]
        piece = whole[begin : begin + room - len(before)]
        yield [*whole[:shared], *before, *piece], shared + len(before)
        begin += len(piece)


def _over(number: int, row: dict[str, Any], tokens: int) -> dict[str, Any]:
    return {"line": number, "document_id": str(row.get("meta", {}).get("document_id", "")), "tokens": tokens}


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        text = path.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"Cannot read {path} ({type(error).__name__}); make the examples first.") from error
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = dict(json.loads(line))
        except (ValueError, TypeError) as error:
            raise Refusal(f"Line {number} of {path} is damaged; make the examples again.") from error
        yield number, row


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
        prepared: the trainer's rows after its preparation, with `labels`, or with `chosen_ids` and `rejected_ids`.
        packed: rows were joined, so only tokens can be compared.

    Raises:
        Refusal: rows or trained tokens were dropped or added.
    """
    if split.trained_tokens < 0:
        return
    if "labels" in prepared.column_names:
        trained = sum(label != -100 for labels in prepared["labels"] for label in labels)
    else:
        trained = sum(len(ids) for key in ("chosen_ids", "rejected_ids") for ids in prepared[key])
    if trained != split.trained_tokens or (not packed and len(prepared) != len(split.rows)):
        raise Refusal(
            f"The trainer would use {len(prepared)} rows and {trained} answer tokens of the {name} examples, but the "
            f"files hold {len(split.rows)} rows and {split.trained_tokens}; nothing was trained."
        )
