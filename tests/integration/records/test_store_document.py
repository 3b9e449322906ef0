"""Files of customers: cleaned, kept by their hash, hostile ones refused with a sentence."""

import os
import struct
import time
import zipfile
import zlib
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from thaki.people.models import User
from thaki.records.documents import operations
from thaki.records.documents.models import Document
from thaki.records.documents.rules import MAX_BYTES, path_of
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"


def picture(image_format: str, size: tuple[int, int] = (40, 20), **options: object) -> bytes:
    """A small picture."""
    out = BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, image_format, **options)
    return out.getvalue()


def store(data: bytes, now: datetime, name: str = "carnet.pdf") -> Document:
    """Stores as the website does."""
    return operations.store(BytesIO(data), name=name, kind="ci", by=None, now=now)


def refused(data: bytes, now: datetime, name: str = "carnet.pdf") -> str:
    """The code of the refusal; nothing is kept."""
    with pytest.raises(RuleError) as error:
        store(data, now, name)
    assert error.value.field == "file"
    assert str(error.value) != error.value.code
    assert not Document.objects.exists()
    assert not list(operations.root().rglob("*.*"))
    return error.value.code


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept(image_format: str, ana: User, now: datetime) -> None:
    document = operations.store(picture(image_format), name="foto.jpg", kind="ci", by=ana, now=now)
    assert document.media_type == f"image/{image_format.lower()}"
    assert Image.open(BytesIO(operations.read(document))).size == (40, 20)
    assert document.is_image


def test_a_pdf_is_kept_byte_by_byte(now: datetime) -> None:
    assert operations.read(store(PDF, now)) == PDF


def test_where_the_photograph_was_taken_is_not_kept(now: datetime) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "Camera"
    exif.get_ifd(0x8825)[1] = "S"
    document = store(picture("JPEG", exif=exif.tobytes(), comment=b"secret"), now)
    kept = Image.open(BytesIO(operations.read(document)))
    assert not kept.getexif()
    assert b"secret" not in operations.read(document)
    assert kept.size == (20, 40)  # upright, without needing the EXIF


def test_a_large_picture_is_kept_smaller(now: datetime) -> None:
    kept = Image.open(BytesIO(operations.read(store(picture("JPEG", (6_000, 3_000)), now))))
    assert kept.size == (4_000, 2_000)


def test_a_picture_with_a_transparent_palette_is_kept(now: datetime) -> None:
    out = BytesIO()
    Image.new("P", (10, 10)).save(out, "PNG", transparency=0)
    assert Image.open(BytesIO(operations.read(store(out.getvalue(), now)))).mode == "RGBA"


def test_what_was_appended_to_a_picture_is_gone(now: datetime) -> None:
    polyglot = picture("JPEG") + b"<script>alert(1)</script>PK\x03\x04"
    assert b"<script>" not in operations.read(store(polyglot, now))


def test_html_named_pdf_is_refused(now: datetime) -> None:
    assert refused(b"<!doctype html><script>alert(1)</script>", now) == "file_type"


def test_svg_is_refused(now: datetime) -> None:
    assert refused(b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', now, "logo.svg") == "file_type"


def test_a_page_that_pretends_to_be_a_pdf_further_on_is_refused(now: datetime) -> None:
    assert refused(b"<html>" + PDF, now) == "file_type"


def test_a_pdf_with_a_script_is_refused(now: datetime) -> None:
    assert refused(PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), now) == (
        "pdf_active"
    )


def test_a_zip_bomb_is_refused(now: datetime) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"0" * 5_000_000)
    assert refused(out.getvalue(), now) == "file_type"


def test_a_picture_that_unpacks_to_gigabytes_is_refused_at_its_header(now: datetime) -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"0" * 100_000))
        + chunk(b"IEND", b"")
    )
    started = time.perf_counter()
    assert refused(bomb, now, "foto.png") == "picture_too_large"
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(image_format: str, now: datetime) -> None:
    data = picture(image_format, (400, 300))
    assert refused(data[: len(data) // 2], now) == "file_truncated"


def test_a_truncated_pdf_is_refused(now: datetime) -> None:
    assert refused(PDF[:40], now) == "file_truncated"


def test_noise_behind_a_right_signature_is_refused(now: datetime) -> None:
    assert refused(b"\xff\xd8\xff\xe0" + os.urandom(500), now) == "file_truncated"


def test_an_empty_file_is_refused(now: datetime) -> None:
    assert refused(b"", now) == "file_empty"


def test_a_file_over_the_limit_is_refused_without_reading_all_of_it(now: datetime) -> None:
    file = BytesIO(b"%PDF-" + b"0" * (MAX_BYTES * 2))
    with pytest.raises(RuleError) as error:
        operations.store(file, name="x.pdf", kind="ci", by=None, now=now)
    assert error.value.code == "file_too_large"
    assert file.tell() == MAX_BYTES + 1


def test_the_same_bytes_are_kept_once(now: datetime) -> None:
    first, second = store(PDF, now), store(PDF, now, "otro nombre.pdf")
    assert first.pk != second.pk
    assert first.sha256 == second.sha256
    assert len([p for p in operations.root().rglob("*") if p.is_file()]) == 1


def test_a_file_without_a_row_is_swept_after_a_day(now: datetime) -> None:
    kept, orphan = store(PDF, now), store(PDF + b"\n", now)
    orphan.delete()
    for document in (kept, orphan):
        path = operations.root() / path_of(document.sha256)
        os.utime(path, (now.timestamp(), now.timestamp()))
    assert operations.sweep(now=now + timedelta(hours=23)) == 0
    assert operations.sweep(now=now + timedelta(hours=25)) == 1
    assert operations.read(kept) == PDF
    with pytest.raises(RuleError) as error:
        operations.read(orphan)
    assert error.value.code == "file_gone"


def test_stored_files_are_ours_alone(now: datetime, own_folder: Path) -> None:
    path = operations.root() / path_of(store(PDF, now).sha256)
    assert path.stat().st_mode & 0o077 == 0
    assert own_folder in path.parents
