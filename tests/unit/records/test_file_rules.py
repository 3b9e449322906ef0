"""What a file is, told from its bytes."""

import zlib

import pytest

from thaki.records.documents.rules import MAX_BYTES, check_pdf, check_picture, check_size, path_of, safe_name, sniff
from thaki.records.reasons import RuleError


@pytest.mark.parametrize(
    ("head", "media_type"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", ""),
        (b" %PDF-1.7", ""),
        (b"<html>", ""),
        (b"<svg xmlns=", ""),
        (b"PK\x03\x04", ""),
        (b"GIF89a", ""),
        (b"MZ\x90\x00", ""),
        (b"", ""),
    ],
)
def test_the_first_bytes_say_what_it_is(head: bytes, media_type: str) -> None:
    assert sniff(head) == media_type


def test_ten_megabytes_pass_and_a_byte_more_does_not() -> None:
    check_size(MAX_BYTES)
    for size in (0, MAX_BYTES + 1):
        with pytest.raises(RuleError):
            check_size(size)


@pytest.mark.parametrize("name", [b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/XFA", b"/J#61vaScript"])
def test_a_pdf_that_runs_something_is_refused(name: bytes) -> None:
    with pytest.raises(RuleError) as refused:
        check_pdf(b"%PDF-1.7\n1 0 obj << " + name + b" (x) >> endobj\n%%EOF")
    assert refused.value.code == "pdf_active"


def test_names_that_only_begin_alike_are_harmless() -> None:
    check_pdf(b"%PDF-1.7\n1 0 obj << /JSX 1 /Launcher 2 >> endobj\n%%EOF")


def test_what_runs_is_found_in_a_packed_object_stream() -> None:
    packed = zlib.compress(b"<< /S /JavaScript /JS (app.alert(1)) >>")
    body = b"1 0 obj << /Type /ObjStm /Filter /FlateDecode >> stream\n" + packed + b"\nendstream endobj\n%%EOF"
    with pytest.raises(RuleError):
        check_pdf(b"%PDF-1.7\n" + body)


def test_letters_that_turn_up_in_a_pages_picture_are_harmless() -> None:
    check_pdf(b"%PDF-1.7\n1 0 obj << /Subtype /Image >> stream\n\x00/JS \x01/Launch \xff\nendstream endobj\n%%EOF")


@pytest.mark.parametrize(
    ("width", "height", "media_type"),
    [(0, 10, "image/png"), (16_001, 10, "image/jpeg"), (10_000, 6_001, "image/jpeg"), (5_000, 5_001, "image/png")],
)
def test_an_impossible_or_huge_picture_is_refused(width: int, height: int, media_type: str) -> None:
    with pytest.raises(RuleError):
        check_picture(width, height, media_type)


def test_a_large_telephones_picture_passes() -> None:
    check_picture(8_160, 6_144, "image/jpeg")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("carnet.html", "carnet.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\fotos\\Señal Nº 1.PDF", "Senal No 1.pdf"),
        ("a\r\nSet-Cookie: x", "a_Set-Cookie_ x.pdf"),
        ("", "documento.pdf"),
        (".htaccess", "documento.pdf"),
        ("x" * 300, "x" * 80 + ".pdf"),
    ],
)
def test_the_name_is_made_safe_and_agrees_with_the_type(name: str, safe: str) -> None:
    assert safe_name(name, "application/pdf") == safe


def test_only_a_hash_is_a_path() -> None:
    assert path_of("ab" * 32) == f"ab/ab/{'ab' * 32}"
    for other in ("../x", "AB" * 32, ""):
        with pytest.raises(RuleError):
            path_of(other)
