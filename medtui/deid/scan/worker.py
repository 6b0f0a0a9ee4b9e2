"""Searches texts that come on standard input; `python -m medtui.deid.scan.worker`.

Each input line is `{"id": ..., "text": ..., "known": [...]}`; each output line, in the same order, is
`{"id": ..., "spans": [...], "doubts": [...]}` or `{"id": ..., "error": ...}`. Nothing is written to disk.
"""

import json
import sys
import time
from typing import Any

from medtui.deid.known import KnownStrings
from medtui.deid.recognizers import Analyzer
from medtui.deid.spans import THRESHOLD, Span
from medtui.phi import Category


def _known(values: list[Any]) -> KnownStrings:
    """Take strings, whose kind their form tells, or `{"kind", "value"}` objects."""
    pairs: list[tuple[Category, str]] = []
    for value in values:
        if isinstance(value, dict):
            pairs.append((Category(value["kind"]), str(value["value"])))
        else:
            kind = Category.OTHER_ID if any(map(str.isdigit, str(value))) else Category.NAME
            pairs.append((kind, str(value)))
    return KnownStrings(pairs)


def _entry(span: Span) -> dict[str, Any]:
    return {
        "start": span.start,
        "end": span.end,
        "entity": span.category.value,
        "score": span.score,
        "rule": span.source,
    }


def answer(analyzer: Analyzer, line: str) -> dict[str, Any]:
    """Search one line's text."""
    try:
        request = json.loads(line)
        identifier, text = request["id"], request["text"]
        known = _known(request.get("known") or [])
    except (ValueError, KeyError, TypeError):
        return {"id": None, "error": "not a JSON object with id and text"}
    if not isinstance(text, str):
        return {"id": identifier, "error": "text is not a string"}
    begun = time.perf_counter()
    spans = analyzer.find(text, known)
    return {
        "id": identifier,
        "spans": [_entry(span) for span in spans if span.score >= THRESHOLD],
        "doubts": [_entry(span) for span in spans if span.score < THRESHOLD],
        "seconds": round(time.perf_counter() - begun, 6),
    }


def main() -> None:
    """Answer line by line until the input ends."""
    analyzer = Analyzer()
    for line in sys.stdin:
        if line.strip():
            sys.stdout.write(json.dumps(answer(analyzer, line), ensure_ascii=False) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
