"""Take a completed step back: by who did it, for two minutes, while nobody has acted on what followed and nothing has left.

Theory of operation. `remembering` kept each row that the step changed as it was before, and which transaction did it. Under
the case's lock, `undo` refuses with its reason unless all of this still stands: the case's history has not gone on; no row has
been changed since by anybody; nobody is writing in the tasks that opened; every job that the step gave to the worker is still in
its queue. It takes those jobs out (a worker that has one holds it, so the two cannot both have it), puts the rows back in reverse
order, and enters *undone* into the history, which only ever grows.

Two things are not put back, so that whoever comes late is told the truth: tasks that had opened stay as withdrawn, and the
case's counters (events, tokens) go on counting, so that no number is ever used twice.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, LiteralString, cast

from django.apps import apps
from django.db import IntegrityError, connection, models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg.sql import SQL, Composable, Identifier, Placeholder

from thaki.cases import drafts, permissions, store, versions
from thaki.cases.models import Case, CaseDocument, Draft, Effect, HistoryEvent, Remembered, Task
from thaki.cases.move import Move
from thaki.cases.policies import NotNow
from thaki.cases.registry import ProcedureApp
from thaki.cases.remembering import JOBS
from thaki.cases.rows import Kind
from thaki.people.policies import define, get_int

if TYPE_CHECKING:
    from thaki.people.models import User

Verb = Remembered.Verb
SECONDS = define(
    "cases.undo_seconds",
    120,
    gettext_lazy("Tiempo para deshacer un paso completado"),
    gettext_lazy("segundos"),
    maximum=1800,
    help=gettext_lazy("Solo quien lo hizo, mientras nadie haya seguido y nada haya salido. 0: no se deshace."),
)


class CannotUndo(NotNow):
    """The step stays done; the message says why, in Spanish."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What is open again."""

    case_id: int
    number: str
    task_id: int


@dataclass(frozen=True, slots=True)
class Undoable:
    """A step that its person may still take back, as the pages show it."""

    seq: int
    node: str
    until: datetime


def window() -> timedelta:
    """How long a step can be taken back."""
    return timedelta(seconds=get_int(SECONDS))


def undoable(events: Iterable[HistoryEvent], user: User, now: datetime) -> Undoable | None:
    """The step that the person did last, if nothing came after it; `events` with the newest first.

    No query: whether something has left is only known when it is tried.
    """
    for event in events:
        if event.by_id != user.pk or event.at + window() <= now:
            return None
        if event.kind == Kind.COMPLETED:
            return Undoable(event.seq, event.node, event.at + window())
        if event.kind not in _SAME_MOVE:
            return None
    return None


_SAME_MOVE = (Kind.PASSED, Kind.ENDED, Kind.NOTED)  # what a completed step may bring along


def undo(case_id: int, seq: int, *, by: User, now: datetime) -> Undone:
    """Take back the step that the event of that number completed. Raises NotAllowed or CannotUndo; then nothing has changed."""
    try:
        with store.moving():
            return _undo(case_id, seq, by, now)
    except IntegrityError as error:  # something that came later hangs on a row that would go
        raise CannotUndo(_("Otros datos ya dependen de lo que dejó este paso.")) from error


def _undo(case_id: int, seq: int, by: User, now: datetime) -> Undone:
    case, _task = store.lock_and_read(case_id, by=by)
    event = HistoryEvent.objects.filter(case=case_id, seq=seq, kind=Kind.COMPLETED).first()
    if event is None:
        raise CannotUndo(_("Ese paso ya no se puede deshacer."))
    if event.by_id != by.pk:
        raise permissions.NotAllowed(_("Solo quien completó el paso puede deshacerlo."))
    task = Task.objects.get(case=case_id, token=event.data["token"])
    changes, jobs, typed = _remembered(task.pk)
    _check_time(event, task, changes, now)
    _check_nobody_went_on(case, event)
    _check_nobody_writes(case_id, event, by)
    app = versions.of_id(case.version_id).app
    _check_nothing_final(app, changes)
    _check_rows_stand(changes)
    _take_jobs_back(jobs)
    undone_seq = case.last_seq + 1
    for change in reversed(changes):
        _put_back(change, app, by, now, undone_seq)
    _go_on_counting(case)
    _enter(case_id, event, by, now, undone_seq, task)
    _give_back(typed, task, by, now)
    Remembered.objects.filter(task_id=task.pk).delete()
    return Undone(case.pk, case.number, task.pk)


# ---------------------------------------------------------------------- may it be undone?
def _check_time(event: HistoryEvent, task: Task, changes: Sequence[Change], now: datetime) -> None:
    if now >= event.at + window():
        raise CannotUndo(_("Ya pasó el tiempo para deshacer. Si hace falta, devuelva el caso a un paso anterior."))
    if task.closed_seq != event.seq or not changes:
        raise CannotUndo(_("Ese paso ya no se puede deshacer."))


def _check_nobody_went_on(case: Case, event: HistoryEvent) -> None:
    """Whatever a move enters has one instant and one person; any other event is somebody's doing, or a clock's."""
    later = HistoryEvent.objects.filter(case=case.pk, seq__gt=event.seq).select_related("by").order_by("seq")
    for other in later:
        if other.kind not in _SAME_MOVE or other.at != event.at or other.by_id != event.by_id:
            at = timezone.localtime(other.at).strftime("%H:%M")
            who = str(other.by) if other.by else _("el sistema")
            raise CannotUndo(
                _("El caso ya siguió: %(who)s, a las %(at)s (%(what)s).")
                % {"who": who, "at": at, "what": str(other.get_kind_display()).lower()}
            )


def _check_nobody_writes(case_id: int, event: HistoryEvent, by: User) -> None:
    tokens = [token for token, _node in event.data.get("opened", ())]
    draft = Draft.objects.filter(task__case=case_id, task__token__in=tokens).exclude(user=by).select_related("user")
    for other in draft[:1]:
        raise CannotUndo(_("%(who)s ya está trabajando en lo que siguió.") % {"who": other.user})


def _check_nothing_final(app: ProcedureApp, changes: Iterable[Change]) -> None:
    for change in changes:
        if change.verb == Verb.INSERT and change.table in app.final:
            raise CannotUndo(str(app.final[change.table]))


def _check_rows_stand(changes: Sequence[Change]) -> None:
    """Every row is still as the step left it: no later transaction wrote it. An effect that was tried is one that was written."""
    last = {(each.table, each.key): each for each in changes}
    for each in last.values():
        if each.verb == Verb.DELETE or _written_by(each) == each.xact:
            continue
        if each.table == Effect._meta.db_table:
            raise CannotUndo(_HAS_LEFT)
        raise CannotUndo(_("Alguien ya cambió datos que dejó este paso."))


_HAS_LEFT = gettext_lazy("Lo que este paso envió (un correo o un pedido a otro sistema) ya salió.")


def _written_by(change: Change) -> int | None:
    """The transaction that wrote the row as it stands; None when there is none."""
    text = SQL("SELECT xmin::text::bigint FROM {} t WHERE {}")
    found = _run(text.format(Identifier(change.table), change.where), change.values).fetchone()
    return None if found is None else cast(int, found[0])


def _take_jobs_back(jobs: Iterable[Change]) -> None:
    """A job that a worker has, or had, is not in the queue any more; one that is there is locked by its deletion."""
    for job in jobs:
        text = SQL("DELETE FROM procrastinate_jobs t WHERE {} AND status = 'todo' RETURNING id")
        if _run(text.format(job.where), job.values).fetchone() is None:
            raise CannotUndo(_HAS_LEFT)


# ---------------------------------------------------------------------- the rows as they were
def _put_back(change: Change, app: ProcedureApp, by: User, now: datetime, seq: int) -> None:
    if change.table == Task._meta.db_table and change.verb == Verb.INSERT:
        Task.objects.filter(pk=change.key[0]).update(
            state=Task.State.CANCELLED, close_reason="undone", closed_at=now, closed_by=by, closed_seq=seq
        )
    elif change.table == CaseDocument._meta.db_table and not _was_made(change, app):
        return  # what was received stays in the case
    else:
        _INVERSE[change.verb](change)


def _was_made(change: Change, app: ProcedureApp) -> bool:
    return CaseDocument.objects.filter(pk=change.key[0], kind__in=app.made_documents).exists()


def _delete(change: Change) -> None:
    _run(SQL("DELETE FROM {} t WHERE {}").format(Identifier(change.table), change.where), change.values)


def _update(change: Change) -> None:
    fields = _model(change.table)._meta.concrete_fields
    columns = SQL(", ").join(Identifier(field.column) for field in fields if field.column and not field.generated)
    text = SQL("UPDATE {0} t SET ({1}) = (SELECT {1} FROM (SELECT (%(row)s::{0}).*) before) WHERE {2}")
    _run(text.format(Identifier(change.table), columns, change.where), change.values | {"row": change.row})


def _insert(change: Change) -> None:
    text = SQL("INSERT INTO {0} SELECT (%(row)s::{0}).*")
    _run(text.format(Identifier(change.table)), {"row": change.row})


_INVERSE: Mapping[str, Callable[[Change], None]] = {
    Verb.INSERT: _delete,
    Verb.UPDATE: _update,
    Verb.DELETE: _insert,
}


def _go_on_counting(before: Case) -> None:
    """The case as it was, but with the numbers that were given out since."""
    restored = Case.objects.get(pk=before.pk)
    restored.marking["n"] = before.marking["n"]
    Case.objects.filter(pk=before.pk).update(
        marking=restored.marking,
        last_seq=before.last_seq,
        version_counter=before.version_counter,
        last_event_at=before.last_event_at,
    )


def _enter(case_id: int, event: HistoryEvent, by: User, now: datetime, seq: int, task: Task) -> None:
    case, _task = store.lock_and_read(case_id, by=by)
    move = Move(versions.of_id(case.version_id), case, by=by, now=now)
    undone = {"from": event.seq, "to": seq - 1, "token": task.token}
    move.enter(Kind.UNDONE, move.procedure.nodes.get(task.node), undone)
    move.write_history_only()


def _give_back(typed: str, task: Task, by: User, now: datetime) -> None:
    """What the person had sent is found again in the form."""
    if typed:
        drafts.keep(task.pk, json.loads(typed), by=by, now=now)


# ---------------------------------------------------------------------- what was remembered
@dataclass(frozen=True, slots=True)
class Change:
    """One row that the step changed."""

    table: str
    verb: str
    row: str  # as PostgreSQL writes it
    xact: int
    columns: tuple[str, ...]  # of its key
    key: tuple[Any, ...]

    @property
    def where(self) -> Composable:
        """The condition that finds the row, of a table called t."""
        named = [SQL("t.{} = {}").format(Identifier(name), Placeholder(f"key_{name}")) for name in self.columns]
        return SQL(" AND ").join(named)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of `where`."""
        return {f"key_{name}": value for name, value in zip(self.columns, self.key, strict=True)}


def _remembered(task_id: int) -> tuple[list[Change], list[Change], str]:
    """The rows that the step changed in their order, the jobs that it gave to the worker, and what the person had sent."""
    changes, jobs, typed = [], [], ""
    for row in Remembered.objects.filter(task_id=task_id).order_by("n"):
        if row.verb == Verb.TYPED:
            typed = row.row
        elif row.table == JOBS:
            jobs.append(_change(row, ("id",)))
        else:
            fields = _model(row.table)._meta.pk_fields
            changes.append(_change(row, tuple(str(field.column) for field in fields)))
    return changes, jobs, typed


def _change(row: Remembered, columns: tuple[str, ...]) -> Change:
    named = SQL(", ").join(SQL("r.{}").format(Identifier(name)) for name in columns)
    text = SQL("SELECT {} FROM (SELECT (%(row)s::{}).*) r").format(named, Identifier(row.table))
    return Change(row.table, row.verb, row.row, row.xact, columns, tuple(_run(text, {"row": row.row}).fetchone()))


_models: dict[str, type[models.Model]] = {}


def _model(table: str) -> type[models.Model]:
    if table not in _models:
        _models.update({m._meta.db_table: m for room in apps.all_models.values() for m in room.values()})
    return _models[table]


def _run(text: Composable, values: Mapping[str, Any]) -> Any:
    with connection.wrap_database_errors:
        return store.cursor().execute(cast(LiteralString, text.as_bytes()), values)
