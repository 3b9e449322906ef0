"""What the pages of imports ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from thaki.reporting.imports import mapping as columns
from thaki.reporting.imports.kinds import Batch, ImportKind, Row
from thaki.reporting.imports.models import Import, ImportProfile
from thaki.reporting.imports.running import check

RECENT = 100  # of the list: older ones are found by nobody


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the preview."""

    text: str
    error: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A row of the preview, under the fields that have a column."""

    number: int
    cells: list[Cell]
    error: str  # of the row as a whole
    note: str  # what it would do
    good: bool


def imports_of(kinds: Iterable[ImportKind]) -> QuerySet[Import]:
    """The imports of these kinds, the newest first, without their bytes."""
    found = Import.objects.filter(kind__in=[kind.code for kind in kinds]).select_related("by")
    return found.defer("content", "sample", "header").order_by("-created_at", "-id")


def same_file(found: Import) -> Import | None:
    """An earlier import of the very same bytes that entered rows."""
    others = Import.objects.filter(sha256=found.sha256, kind=found.kind, done__gt=0).exclude(pk=found.pk)
    return others.defer("content").order_by("-created_at").first()


def profile_of(found: Import) -> ImportProfile | None:
    """The file with the same headings from which the columns were taken."""
    return ImportProfile.objects.filter(kind=found.kind, signature=columns.signature(found.header)).first()


def preview(kind: ImportKind, found: Import, *, now: datetime) -> list[Preview]:
    """The first rows as they would be read, each with its errors; nothing is entered."""
    mapped = [field.code for field in kind.fields if field.code in found.mapping]
    checked = [(number, cells, *check(kind, cells, found)) for number, cells in found.sample]
    good = [Row(number, values) for number, _cells, values, errors in checked if not errors]
    notes = _foreseen(kind, good, Batch(found.pk, found.by, now, found.options, found.file_name))
    rows = []
    for number, cells, _values, errors in checked:
        said = columns.row_values(cells, found.mapping, kind.fields)
        shown = [Cell(said[code], errors.get(code, "")) for code in mapped]
        whole = " ".join(text for code, text in errors.items() if code not in mapped)
        rows.append(Preview(number, shown, whole, notes.get(number, ""), not errors))
    return rows


def _foreseen(kind: ImportKind, rows: list[Row], batch: Batch) -> dict[int, str]:
    if kind.foresee is None or not rows:
        return {}
    with transaction.atomic():
        notes = dict(zip((row.number for row in rows), kind.foresee(rows, batch), strict=True))
        transaction.set_rollback(True)  # whatever a room's foresight did, it is a preview
    return notes
