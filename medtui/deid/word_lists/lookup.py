"""Look a word up in the shipped list.

The list is kept as one sorted sequence of lines, a tenth of the memory of a dictionary; the few thousand words that
make up most of a practice's text are remembered.
"""

import lzma
from bisect import bisect_left
from functools import lru_cache

from medtui import assets

_REMEMBERED = 4_096


class WordLists:
    """What the shipped lists say about words."""

    def __init__(self) -> None:
        packed = assets.path("word_lists", "words.txt.xz").read_bytes()
        self._lines = lzma.decompress(packed).splitlines()
        self.flags = lru_cache(_REMEMBERED)(self._look_up)

    def _look_up(self, word: str) -> int:
        key = word.encode() + b"\t"
        position = bisect_left(self._lines, key)
        if position < len(self._lines) and self._lines[position].startswith(key):
            return int(self._lines[position][len(key) :])
        if word.endswith("s") and word[-2:-1] in {"'", "\u2019"}:
            return self._look_up(word[:-2])
        return 0


@lru_cache(1)
def word_lists() -> WordLists:
    """Load the lists once a process."""
    return WordLists()
