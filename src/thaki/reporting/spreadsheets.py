"""XLSX workbooks: one table a sheet, with a heading, formats and filters; the same data give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

FORMATS = {
    "money": "#,##0.00",
    "date": "dd/mm/yyyy",
    "instant": "dd/mm/yyyy hh:mm",
    "percent": "0.00",
    "integer": "#,##0",
}
FROZEN = datetime(2021, 1, 1)  # noqa: DTZ001 - the workbook's own property, which must not change from one making to the next


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its heading, its format (of FORMATS, "" for text) and its width in characters."""

    heading: str
    format: str = ""
    width: int = 18


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: a table under its title."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]] = field(default_factory=tuple)


def workbook(sheets: Sequence[Sheet], *, title: str) -> bytes:
    """The bytes of a workbook. Texts that begin like a formula are written as text."""
    from xlsxwriter import Workbook  # heavy, and wanted by few pages

    buffer = BytesIO()
    book = Workbook(
        buffer, {"in_memory": True, "remove_timezone": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"title": title, "company": "COMTECO R.L.", "created": FROZEN})
    formats = {name: book.add_format({"num_format": pattern}) for name, pattern in FORMATS.items()}
    bold = book.add_format({"bold": True, "font_size": 13})
    head = book.add_format({"bold": True, "bg_color": "#0b4f8a", "font_color": "#ffffff", "border": 1})
    for sheet in sheets:
        _write(book.add_worksheet(sheet.name[:31]), sheet, formats, bold, head)
    book.close()
    return buffer.getvalue()


def _write(page: Any, sheet: Sheet, formats: dict[str, Any], bold: Any, head: Any) -> None:
    page.write_string(0, 0, sheet.title, bold)
    rows = list(sheet.rows)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        page.write_string(2, number, column.heading, head)
        for line, row in enumerate(rows, start=3):
            _cell(page, line, number, row[number], formats.get(column.format))
    if sheet.columns:
        page.freeze_panes(3, 0)
        page.autofilter(2, 0, 2 + len(rows), len(sheet.columns) - 1)


def _cell(page: Any, line: int, number: int, value: Any, form: Any) -> None:
    if value is None:
        page.write_blank(line, number, None, form)
    elif isinstance(value, bool | str):
        page.write_string(line, number, str(value), form)
    elif isinstance(value, datetime | date):
        page.write_datetime(line, number, value, form)
    elif isinstance(value, int | float | Decimal):
        page.write_number(line, number, value, form)
    else:
        page.write_string(line, number, str(value), form)
