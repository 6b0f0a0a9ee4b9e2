"""JSON that is not FHIR: objects with a text field are rows of a table by another name."""

from collections.abc import Iterator
from typing import Any

from medtui.reports.draft import Found, Source, Unreadable
from medtui.reports.readers import fhir, values
from medtui.reports.readers.rows import read_rows

# Where the first resource of a bundle says what it is, at the latest.
_HEAD = 200_000


def read(source: Source) -> Iterator[Found]:
    """Read JSON: FHIR where resources are in it, records with text otherwise.

    Raises:
        Unreadable: damaged JSON, or no report text in it.
    """
    written = values.text(source.data)
    head = written[:_HEAD]
    if (b'"resourceType"' in head) if isinstance(head, bytes) else ('"resourceType"' in head):
        yield from fhir.read_written(written)
        return
    records = _records(written)
    headers = list(dict.fromkeys(name for record in records for name in record))
    rows = ([_cell(record.get(name)) for name in headers] for record in records)
    yield from read_rows("json", headers, rows, source)


def _records(written: bytes | str) -> list[dict[str, Any]]:
    try:
        value = values.loads(written)
    except RecursionError as error:
        raise Unreadable("The JSON is nested too deeply to be a report.") from error
    except ValueError:
        value = []
        for line in values.lines(written):
            try:
                value += [values.loads(line)] if line.strip() else []
            except (ValueError, RecursionError) as error:
                raise Unreadable("The JSON is damaged or cut off; export it again.") from error
    records = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
    if not records:
        raise Unreadable("The JSON holds no records; reports are expected in objects with a text field.")
    # A single object around a list of records is how many services answer.
    inner = [item for item in records[0].values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    return [item for item in inner[0] if isinstance(item, dict)] if len(records) == 1 and len(inner) == 1 else records


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(_cell(item) for item in value)
    return "" if value is None or isinstance(value, dict) else str(value)
