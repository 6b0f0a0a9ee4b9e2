"""Turns chat rows into tokens and groups rows of like length into batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

import jinja2
from tokenizers import Tokenizer

from medtui.demo.base_model.corpus import Message
from medtui.demo.base_model.tokenizer import CHAT_TEMPLATE

_TEMPLATE = jinja2.Template(CHAT_TEMPLATE)

Encoded = tuple[list[int], list[bool]]


def encode(tokenizer: Tokenizer, messages: list[Message]) -> Encoded:
    """Turns one row into tokens and marks the answers among them.

    Args:
        tokenizer: The trained tokenizer.
        messages: A row of the corpus.

    Returns:
        Token ids, and for each whether it belongs to an answer; an answer's end token does.
    """
    text = _TEMPLATE.render(messages=messages)
    ids: list[int] = tokenizer.encode(text, add_special_tokens=False).ids
    answer, end = tokenizer.token_to_id("<|assistant|>"), tokenizer.token_to_id("<|end|>")
    in_answer, inside = [], False
    for token in ids:
        in_answer.append(inside)
        inside = token == answer or (inside and token != end)
    return ids, in_answer


def batches(encoded: Iterable[Encoded], random: Random, tokens: int, longest: int) -> Iterator[list[Encoded]]:
    """Groups rows of like length, without end as long as rows come.

    Args:
        encoded: Rows as tokens and marks.
        random: Shuffles the batches.
        tokens: Most tokens in a batch, padding included.
        longest: Longer rows are left out.
    """
    source = (row for row in encoded if len(row[0]) <= longest)
    while pool := list(islice(source, 512)):
        pool.sort(key=lambda row: len(row[0]))
        groups: list[list[Encoded]] = [[]]
        for row in pool:
            if (len(groups[-1]) + 1) * len(row[0]) > tokens:
                groups.append([])
            groups[-1].append(row)
        random.shuffle(groups)
        yield from groups
