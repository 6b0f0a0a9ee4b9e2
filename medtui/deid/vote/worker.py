"""Asks a model about texts that come on standard input; `python -m medtui.deid.vote.worker FOLDER LIBRARY`.

Each input line is `{"id", "text"}`. The first output line is `{"ready": true, "device"}` or `{"error"}`; then one line
`{"id", "spans": [[start, end, category], ...]}` for each text, in order. Nothing is written to disk.
"""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

from medtui.deid.vote.folder import SPACY
from medtui.deid.vote.windows import Vote
from medtui.errors import Refusal

# Enough texts to fill a GPU's batches of windows, few enough to show progress.
_TEXTS_AT_ONCE = 32


class Asked(Protocol):
    """What both kinds of model do."""

    device: str

    def vote(self, texts: list[str]) -> list[list[Vote]]:
        """Give `(start, end, category)` for each text."""


def load(folder: Path, library: str) -> Asked:
    """Load a model from its folder.

    Raises:
        Refusal: it cannot be loaded.
    """
    if library == SPACY:
        from medtui.deid.vote.spacy_model import SpacyModel

        return SpacyModel(folder)
    from medtui.deid.vote.transformers_model import TransformersModel

    return TransformersModel(folder)


def _batches() -> Iterator[list[dict[str, Any]]]:
    lines = (json.loads(line) for line in sys.stdin if line.strip())
    while batch := list(islice(lines, _TEXTS_AT_ONCE)):
        yield batch


def _say(answer: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Load the model and answer until the input ends."""
    try:
        model = load(Path(sys.argv[1]), sys.argv[2])
        _say({"ready": True, "device": model.device})
        for batch in _batches():
            for request, spans in zip(batch, model.vote([request["text"] for request in batch]), strict=True):
                _say({"id": request["id"], "spans": spans})
    except Refusal as refusal:
        _say({"error": str(refusal)})
    except Exception as error:
        # Its message may quote a report.
        _say({"error": f"The model for names failed ({type(error).__name__}); choose another or none."})


if __name__ == "__main__":
    main()
