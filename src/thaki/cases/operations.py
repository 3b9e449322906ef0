"""What people do with cases and tasks. Each verb checks that the person may and that the state allows, and is one transaction.

Whatever moves a token goes through `runtime.deliver`; the rest (who has a task, pauses, clocks, documents) locks the case first,
changes what it says and enters it into the history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, LiteralString

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from thaki.cases import drafts, effects, permissions, policies, runtime, store, versions
from thaki.cases.delivered import Delivered
from thaki.cases.models import Case, CaseDocument, Remark, Task, Timer
from thaki.cases.move import Move
from thaki.cases.policies import NoSuchTask, NotNow
from thaki.cases.registry import Work
from thaki.cases.rows import Kind
from thaki.engine import events as ev
from thaki.people.prepared import BIGGEST, cursor

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.documents.models import Document


# ---------------------------------------------------------------------- moving a case
def start_case(
    code: str, payload: dict[str, Any], *, by: User, now: datetime, start: str = "", submission_key: str = ""
) -> Case:
    """Open a case by hand; raises NotAllowed when that is not the person's to do."""
    permissions.check_can_start(by, versions.in_force(code), start)
    return runtime.start(code, payload, by=by, now=now, start=start, submission_key=submission_key)


def complete(
    task_id: int,
    *,
    by: User | None,
    now: datetime,
    data: Mapping[str, Any],
    files: Mapping[str, Any] | None = None,
    submission_key: str = "",
) -> Delivered:
    """Answer a task's step. Raises AnswerInvalid with the form, TaskAlreadyClosed, NotAllowed, CaseNotOpen or NoSuchTask.

    `by` is None when the customer answers by the link, or the system by policy.
    """
    answer = runtime.Answer(data, files)
    return runtime.complete(task_id, by=by, now=now, answer=answer, submission_key=submission_key)


def send_back(task_id: int, to_node: str, reason: str, *, by: User, now: datetime) -> Delivered:
    """Send a case back to an earlier step, where the procedure allows it, with the reason."""
    _need(reason)
    case_id, token = _place(task_id)
    return runtime.deliver(case_id, ev.SentBack(token, to_node), by=by, now=now, reason=reason)


def cancel_case(case_id: int, *, reason: str, by: User, now: datetime) -> Delivered:
    """Give a whole case up, with the reason."""
    _need(reason)
    permissions.check_can_supervise(by, Case.objects.get(pk=case_id))
    return runtime.deliver(case_id, ev.Cancelled(), by=by, now=now, reason=reason)


def offer_message(
    case_id: int, name: str, payload: Mapping[str, Any] | None = None, *, by: User | None, now: datetime
) -> Delivered:
    """Give a message to the case that awaits it; raises NotAwaited when it does not."""
    return runtime.offer(case_id, name, payload or {}, by=by, now=now)


def perform(
    case_id: int,
    code: str,
    *,
    by: User | None,
    now: datetime,
    data: Mapping[str, Any],
    files: Mapping[str, Any] | None = None,
    submission_key: str = "",
) -> Delivered:
    """Do one of the procedure's actions on a case (a contact attempt, a withdrawal). Raises AnswerInvalid with the form."""
    answer = runtime.Answer(data, files)
    return runtime.perform(case_id, code, by=by, now=now, answer=answer, submission_key=submission_key)


# ---------------------------------------------------------------------- who does a task
def claim(task_id: int, *, by: User, now: datetime) -> Task:
    """Take a task that nobody has, or that an absent colleague has."""
    with _task(task_id, by=by, now=now) as (move, task):
        permissions.check_can_claim(by, task, now)
        _assign(move, task, by, Kind.CLAIMED)
    return task


def release(task_id: int, *, by: User, now: datetime) -> Task:
    """Give a task back to everyone of its role."""
    with _task(task_id, by=by, now=now) as (move, task):
        if task.assignee_id is None:
            raise NotNow(_("La tarea no la tiene nadie."))
        permissions.check_can_reassign(by, task)
        _assign(move, task, None, Kind.RELEASED)
    return task


def hand_over(task_id: int, *, to: User, by: User, now: datetime) -> Task:
    """Give a task to a colleague of the same role."""
    with _task(task_id, by=by, now=now) as (move, task):
        permissions.check_can_reassign(by, task)
        permissions.check_can_receive(to, task)
        _assign(move, task, to, Kind.HANDED_OVER)
    return task


def allot(task_id: int, *, to: User, by: User | None, now: datetime) -> Task:
    """Give a task that nobody has to somebody of its role, by the procedure's own rule (prospects given out by turn)."""
    with _task(task_id, by=by, now=now) as (move, task):
        if task.assignee_id is not None:
            raise NotNow(_("La tarea ya la tiene alguien."))
        permissions.check_can_receive(to, task)
        _assign(move, task, to, Kind.HANDED_OVER)
    return task


def inherit(task_id: int, *, of: User, to: User | None, by: User, now: datetime) -> User | None:
    """The task of somebody who leaves: to a colleague if it may be his, else to everyone of its role. By the administrator.

    Says who has it now; a task that was passed on or closed meanwhile stays as it is.
    """
    with _task(task_id, by=by, now=now) as (move, task):
        if task.assignee_id != of.pk:
            return task.assignee
        heir = to if to is not None and permissions.can_receive(to, task) else None
        _assign(move, task, heir, Kind.HANDED_OVER if heir else Kind.RELEASED)
    return heir


def hand_over_many(task_ids: Iterable[int], *, to: User, by: User, now: datetime) -> tuple[list[Task], dict[int, str]]:
    """Give several tasks to one person; returns those given, and why the others were not, by id. Each is its own transaction."""
    given: list[Task] = []
    refused: dict[int, str] = {}
    for task_id in task_ids:
        try:
            given.append(hand_over(task_id, to=to, by=by, now=now))
        except (NotNow, permissions.NotAllowed) as reason:
            refused[task_id] = str(reason)
    return given, refused


def save_draft(task_id: int, data: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Keep what a person has typed into a step. The last one stands."""
    drafts.keep(task_id, data, by=by, now=now)


def discard_draft(task_id: int, *, by: User) -> None:
    """Forget what the person typed into a task and did not send."""
    drafts.discard(task_id, by=by)


# ---------------------------------------------------------------------- pauses and clocks
def suspend(case_id: int, *, reason: str, by: User, now: datetime) -> Case:
    """Stop a case's clocks until it is resumed; nobody can complete its tasks meanwhile."""
    _need(reason)
    with _case(case_id, by=by, now=now) as move:
        permissions.check_can_supervise(by, move.case)
        _pause(move, reason)
    return Case.objects.get(pk=case_id)


def let_rest(case_id: int, *, reason: str, by: User | None, now: datetime) -> None:
    """Stop a case's clocks by the procedure's own rule (its prospect was merged into another); the caller says who may."""
    with _case(case_id, by=by, now=now) as move:
        _pause(move, reason)


def wake(case_id: int, *, by: User | None, now: datetime) -> None:
    """Let a case go on that rested by the procedure's own rule."""
    with _case(case_id, by=by, now=now) as move:
        _unpause(move, now)


def _pause(move: Move, reason: str) -> None:
    policies.check_can_suspend(move.case)
    Case.objects.filter(pk=move.case.pk).update(state=Case.State.SUSPENDED, suspended_at=move.now)
    _enter(move, Kind.SUSPENDED, reason=reason)


def resume(case_id: int, *, by: User, now: datetime) -> Case:
    """Let a suspended case go on; every clock of it goes on where it stood."""
    with _case(case_id, by=by, now=now) as move:
        permissions.check_can_supervise(by, move.case)
        _unpause(move, now)
    return Case.objects.get(pk=case_id)


def _unpause(move: Move, now: datetime) -> None:
    policies.check_can_resume(move.case)
    case_id = move.case.pk
    assert move.case.suspended_at is not None  # the database pairs it with the state
    pause = move.now - move.case.suspended_at
    Timer.objects.filter(case=case_id).update(due_at=F("due_at") + pause)
    Task.objects.filter(case=case_id, state=Task.State.OPEN).update(due_at=F("due_at") + pause)
    Case.objects.filter(pk=case_id).update(state=Case.State.OPEN, suspended_at=None)
    _enter(move, Kind.RESUMED, data={"seconds": int(pause.total_seconds())})
    effects.settle_ready_jobs(case_id, now=now)


def extend_timer(case_id: int, node: str, due_at: datetime, *, by: User | None, now: datetime) -> None:
    """Let the clock at a node ring at another instant (a call-back that was agreed); raises NotNow when none runs there.

    `by` is None for the procedure's own rules; a person must supervise the procedure or have one of its open tasks.
    """
    with _case(case_id, by=by, now=now) as move:
        if by is not None and not Task.objects.filter(case=case_id, state="open", assignee=by).exists():
            permissions.check_can_supervise(by, move.case)
        moved = Timer.objects.filter(case=case_id, node=node).update(due_at=max(due_at, move.now))
        if not moved:
            raise NotNow(_("No corre ningún plazo en ese punto."))
        _enter(move, Kind.EXTENDED, node, data={"due_at": due_at.isoformat()})


# ---------------------------------------------------------------------- documents and notes
def attach(
    case: Case, document: Document, kind: str, *, by: User | None, now: datetime, node: str = ""
) -> CaseDocument:
    """Put a stored document into a case; the same one twice as the same kind is there once.

    Inside `deliver` (the case is locked and its history will be written by the move) use `attach_within`.
    """
    with _case(case.pk, by=by, now=now) as move:
        attached, is_new = _attach(case, document, kind, by, move.now, node)
        if is_new:
            _enter(move, Kind.ATTACHED, node, data={"document": document.pk, "kind": kind})
    return attached


def attach_within(work: Work, document: Document, kind: str) -> CaseDocument:
    """Put a stored document into the case that a step, job or receiver is working on."""
    attached, is_new = _attach(work.case, document, kind, work.by, work.now, work.node)
    if is_new:
        work.notes.setdefault("documents", []).append([document.pk, kind])
    return attached


def _attach(
    case: Case, document: Document, kind: str, by: User | None, now: datetime, node: str
) -> tuple[CaseDocument, bool]:
    """One statement where it is new, as it nearly always is; `get_or_create` takes four."""
    attached = CaseDocument(case=case, document=document, kind=kind, node=node, attached_at=now, attached_by=by)
    columns = (case.pk, document.pk, kind, node, now, by.pk if by else None)
    with connection.wrap_database_errors:
        row = cursor().execute(_ATTACH, columns).fetchone()
    if row is None:
        return CaseDocument.objects.get(case=case, document=document, kind=kind), False
    attached.pk, attached._state.adding = row[0], False
    return attached, True


_ATTACH: LiteralString = """INSERT INTO cases_casedocument (case_id, document_id, kind, node, attached_at, attached_by_id)
    VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (case_id, document_id, kind) DO NOTHING RETURNING id"""


def note(case_id: int, *, by: User | None, now: datetime, **values: Any) -> None:
    """Enter short values (ids, codes) into the history of a case that nothing moved: a contact attempt, a reprint."""
    with _case(case_id, by=by, now=now) as move:
        _enter(move, Kind.NOTED, data={"notes": values})


# ---------------------------------------------------------------------- inside
@contextmanager
def _case(case_id: int, *, by: User | None, now: datetime) -> Iterator[Move]:
    """The case, locked, and a move without a token, whose history is written at the end."""
    with transaction.atomic():
        case, _task = store.lock_and_read(case_id, by=by)
        yield Move(versions.of_id(case.version_id), case, by=by, now=now)


@contextmanager
def _task(task_id: int, *, by: User | None, now: datetime) -> Iterator[tuple[Move, Task]]:
    """An open task whose case is locked."""
    case_id, token = _place(task_id)
    with transaction.atomic():
        case, task = store.lock_and_read(case_id, token, by=by)
        policies.check_task_open(task)
        assert task is not None  # just checked
        yield Move(versions.of_id(case.version_id), case, by=by, now=now), task


def _place(task_id: int) -> tuple[int, int]:
    """Case and token of a task; neither ever changes, so no lock is needed to read them."""
    place = None
    if task_id <= BIGGEST:
        with connection.wrap_database_errors:
            place = cursor().execute("SELECT case_id, token FROM cases_task WHERE id = %s", (task_id,)).fetchone()
    if place is None:
        raise NoSuchTask(_("La tarea ya no existe."))
    return place[0], place[1]


def _assign(move: Move, task: Task, to: User | None, kind: Kind) -> None:
    before = task.assignee_id
    task.assignee, task.assigned_at = to, move.now if to else None
    task.save(update_fields=["assignee", "assigned_at"])
    _enter(move, kind, task.node, data={"token": task.token, "from": before, "to": to.pk if to else None})


def _enter(move: Move, kind: Kind, node: str = "", reason: str = "", data: Mapping[str, Any] | None = None) -> None:
    """Enter what happened and save where the history stands."""
    seq = move.enter(kind, move.procedure.nodes.get(node), data)
    move.write_history_only()
    if reason:
        Remark.objects.create(case_id=move.case.pk, seq=seq, text=reason[:500])


def _need(reason: str) -> None:
    if not reason.strip():
        raise NotNow(_("Escriba el motivo."))
