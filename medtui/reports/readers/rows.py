"""Reports out of the rows of a table, whatever file the table came from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

import msgspec

from medtui.phi import Category
from medtui.reports import labels
from medtui.reports.clean import clean_line
from medtui.reports.columns import (
    FAMILY,
    GIVEN,
    about_people,
    guess,
    identifying,
    is_number,
    numbers_patient,
    plain,
    signature,
)
from medtui.reports.dates import iso_date
from medtui.reports.document import Section
from medtui.reports.draft import Draft, Found, Person, Source, Unreadable
from medtui.reports.identity import Identity
from medtui.reports.mapping import LEFT_OUT, SHOWN_ROWS, Mapping, Table
from medtui.reports.readers import staff
from medtui.reports.sections import code_of

# Enough rows to see what a column holds, few enough to keep in memory.
_SAMPLE = 60
# What a cell shows of itself where somebody only has to see what the column holds.
_SHOWN_CHARACTERS = 600
# Shorter numbers stand for anything in a text.
_SHORTEST_NUMBER = 3


def read_rows(
    kind: str, headers: list[str], rows: Iterable[list[str]], source: Source, prefix: str = ""
) -> Iterator[Found]:
    """Read each row of a table as a report.

    Args:
        kind: the file's format.
        headers: the table's headings.
        rows: its rows, read as they are needed.
        source: gives the mappings that the user chose.
        prefix: what to put before "row N", such as the sheet.

    Raises:
        Unreadable: no column holds reports.
    """
    headers = [clean_line(name) for name in headers]
    stream = iter(rows)
    sample = list(islice(stream, _SAMPLE))
    chosen = source.columns.get(signature(headers))
    mapping = Mapping.from_dict(chosen) if chosen else guess(headers, sample)
    table = _Table(kind, mapping, labels.writes_day_first("\n".join("\n".join(row) for row in sample)))
    numbered = enumerate(chain(sample, stream), start=1)
    without = not source.preview and not any(name in headers for name in mapping.report)
    own, described = (about_people(headers, mapping), staff.described(headers)) if without else ("", None)
    if own or described:
        yield from _people(
            replace(table, mapping=msgspec.structs.replace(mapping, patient=own)), headers, numbered, prefix, described
        )
        return
    if source.preview or (source.ask and not chosen):
        shown = tuple(tuple(clean_line(cell[:_SHOWN_CHARACTERS]) for cell in row) for row in sample[:SHOWN_ROWS])
        yield Table(prefix.rstrip(", "), signature(headers), tuple(headers), shown, mapping)
        return
    if mapping.left_out:
        raise Unreadable(LEFT_OUT)
    if not [name for name in mapping.report if name in headers]:
        raise Unreadable(
            f"None of the table's {len(headers)} columns looks like report text; "
            "say which it is on the import screen or with `medtui reports columns`."
        )
    if mapping.line:
        yield from _spread(table, headers, numbered, prefix)
        return
    for number, row in numbered:
        yield from _row(table, dict(zip(headers, row, strict=False)), f"{prefix}row {number}")


@dataclass(frozen=True)
class _Table:
    kind: str
    mapping: Mapping
    day_first: bool


def _people(
    table: _Table, headers: list[str], rows: Iterable[tuple[int, list[str]]], prefix: str, described: str | None
) -> Iterator[Found]:
    """Read a table that says who patients, staff or places are: what it says is used for reports in other files."""
    for number, row in rows:
        inner = f"{prefix}row {number}"
        entry = staff.entry(described, headers, row, inner, day_first=table.day_first)
        if entry is not None:
            yield entry
        if not described:
            yield Person(inner, _identity(dict(zip(headers, row, strict=False)), table))


def _row(table: _Table, values: dict[str, str], inner: str) -> Iterator[Found]:
    mapping = table.mapping
    texts = [(name, values.get(name, "")) for name in mapping.report if values.get(name, "").strip()]
    if not texts:
        return
    draft = Draft(table.kind, inner=inner, identity=_identity(values, table), title=values.get(mapping.title, ""))
    draft.report_date = iso_date(values.get(mapping.date, ""), day_first=table.day_first)
    if len(mapping.report) == 1:
        draft.text = texts[0][1]
    else:
        draft.sections = [Section(_title(name), code_of(plain(name)), text) for name, text in texts]
    yield draft
    if any(number != draft.identity.mrn for number in draft.identity.also):
        # The row gives several numbers of one patient: files that know the patient by another are about the same one.
        yield Person(inner, draft.identity.keys_only())


def _spread(table: _Table, headers: list[str], rows: Iterable[tuple[int, list[str]]], prefix: str) -> Iterator[Found]:
    """Join reports that a database spread over several rows, a line each; rows of a report stand together."""
    key = table.mapping.report_id
    current: list[dict[str, str]] = []
    first = 0
    for number, row in rows:
        values = dict(zip(headers, row, strict=False))
        if current and values.get(key) != current[0].get(key):
            yield from _joined(table, current, f"{prefix}row {first}")
            current = []
        if not current:
            first = number
        current.append(values)
    if current:
        yield from _joined(table, current, f"{prefix}row {first}")


def _joined(table: _Table, lines: list[dict[str, str]], inner: str) -> Iterator[Found]:
    ordered = sorted(lines, key=lambda values: int(values.get(table.mapping.line, "0") or 0))
    whole = dict(ordered[0])
    for name in table.mapping.report:
        whole[name] = "\n".join(values.get(name, "") for values in ordered)
    yield from _row(table, whole, inner)


def _identity(values: dict[str, str], table: _Table) -> Identity:
    mapping = table.mapping
    identity = Identity()
    given: list[str] = []
    family = ""
    for name, raw in values.items():
        value = raw.strip()
        if not value or name in mapping.report or name == mapping.title or len(value) > 200:
            continue
        identity.refers += staff.references(name, value)
        if _as_chosen(identity, name, value, table):
            continue
        label = plain(name)
        if label in GIVEN:
            given += value.split()
        elif label in FAMILY:
            family = value
        elif name == mapping.patient:
            _patient(identity, label, value)
        elif numbers_patient(name):
            identity.also.append(value)
            labels.add(identity, "mrn", value, table.day_first)
        elif name == mapping.date:
            identity.add_date(value, day_first=table.day_first)
        elif labels.label_kind(label):
            labels.add(identity, label, value, table.day_first)
        elif is_number(label) and len(value) > _SHORTEST_NUMBER and any(character.isdigit() for character in value):
            identity.add(Category.OTHER_ID, value)
    if given or family:
        whole = identity.add_name(given, family)
        identity.name = identity.name or whole
    return identity


def _as_chosen(identity: Identity, name: str, value: str, table: _Table) -> bool:
    """Add a value of a column of which the user said something else than its heading says; True when that is so."""
    mapping = table.mapping
    if mapping.identifiers is None or name in (mapping.patient, mapping.date):
        return False
    chosen = mapping.identifiers.get(name)
    if chosen is None or chosen == identifying(name):
        return chosen is None
    kind = Category(chosen)
    if kind is Category.NAME:
        identity.add_written_name(value)
    elif kind is Category.DATE:
        identity.add_date(value, day_first=table.day_first)
    elif kind is Category.AGE:
        labels.add(identity, "age", value, table.day_first)
    elif kind is Category.LOCATION or len(value) > _SHORTEST_NUMBER:
        identity.add(kind, value)
    return True


def _patient(identity: Identity, label: str, value: str) -> None:
    if labels.label_kind(label).startswith("patient") and not any(character.isdigit() for character in value):
        identity.name = identity.add_written_name(value)
    else:
        identity.mrn = value
        # A bare row number such as 7 stands for anything in a text; it tells patients apart but is not scrubbed.
        if len(value) > _SHORTEST_NUMBER:
            identity.add(Category.MRN, value)


def _title(name: str) -> str:
    words = plain(name)
    return words[:1].upper() + words[1:]
