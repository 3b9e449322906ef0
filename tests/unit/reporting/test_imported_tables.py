"""Reading files that strangers bring."""

from __future__ import annotations

import io
import zipfile

import pytest
from xlsxwriter import Workbook

from thaki.reporting.imports.tables import MAX_BYTES, BadFile, csv_bytes, guarded, read_table


def book(rows: list[list[object]], **more: object) -> bytes:
    out = io.BytesIO()
    made = Workbook(out, {"in_memory": True})
    page = made.add_worksheet("Leads")
    for number, row in enumerate(rows):
        page.write_row(number, 0, row)
    made.close()
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_it_reads_any_usual_encoding_and_separator(encoding: str, separator: str) -> None:
    text = "\r\n".join(separator.join(row) for row in (["Nombre", "Celular"], ["José Ñáñez", "71234567"]))
    table = read_table(text.encode(encoding), "a.csv")
    assert table.header == ["Nombre", "Celular"]
    assert table.rows == [(2, ["José Ñáñez", "71234567"])]


def test_commas_inside_quotes_are_no_separators() -> None:
    assert read_table(b'a;b\n"x, y, z";1\n"p, q, r";2\n', "a.csv").rows[0] == (2, ["x, y, z", "1"])


def test_figures_of_a_workbook_are_written_plainly() -> None:
    table = read_table(book([["Celular", "Monto"], [71234567, 12.5], ["712 34567", True]]), "a.xlsx")
    assert [cells for _line, cells in table.rows] == [["71234567", "12.5"], ["712 34567", "sí"]]
    assert "Leads" in table.how


def test_titles_above_the_heading_are_passed_over_and_lines_keep_their_number() -> None:
    table = read_table(book([["Reporte"], [], ["Nombre", "Celular", "Zona"], ["Ana", 7, "Norte"]]), "a.xlsx")
    assert table.header == ["Nombre", "Celular", "Zona"]
    assert table.rows[0][0] == 4


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n", b"a;b\n", b"\x00\x01\x02\xff\xfe", b"PK\x03\x04nonsense", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"],
)
def test_what_is_no_table_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(BadFile) as refused:
        read_table(data, "a.csv")
    assert str(refused.value)


def test_a_file_too_heavy_is_refused() -> None:
    with pytest.raises(BadFile):
        read_table(b"a;b\n" * (MAX_BYTES // 4 + 1), "a.csv")


def tampered(name: str, content: bytes) -> bytes:
    """A workbook with one of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book([["a", "b"], ["1", "2"]]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, content if entry.filename == name else old.read(entry.filename))
    return out.getvalue()


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to_not_by_what_it_claims() -> None:
    bomb = bytearray(tampered("xl/styles.xml", b" " * 130 * 1024 * 1024))
    assert len(bomb) < MAX_BYTES
    real = (130 * 1024 * 1024).to_bytes(4, "little")
    lying = bytes(bomb).replace(real, (100).to_bytes(4, "little"))
    for data in (bytes(bomb), lying):
        with pytest.raises(BadFile):
            read_table(data, "a.xlsx")


@pytest.mark.parametrize("address", ["XFD1048576", "A999999", "ZZ1"])
def test_a_cell_at_the_far_corner_is_refused_before_the_sheet_is_unpacked(address: str) -> None:
    sheet = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        f'<row><c r="A1"><v>1</v></c><c r="{address}"><v>1</v></c></row></sheetData></worksheet>'
    )
    with pytest.raises(BadFile):
        read_table(tampered("xl/worksheets/sheet1.xml", sheet.encode()), "a.xlsx")


@pytest.mark.parametrize("text", ["=1+1", "+591 71234567", "-3", "@SUM(A1)", "\t=1"])
def test_what_goes_out_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert guarded(text) == f"'{text}"
    again = read_table(csv_bytes(["a", "b"], [[text, "x"]]), "a.csv")
    assert again.rows[0][1][0] == text.strip()
