"""Rows into the system, a batch a transaction. See the package's docstring for the theory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import structlog
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from thaki.records.reasons import RuleError
from thaki.reporting.imports import mapping as columns
from thaki.reporting.imports.kinds import Batch, ImportKind, Outcome, Row, RowErrors, kind_of
from thaki.reporting.imports.models import Import, ImportRow
from thaki.reporting.imports.tables import Table, read_table

log = structlog.get_logger(__name__)
Errors = dict[str, str]
Lines = Sequence[tuple[int, list[str]]]


def check(kind: ImportKind, cells: Sequence[str], found: Import) -> tuple[object, Errors]:
    """(what `validate` made of the row, what is wrong with it)."""
    values = columns.row_values(cells, found.mapping, kind.fields)
    try:
        return kind.validate(values, found.options), {}
    except RowErrors as refused:
        return None, refused.errors
    except RuleError as refused:
        return None, {refused.field if refused.field in values else "": str(refused)}


def run_batch(import_id: int, table: Table, *, now: datetime) -> bool:
    """Settle the next rows of a running import; whether there are more. Two workers at once do not settle a row twice."""
    with transaction.atomic():
        found = Import.objects.select_for_update(no_key=True).defer("content").get(pk=import_id)
        kind = kind_of(found.kind)
        if found.state != Import.State.RUNNING or kind is None:
            return False
        batch = Batch(found.pk, found.by, now, found.options, found.file_name)
        lines = table.rows[found.done : found.done + kind.batch]
        _settle(found, kind, batch, lines)
        if found.done < found.total:
            found.save(update_fields=["done", "accepted", "refused", "noted"])
            return True
        if kind.finished is not None:
            kind.finished(batch)
        found.state, found.ended_at, found.content = Import.State.DONE, now, None
        found.save()
    return False


def fail(import_id: int, error: str, *, now: datetime) -> None:
    """Say why the job could not go on; a person lets it go on once that is mended."""
    Import.objects.filter(pk=import_id, state=Import.State.RUNNING).update(
        state=Import.State.FAILED, error=error[:300], ended_at=now
    )


def content_of(found: Import) -> Table:
    """The file's table, read anew."""
    return read_table(bytes(found.content or b""), found.file_name)


def _settle(found: Import, kind: ImportKind, batch: Batch, lines: Lines) -> None:
    """Check and apply rows, and count what became of them; the caller saves."""
    told: dict[int, tuple[bool, Errors]] = {}  # refused or not, and what to know, by line
    good: list[Row] = []
    for number, cells in lines:
        values, errors = check(kind, cells, found)
        if errors:
            told[number] = (True, errors)
        else:
            good.append(Row(number, values))
    for row, outcome in zip(good, _applied(kind, good, batch), strict=True):
        if outcome.refused or outcome.note:
            told[row.number] = (bool(outcome.refused), {"": outcome.refused or outcome.note})
    cells_of: Mapping[int, list[str]] = dict(lines)
    ImportRow.objects.bulk_create(
        ImportRow(owner=found, number=number, refused=refused, cells=cells_of[number], errors=errors)
        for number, (refused, errors) in told.items()
    )
    refused = sum(1 for is_refused, _errors in told.values() if is_refused)
    found.done += len(lines)
    found.refused += refused
    found.noted += len(told) - refused
    found.accepted += len(lines) - refused


def _applied(kind: ImportKind, rows: Sequence[Row], batch: Batch) -> Sequence[Outcome]:
    """Apply rows together; if that fails, one by one, so that only those are refused that cannot be applied."""
    if not rows:
        return ()
    try:
        with transaction.atomic():
            return kind.apply(rows, batch)
    except Exception as error:
        if isinstance(error, DatabaseError) and _connection_gone():
            raise
        log.info("import_batch_one_by_one", kind=kind.code, import_id=batch.import_id, why=repr(error))
    return [_applied_alone(kind, row, batch) for row in rows]


def _applied_alone(kind: ImportKind, row: Row, batch: Batch) -> Outcome:
    try:
        with transaction.atomic():
            return kind.apply([row], batch)[0]
    except (RuleError, RowErrors) as refused:
        return Outcome(refused=str(refused))
    except DatabaseError:
        if _connection_gone():
            raise
        log.exception("import_row_failed", kind=kind.code, import_id=batch.import_id, line=row.number)
    except Exception:  # of the room's rules: the row is refused, the others go on
        log.exception("import_row_failed", kind=kind.code, import_id=batch.import_id, line=row.number)
    return Outcome(refused=_("La fila no se pudo aplicar por un error interno; avise a sistemas."))


def _connection_gone() -> bool:
    """Whether the database itself is away: then no row is to blame."""
    connection = transaction.get_connection()
    return connection.connection is None or bool(connection.connection.closed)
