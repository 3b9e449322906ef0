"""A file's bytes as a table of texts. The file is a stranger's: it is measured before it is unpacked.

CSV: UTF-8 (with or without its mark), UTF-16 with its mark, else Windows-1252; the separator is the one by which the first lines
agree. XLSX: a zip whose real unpacked size is counted and whose cells' addresses are looked at first, since a sheet of two cells
at its far corners would be unpacked to thousands of millions.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice

from django.utils.translation import gettext as _

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_CELL = 4_000
SEPARATORS = ";,\t|"
FORMULA_MARKS = "=+-@\t\r"
HEADER_WITHIN = 12  # the heading is looked for in so many rows: reports carry titles above it
SAMPLE = 50  # lines by which the separator is told
_ADDRESS = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^>]*?\br\s*=\s*["']([A-Za-z]{0,4})(\d{1,9})["']""")


class BadFile(ValueError):
    """The file cannot be taken; the message is for the person who brought it."""


@dataclass(frozen=True, slots=True)
class Table:
    """A file as read."""

    header: list[str]
    rows: list[tuple[int, list[str]]]  # the line of the file, as people count, and its cells
    how: str  # "UTF-8, punto y coma", "hoja «Leads»": for the page


def read_table(data: bytes, name: str) -> Table:
    """The table of a CSV or XLSX file; raises BadFile with what is wrong."""
    if not data.strip():
        raise BadFile(_("El archivo está vacío."))
    if len(data) > MAX_BYTES:
        raise BadFile(_("El archivo pesa más de %(limit)s MB: divídalo.") % {"limit": MAX_BYTES // 1024 // 1024})
    if data[:4] == b"PK\x03\x04":
        lines, how = _workbook(data)
    elif data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise BadFile(
            _("Es un libro de Excel antiguo o con contraseña: guárdelo como .xlsx sin contraseña o como CSV.")
        )
    else:
        lines, how = _csv(data)
    return _table(lines, how)


def plain(cell: object) -> str:
    """A cell as text: figures without ornament, days as 2026-11-21, instants as 2026-11-21 15:30."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "sí" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d") if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, timedelta):
        return str(cell)
    return _text(str(cell))


def _text(cell: str) -> str:
    """Without outer blanks, NULs and the mark by which `guarded` made a formula harmless."""
    text = cell.replace("\x00", "").replace("\u00a0", " ").strip()[:MAX_CELL]
    return text[1:].strip() if len(text) > 1 and text[0] == "'" and text[1] in FORMULA_MARKS else text


def guarded(cell: object) -> str:
    """A text that no spreadsheet runs as a formula: what begins like one gets an apostrophe in front."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text[:1] and text[0] in FORMULA_MARKS else text


def csv_bytes(header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV that Excel in Spanish opens by a double click: UTF-8 with its mark, semicolons, no formulas."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([guarded(cell) for cell in header])
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


# ---------------------------------------------------------------- CSV
def decode(data: bytes) -> tuple[str, str]:
    """(text, name of its encoding)."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace"), "UTF-16"
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    if b"\x00" in data[:4096]:
        raise BadFile(_("No es un archivo CSV ni XLSX."))
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def separator_of(text: str) -> str:
    """The separator by which most of the first lines have the same number of cells, more than one."""
    said = re.match(r"\s*sep=(.)\r?\n", text, re.IGNORECASE)
    if said and said[1] in SEPARATORS:
        return said[1]
    head = text[: 64 * 1024]

    def agreement(separator: str) -> tuple[int, int]:
        counts = Counter(len(row) for row in islice(csv.reader(io.StringIO(head), delimiter=separator), SAMPLE) if row)
        wide = [(lines, cells) for cells, lines in counts.items() if cells > 1]
        return max(wide, default=(0, 0))

    return max(SEPARATORS, key=agreement)


def _csv(data: bytes) -> tuple[list[list[str]], str]:
    text, encoding = decode(data)
    if "\x00" in text[:4096]:
        raise BadFile(_("No es un archivo CSV ni XLSX."))
    separator = separator_of(text)
    text = re.sub(r"\A\s*sep=.\r?\n", "", text, flags=re.IGNORECASE)
    csv.field_size_limit(MAX_BYTES)
    try:
        lines = list(
            islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), MAX_ROWS + HEADER_WITHIN + 1)
        )
    except csv.Error as error:
        raise BadFile(_("El CSV no se puede leer: %(why)s") % {"why": error}) from error
    names = {";": _("punto y coma"), ",": _("coma"), "\t": _("tabulador"), "|": _("barra")}
    return lines, _("CSV %(encoding)s, separado por %(separator)s") % {
        "encoding": encoding,
        "separator": names[separator],
    }


# ---------------------------------------------------------------- XLSX
def _workbook(data: bytes) -> tuple[list[list[str]], str]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum  # wanted by few pages

    _check_zip(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            sheet = book.get_sheet_by_name(meta.name)
            if sheet.total_height and meta.visible == SheetVisibleEnum.Visible:
                lines = [[plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
                return lines, _("libro XLSX, hoja «%(sheet)s»") % {"sheet": meta.name}
    except (CalamineError, OSError, ValueError, RuntimeError) as error:
        raise BadFile(_("El libro XLSX está dañado o no se puede leer.")) from error
    raise BadFile(_("El libro XLSX no tiene ninguna hoja con datos."))


def _check_zip(data: bytes) -> None:
    """Every part unpacked within bounds, whatever sizes its directory claims; no cell out of reach."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BadFile(_("El libro XLSX está dañado o no se puede leer.")) from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise BadFile(_("Es un archivo comprimido, no un libro XLSX."))
    left = MAX_UNPACKED
    for entry in entries:
        content = _unpacked(data, entry, left)
        left -= len(content)
        if b"sheetData" in content:
            _check_reach(content)


def _unpacked(data: bytes, entry: zipfile.ZipInfo, limit: int) -> bytes:
    header = data[entry.header_offset : entry.header_offset + 30]
    if len(header) < 30:
        raise BadFile(_("El libro XLSX está dañado o no se puede leer."))
    start = entry.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    raw = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content, more = raw, b""
    elif entry.compress_type == zipfile.ZIP_DEFLATED and not entry.flag_bits & 1:
        engine = zlib.decompressobj(-15)
        try:
            content = engine.decompress(raw, max(limit, 0) + 1)
        except zlib.error as error:
            raise BadFile(_("El libro XLSX está dañado o no se puede leer.")) from error
        more = engine.unconsumed_tail
    else:
        raise BadFile(_("El libro XLSX está dañado o no se puede leer."))
    if len(content) > limit or more:
        raise BadFile(_("El libro XLSX se despliega a un tamaño desmedido: guárdelo de nuevo solo con los datos."))
    return content


def _check_reach(sheet: bytes) -> None:
    """No cell beyond the rows and columns that an import may have."""
    for letters, number in _ADDRESS.findall(sheet):
        column = 0
        for letter in letters.upper():
            column = column * 26 + letter - 64
        if int(number) > MAX_ROWS + HEADER_WITHIN or column > MAX_COLUMNS:
            raise BadFile(_too_large())


# ---------------------------------------------------------------- the table in it
def _too_large() -> str:
    return _("El archivo pasa de %(rows)s filas o %(columns)s columnas: divídalo.") % {
        "rows": MAX_ROWS,
        "columns": MAX_COLUMNS,
    }


def _table(lines: list[list[str]], how: str) -> Table:
    filled = [(number, [_text(cell) for cell in line]) for number, line in enumerate(lines, start=1)]
    filled = [(number, cells) for number, cells in filled if any(cells)]
    if not filled:
        raise BadFile(_("El archivo está vacío."))
    at = _header_at([cells for _number, cells in filled[:HEADER_WITHIN]])
    width = len(filled[at][1])
    while width and not filled[at][1][width - 1]:
        width -= 1
    header = [cell[:80] or _("Columna %(n)s") % {"n": n} for n, cell in enumerate(filled[at][1][:width], start=1)]
    rows = filled[at + 1 :]
    if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
        raise BadFile(_too_large())
    if not rows:
        raise BadFile(_("El archivo tiene encabezados, pero ninguna fila."))
    return Table(header, [(number, cells[:width]) for number, cells in rows], how)


def _header_at(rows: Sequence[Sequence[str]]) -> int:
    """The first row as wide as most are (two at least): titles above a report's heading are narrower."""
    widths = [sum(1 for cell in row if cell) for row in rows]
    usual = max(2, max(widths) // 2)
    return next((n for n, width in enumerate(widths) if width >= usual), 0)
