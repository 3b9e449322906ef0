"""Store files by their hash, cleaned; sweep what nobody owns."""

from __future__ import annotations

import hashlib
import os
import tempfile
import warnings
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.conf import settings
from PIL import Image, ImageOps, UnidentifiedImageError

from thaki.records.documents.models import Document
from thaki.records.documents.rules import (
    KEPT_SIDE,
    MAX_BYTES,
    check_pdf,
    check_picture,
    check_size,
    path_of,
    safe_name,
    sniff,
)
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User

ORPHAN_AGE = timedelta(hours=24)  # longer than any transaction that may still write the row
QUALITY = 90
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


class Upload(Protocol):
    """What `store` reads: Django's UploadedFile, an open file, a BytesIO."""

    def read(self, size: int = -1, /) -> bytes: ...


def root() -> Path:
    """The folder of the stored bytes."""
    return Path(settings.DATA_DIR) / "documents"


def store(file: Upload | bytes, *, name: str, kind: str, by: User | None, now: datetime) -> Document:
    """Take a file: its type told from its bytes, its limits checked, pictures made anew without EXIF; then keep it by its hash.

    PDF, JPEG, PNG and WebP up to 10 MB. Raises `RuleError` on "file" in the person's words. The bytes are written before
    the row: a transaction that rolls back leaves a file that `sweep` finds.
    """
    data = file if isinstance(file, bytes) else file.read(MAX_BYTES + 1)
    media_type, clean = cleaned(data)
    digest = hashlib.sha256(clean).hexdigest()
    _write(digest, clean)
    return Document.objects.create(
        sha256=digest,
        media_type=media_type,
        size_bytes=len(clean),
        name=safe_name(name, media_type),
        kind=kind,
        created_at=now,
        by=by,
    )


def keep(data: bytes, *, media_type: str, name: str, kind: str, by: User | None, now: datetime) -> Document:
    """Keep a file that the house itself made (a report), to the byte; `store` is for what comes from outside."""
    digest = hashlib.sha256(data).hexdigest()
    _write(digest, data)
    return Document.objects.create(
        sha256=digest,
        media_type=media_type,
        size_bytes=len(data),
        name=safe_name(name, media_type),
        kind=kind,
        created_at=now,
        by=by,
    )


def cleaned(data: bytes) -> tuple[str, bytes]:
    """(media type, bytes fit to be kept): a PDF checked, a picture drawn anew so that nothing but its pixels is left."""
    check_size(len(data))
    media_type = sniff(data[:16])
    if not media_type:
        raise RuleError("file_type", on="file")
    if media_type == "application/pdf":
        check_pdf(data)
        return media_type, data
    return media_type, _redraw(data, media_type)


def _redraw(data: bytes, media_type: str) -> bytes:
    """The picture's pixels, turned as its EXIF says, encoded anew: no EXIF, no comment, nothing appended."""
    image_format = FORMATS[media_type]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(BytesIO(data), formats=[image_format])
            check_picture(*picture.size, media_type)  # from the header, before anything is unpacked
            picture.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # a large JPEG is unpacked at a half or a quarter
            picture.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RuleError("picture_too_large", on="file", megapixels=60) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, RuleError):
            raise
        raise RuleError("file_truncated", on="file") from error
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE))
    return _encode(ImageOps.exif_transpose(picture), image_format)


def _encode(picture: Image.Image, image_format: str) -> bytes:
    """Encode a picture in one of the plain colour modes, without metadata."""
    if picture.mode not in ("RGB", "L", "RGBA") or (image_format == "JPEG" and picture.mode == "RGBA"):
        transparent = image_format != "JPEG" and "transparency" in picture.info
        picture = picture.convert("RGBA" if transparent else "RGB")
    picture.info.clear()  # comments and profiles would be written back from there
    out = BytesIO()
    picture.save(out, image_format, **({} if image_format == "PNG" else {"quality": QUALITY}))
    return out.getvalue()


def _write(digest: str, data: bytes) -> None:
    """Write the bytes once, whole or not at all, readable by us alone."""
    target = root() / path_of(digest)
    if target.exists():
        os.utime(target)  # young again: a sweep that is under way must not take what is being stored anew
        return
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def open_file(document: Document) -> BinaryIO:
    """The stored bytes, open for reading; `RuleError("file_gone")` when the file is missing."""
    try:
        return (root() / path_of(document.sha256)).open("rb")
    except FileNotFoundError as error:
        raise RuleError("file_gone") from error


def read(document: Document) -> bytes:
    """The stored bytes."""
    with open_file(document) as stored:
        return stored.read()


def _stored() -> Iterable[Path]:
    """Every file under the documents' folder."""
    return (p for p in root().glob("*/*/*") if p.is_file())


def sweep(*, now: datetime) -> int:
    """Remove files that no row names and that are older than a day; how many. Run daily."""
    limit = (now - ORPHAN_AGE).timestamp()
    old = [p for p in _stored() if p.stat().st_mtime < limit]
    removed = 0
    for start in range(0, len(old), 500):
        batch = old[start : start + 500]
        known = set(Document.objects.filter(sha256__in=[p.name for p in batch]).values_list("sha256", flat=True))
        for path in batch:
            if path.name not in known:
                path.unlink(missing_ok=True)
                removed += 1
    return removed
