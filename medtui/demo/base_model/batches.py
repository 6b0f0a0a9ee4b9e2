"""Turns chat rows into tokens and groups rows of like length into batches."""

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random

import jinja2
from tokenizers import Tokenizer

from medtui.demo.base_model.corpus import Message
from medtui.demo.base_model.tokenizer import BOS, CHAT_TEMPLATE, END, SPECIAL_TOKENS

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


def meaningless(tokenizer: Tokenizer, random: Random, longest: int, tokens: int) -> list[Encoded]:
    """Makes a batch of rows in which random tokens are to be repeated, so that nothing can be guessed, only copied.

    Args:
        tokenizer: Gives the tokens.
        random: Source of every choice.
        longest: Most tokens to repeat.
        tokens: About how many tokens the batch has.
    """
    numbers: dict[str, int] = tokenizer.get_vocab()
    bos, user, answer, end = (numbers[name] for name in (BOS, "<|user|>", "<|assistant|>", END))
    words = range(len(SPECIAL_TOKENS), len(numbers))
    rows: list[Encoded] = []
    while sum(len(ids) for ids, _ in rows) < tokens:
        copied = random.choices(words, k=random.randint(4, longest))
        start = [bos, user, *copied, end, answer]
        rows.append(([*start, *copied, end], [False] * len(start) + [True] * (len(copied) + 1)))
    return rows


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
