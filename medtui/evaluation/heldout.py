"""The held-out examples that an evaluation measures on."""

import json
from collections.abc import Iterator
from typing import Any

from medtui.errors import Refusal
from medtui.evaluation.request import Request
from medtui.examples.tokens import ChatTokenizer, Encoded


def read(request: Request) -> list[tuple[Encoded, dict[str, Any]]]:
    """Read and tokenise the examples of a request.

    Returns:
        For each example its tokens and its `meta`.

    Raises:
        Refusal: the file is missing, damaged or empty, or the model's chat template does not fit.
    """
    found = list(_rows(request))
    if not found:
        raise Refusal("The test split is empty; import more reports and build the examples again.")
    return found


def _rows(request: Request) -> Iterator[tuple[Encoded, dict[str, Any]]]:
    tokenizer = ChatTokenizer(request.model)
    try:
        with request.examples.open(encoding="utf-8") as stream:
            for line in stream:
                row = json.loads(line)
                meta = {name: str(row["meta"][name]) for name in ("document_id", "task")}
                yield tokenizer.encode(row["prompt"], row["completion"]), meta
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refusal(f"Cannot read {request.examples} ({type(error).__name__}); build the examples again.") from error
