"""What a file may be, told from its first bytes and its shape, never from its name. Pure."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from thaki.records.reasons import RuleError

MAX_BYTES = 10 * 1024 * 1024
MAX_PIXELS = 25_000_000  # what unpacks to more is a bomb
MAX_JPEG_PIXELS = 60_000_000  # a 50 megapixel telephone's picture passes
MAX_SIDE = 16_000
KEPT_SIDE = 4_000  # pictures are kept no larger: a card or a letter is read well at that
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/webp": ".webp",
    XLSX: ".xlsx",
}
PDF_TAIL = 2048  # the end mark must be among so many last bytes
DICTIONARY = 400  # a stream's dictionary stands in so many bytes before it
_STREAM = re.compile(rb">>\s{0,8}stream\r?\n(.*?)endstream", re.DOTALL)
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)(?![A-Za-z0-9])")
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")


def sniff(head: bytes) -> str:
    """The media type of a file from its signature, which must stand at the very first byte; "" when it is none that we take."""
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return ""


def check_size(size: int) -> None:
    """Something, and not more than the limit."""
    if size == 0:
        raise RuleError("file_empty", on="file")
    if size > MAX_BYTES:
        raise RuleError("file_too_large", on="file", limit_mb=MAX_BYTES // (1024 * 1024))


def check_pdf(data: bytes) -> None:
    """A whole PDF without what runs: scripts, launches, embedded files, forms that call out.

    Only the document's structure is searched: pages' pictures and texts are compressed noise in which any three letters turn up.
    """
    if b"%%EOF" not in data[-PDF_TAIL:] or b"obj" not in data:
        raise RuleError("file_truncated", on="file")
    for part in _structure(data):
        plain = _ESCAPED.sub(lambda m: bytes([int(m[1], 16)]), part)  # names may be written /J#61vaScript
        if active := _ACTIVE.search(plain):
            raise RuleError("pdf_active", on="file", what=active[1].decode())


def _structure(data: bytes) -> Iterator[bytes]:
    """What of a PDF is structure: all outside its streams, and the streams that hold objects, unpacked within bounds."""
    yield _STREAM.sub(b">>", data)
    for stream in _STREAM.finditer(data):
        if b"/ObjStm" in data[max(0, stream.start() - DICTIONARY) : stream.start()]:
            try:
                yield zlib.decompressobj().decompress(stream[1], MAX_BYTES)
            except zlib.error:
                continue  # packed otherwise, or damaged: a reader will not run what we cannot find either


def check_picture(width: int, height: int, media_type: str) -> None:
    """A picture whose unpacked size is sane: a JPEG can be unpacked smaller than it is, the others cannot."""
    if width < 1 or height < 1:
        raise RuleError("file_truncated", on="file")
    limit = MAX_JPEG_PIXELS if media_type == "image/jpeg" else MAX_PIXELS
    if width * height > limit or max(width, height) > MAX_SIDE:
        raise RuleError("picture_too_large", on="file", megapixels=limit // 1_000_000)


def safe_name(name: str, media_type: str) -> str:
    """The last part of the name in plain letters, at most 80, with the extension of its real type."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    stem = stem.rsplit(".", 1)[0] if "." in stem else stem
    ascii_stem = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    clean = _UNSAFE.sub("_", ascii_stem).strip(" ._-")[:80]
    return f"{clean or 'documento'}{EXTENSIONS[media_type]}"


def path_of(sha256: str) -> str:
    """Where the bytes of a hash lie, below the documents' folder: `ab/cd/abcd…`."""
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise RuleError("hash_malformed")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"
