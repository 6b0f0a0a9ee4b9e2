"""Spreadsheets (XLSX, XLSB, XLS, ODS) by calamine: each sheet is a table, each row a report."""

import io
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from medtui.reports import content
from medtui.reports.document import PROTECTED
from medtui.reports.draft import Found, Skipped, Source, Unreadable
from medtui.reports.readers.package import check_size, is_protected, is_protected_opendocument
from medtui.reports.readers.package import read as open_protected
from medtui.reports.readers.rows import read_rows


def read(source: Source) -> Iterator[Found]:
    """Read every sheet of a workbook.

    Raises:
        Unreadable: protected, damaged, or no sheet holds reports.
    """
    kind = content.sniff(source.data)
    if kind in ("xlsx", "ods"):
        check_size(source.data)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
    except PasswordError as error:
        raise Unreadable(PROTECTED) from error
    except (CalamineError, OSError, ValueError) as error:
        # calamine tells a password from damage only where it knows the file's name.
        if kind == "xls" and is_protected(source.data):
            yield from open_protected(source)
            return
        if kind == "ods" and is_protected_opendocument(source.data):
            raise Unreadable("It is protected by a password; save it without one.") from error
        raise Unreadable("The spreadsheet is damaged; open it in its program and save it again.") from error
    reasons: list[Skipped] = []
    found = False
    for name in workbook.sheet_names:
        try:
            for item in _sheet(kind, workbook, name, source):
                found = True
                yield item
        except (CalamineError, OSError, ValueError):
            reasons.append(Skipped(f"sheet {name}", "The sheet is damaged; save the spreadsheet again.", kind))
        except Unreadable as error:
            reasons.append(Skipped(f"sheet {name}", str(error), kind))
    if not found:
        raise Unreadable(reasons[0].reason if reasons else "The spreadsheet holds no rows.")
    yield from reasons


def _sheet(kind: str, workbook: Any, name: str, source: Source) -> Iterator[Found]:
    rows = [[_cell(value) for value in row] for row in workbook.get_sheet_by_name(name).to_python(skip_empty_area=True)]
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    # Titles and logos stand above the headings: the headings are the first row as wide as the table.
    width = max((sum(bool(cell.strip()) for cell in row) for row in filled), default=0)
    start = next(
        (place for place, row in enumerate(filled) if sum(bool(cell.strip()) for cell in row) >= 0.8 * width), 0
    )
    if width < 2 or len(filled) - start < 2:
        return
    headers = [cell.strip() or f"column {place}" for place, cell in enumerate(filled[start], start=1)]
    yield from read_rows(kind, headers, filled[start + 1 :], source, f"sheet {name}, ")


def _cell(value: Any) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if not isinstance(value, timedelta) else str(value.total_seconds())
