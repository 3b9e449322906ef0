"""What is done to an import: take the file, say its columns, start it, stop it, go on, throw it away."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from thaki.reporting.imports import mapping as columns
from thaki.reporting.imports.kinds import ImportKind
from thaki.reporting.imports.models import Import, ImportProfile
from thaki.reporting.imports.tables import read_table

if TYPE_CHECKING:
    from thaki.people.models import User

SAMPLE = 20  # rows of the preview
State = Import.State


class NotNow(ValueError):
    """The import is not where this could be done to it; the message is for the person."""


def receive(kind: ImportKind, data: bytes, *, name: str, by: User | None, now: datetime) -> Import:
    """Take a file and propose its columns: as they were for the last file with these headings, else as the headings read.

    Raises `tables.BadFile` when it cannot be read.
    """
    table = read_table(data, name)
    profile = ImportProfile.objects.filter(kind=kind.code, signature=columns.signature(table.header)).first()
    known = columns.fitting(profile.mapping, table.header, kind.fields) if profile else {}
    return Import.objects.create(
        kind=kind.code,
        file_name=safe_name(name),
        sha256=hashlib.sha256(data).hexdigest(),
        content=data,
        how=table.how,
        header=table.header,
        sample=[[number, cells] for number, cells in table.rows[:SAMPLE]],
        mapping=known or columns.propose(table.header, kind.fields),
        total=len(table.rows),
        by=by,
        created_at=now,
    )


def safe_name(name: str) -> str:
    """The last part of a file's name, fit to be shown and to be stored."""
    bare = re.sub(r"[\x00-\x1f\x7f]+", " ", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    return bare[-120:] or "archivo"


def missing(kind: ImportKind, mapping: Mapping[str, int]) -> list[str]:
    """What columns still have to be named, in words; empty when the import may start."""
    told = [str(f.label) for f in kind.fields if f.required and f.code not in mapping]
    groups = [group for group in kind.one_of if not any(code in mapping for code in group)]
    return told + [_(" o ").join(str(kind.field(code).label) for code in group) for group in groups]


@transaction.atomic
def remap(import_id: int, kind: ImportKind, mapping: Mapping[str, int], options: Mapping[str, str]) -> Import:
    """Say which column is which field, and answer the kind's questions, before it starts."""
    found = _locked(import_id, State.DRAFT)
    found.mapping = columns.fitting(mapping, found.header, kind.fields)
    found.options = dict(options)
    found.save(update_fields=["mapping", "options"])
    return found


@transaction.atomic
def start(import_id: int, kind: ImportKind, *, by: User, now: datetime) -> Import:
    """Let the worker enter the rows; the columns are remembered for the next file with these headings."""
    found = _locked(import_id, State.DRAFT)
    if absent := missing(kind, found.mapping):
        raise NotNow(_("Falta decir en qué columna está: %(fields)s.") % {"fields": ", ".join(absent)})
    ImportProfile.objects.update_or_create(
        kind=found.kind,
        signature=columns.signature(found.header),
        defaults={"mapping": found.mapping, "file_name": found.file_name, "used_at": now, "by": by},
    )
    found.started_at = now
    return _run(found)


@transaction.atomic
def resume(import_id: int, *, now: datetime) -> Import:
    """Go on behind the last row that was settled, after a stop or a failure."""
    return _run(_locked(import_id, State.STOPPED, State.FAILED))


@transaction.atomic
def stop(import_id: int, *, now: datetime) -> Import:
    """Stop behind the batch that is under way; what was entered stays."""
    found = _locked(import_id, State.RUNNING)
    found.state = State.STOPPED
    found.ended_at = now
    found.save(update_fields=["state", "ended_at"])
    return found


@transaction.atomic
def discard(import_id: int) -> None:
    """Throw a file away of which no row was entered."""
    _locked(import_id, State.DRAFT).delete()


def _run(found: Import) -> Import:
    from thaki.reporting.imports.jobs import defer  # the job reads this module

    found.state, found.error, found.ended_at = State.RUNNING, "", None
    found.save(update_fields=["state", "error", "started_at", "ended_at"])
    defer(found.pk)
    return found


def _locked(import_id: int, *states: str) -> Import:
    found = Import.objects.select_for_update(no_key=True).defer("content").get(pk=import_id)
    if found.state not in states:
        raise NotNow(_("La importación ya está: %(state)s.") % {"state": found.get_state_display()})
    return found
