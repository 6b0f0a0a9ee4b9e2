"""A spaCy model that marks named entities. Only the vote's worker imports this module."""

from pathlib import Path

import spacy

from medtui.deid.vote.labels import category_of
from medtui.deid.vote.windows import Vote, joined

_NEEDED = ("transformer", "tok2vec", "ner")
# spaCy holds about a gigabyte for each million characters; an overlap longer than any name keeps those at the seams.
_WINDOW, _OVERLAP = 50_000, 500


class SpacyModel:
    """Asked text by text."""

    def __init__(self, folder: Path) -> None:
        self.device = "cuda" if spacy.prefer_gpu() else "cpu"
        self._nlp = spacy.load(folder)
        for name in list(self._nlp.pipe_names):
            if name not in _NEEDED:
                self._nlp.disable_pipe(name)

    def vote(self, texts: list[str]) -> list[list[Vote]]:
        """Give `(start, end, category)` for each text."""
        pieces = [
            (index, start, text[start : start + _WINDOW])
            for index, text in enumerate(texts)
            for start in range(0, max(1, len(text)), _WINDOW - _OVERLAP)
        ]
        found: list[list[Vote]] = [[] for _ in texts]
        # Without a zone of its own, the vocabulary grows with every name it has seen.
        with self._nlp.memory_zone():
            for (index, start, _), seen in zip(pieces, self._nlp.pipe(piece[2] for piece in pieces), strict=True):
                for entity in seen.ents:
                    category = category_of(entity.label_)
                    if category is not None:
                        found[index].append((start + entity.start_char, start + entity.end_char, category.value))
        return [joined(text, tokens) for text, tokens in zip(texts, found, strict=True)]
