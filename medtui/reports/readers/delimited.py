"""Tables in text: CSV, TSV and their relatives."""

import csv
import io
import itertools
from collections.abc import Iterator

from medtui.reports import encoding
from medtui.reports.draft import Found, Skipped, Source, Unreadable
from medtui.reports.readers.rows import read_rows

_DELIMITERS = ",\t;|"
_PEEK = 30
csv.field_size_limit(16_000_000)


def looks_delimited(text: str) -> str:
    """Tell whether text is a table.

    Args:
        text: the first part of a file, at least some rows.

    Returns:
        The delimiter, empty when it is no table: rows of equal length under a row of short distinct headings.
    """
    best, width = "", 1
    for delimiter in _DELIMITERS:
        if delimiter not in text.split("\n", 1)[0]:
            continue
        try:
            rows = [row for row in itertools.islice(csv.reader(io.StringIO(text), delimiter=delimiter), _PEEK) if row]
        except csv.Error:
            continue
        # The last row may be cut off by the end of the sample.
        body = rows[:-1] if len(rows) > 2 else rows
        if len(rows) < 2 or len(rows[0]) <= width or not _headings(rows[0]):
            continue
        if sum(len(row) == len(rows[0]) for row in body) >= 0.9 * len(body):
            best, width = delimiter, len(rows[0])
    return best


def _headings(row: list[str]) -> bool:
    names = [name.strip() for name in row]
    filled = [name for name in names if name]
    return (
        len(filled) >= max(2, 0.8 * len(names))
        and len(set(filled)) == len(filled)
        and all(len(name) <= 60 and name.count(" ") <= 5 and not name.endswith(".") for name in filled)
        and not any(name.replace(".", "").replace("-", "").isdigit() for name in filled)
    )


def read(source: Source) -> Iterator[Found]:
    """Read each row of a delimited table as a report.

    Raises:
        Unreadable: no column holds reports, or the quoting is broken.
    """
    text, _ = encoding.decode(source.data)
    text = text.lstrip("\ufeff").replace("\x00", "")
    delimiter = looks_delimited(text[:200_000])
    rows = (row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or ",") if any(row))
    try:
        headers = [name.strip() for name in next(rows, [])]
        kind = "tsv" if delimiter == "\t" else "csv"
        yield from _whole(kind, headers, rows, source)
    except csv.Error as error:
        raise Unreadable("The table's quotes do not match; export it again.") from error


def _whole(kind: str, headers: list[str], rows: Iterator[list[str]], source: Source) -> Iterator[Found]:
    shifted = 0

    def fitting() -> Iterator[list[str]]:
        nonlocal shifted
        for row in rows:
            if len(row) > len(headers):
                shifted += 1
                continue
            yield row

    yield from read_rows(kind, headers, fitting(), source)
    if shifted:
        yield Skipped(
            "rows",
            f"{shifted} rows have more cells than the table has columns and were left out; mend their quotes.",
            kind,
        )
