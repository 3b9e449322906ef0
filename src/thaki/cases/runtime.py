"""`start` and `deliver`: how a case begins, and the only way in which it moves.

Theory of operation. Each call is one transaction:

1. The first statement only locks the case (`store.lock_and_read`); every read comes in a later one.
2. The event must still apply: a closed task raises `TaskAlreadyClosed`, naming who and when; the same form sent again returns the
   first result.
3. The step's own operation, the facts, `engine.advance`, and again for every job that passes at once (`move.Move`).
4. One statement writes all of it; the jobs for effects and for other cases are deferred in the same transaction.

Lock order: the case, the procedure's record, shared rows by table then key. A deadlock or a serialization failure repeats the
whole function, so whatever a step does must be repeatable. `now` is never earlier than the case's last event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import IntegrityError, OperationalError, connection
from django.utils.translation import gettext as _

from thaki.cases import permissions, policies, store, surroundings, versions
from thaki.cases.delivered import Delivered, Opened
from thaki.cases.happenings import Answer, AnswerInvalid, NotAwaited, act, awaiting, build_form, happen, node_of
from thaki.cases.models import Case, HistoryEvent, Remark, Task
from thaki.cases.move import Move
from thaki.cases.policies import CaseNotOpen, NoSuchTask, NotNow, TaskAlreadyClosed
from thaki.cases.registry import Work
from thaki.cases.rows import Kind
from thaki.cases.store import NoSuchCase
from thaki.engine import events as ev
from thaki.engine.advance import NotApplicable

if TYPE_CHECKING:
    from thaki.people.models import User

__all__ = [
    "Answer",
    "AnswerInvalid",
    "CaseNotOpen",
    "Delivered",
    "NoSuchCase",
    "NoSuchTask",
    "NotApplicable",
    "NotAwaited",
    "NotNow",
    "Opened",
    "TaskAlreadyClosed",
    "beside",
    "build_form",
    "complete",
    "deliver",
    "offer",
    "perform",
    "settle_job",
    "start",
]
TRIES = 3
_REPEATABLE = frozenset({"40P01", "40001"})  # deadlock detected, serialization failure
R = TypeVar("R")


def start(
    code: str,
    payload: dict[str, Any],
    *,
    by: User | None,
    now: datetime,
    start: str = "",
    submission_key: str = "",
    parent: tuple[int, int] | None = None,
) -> Case:
    """Open a case of the procedure's version in force, with the record that the procedure makes of the payload.

    `start` is the id of a start event ("" for the plain one). The same submission key returns the case that it opened first.
    `parent` is the case and the token of a call activity. Raises StepRefused when the payload cannot be taken.
    """
    first = _submitted(submission_key)
    if first is not None:
        return first
    try:
        return _repeating(lambda: _start(code, payload, by, now, start, submission_key, parent))
    except IntegrityError:
        first = _submitted(submission_key)  # the same form, sent twice at the same moment
        if first is None:
            raise
        return first


def _start(
    code: str,
    payload: dict[str, Any],
    by: User | None,
    now: datetime,
    start: str,
    submission_key: str,
    parent: tuple[int, int] | None,
) -> Case:
    version = versions.in_force(code)
    world = surroundings.current()
    with store.moving():
        store.act_as(by)
        case = Case.objects.create(
            number=world.next_number(version.app.prefix, now),
            procedure=code,
            version_id=version.id,
            submission_key=submission_key,
            parent_id=parent[0] if parent else None,
            parent_token=parent[1] if parent else None,
            is_rehearsal=world.rehearsing,
            opened_at=now,
            opened_by=by,
            last_event_at=now,
        )
        move = Move(version, case, by=by, now=now)
        work = move.work(start)
        move.record = version.app.start(work, payload)
        work.record = move.record
        move.collect(work)
        move.advance(ev.Started(start), Kind.STARTED, version.procedure.nodes.get(start), work)
        move.finish()
    return case


def _submitted(key: str) -> Case | None:
    return Case.objects.filter(submission_key=key).first() if key else None


def deliver(
    case_id: int,
    event: ev.Event,
    *,
    by: User | None,
    now: datetime,
    answer: Answer | Mapping[str, Any] | None = None,
    reason: str = "",
    submission_key: str = "",
) -> Delivered:
    """Let something happen to a case, with everything that follows from it at once.

    `answer` is an `Answer` for a completed task and the payload for a message; `reason` belongs to sending back and cancelling.
    Raises NoSuchCase, TaskAlreadyClosed, NoSuchTask, CaseNotOpen, NotAllowed, AnswerInvalid, or the engine's NotApplicable; then
    nothing has changed.
    """
    return _repeating(lambda: _deliver(case_id, event, by, now, answer, reason, submission_key))


def complete(task_id: int, *, by: User | None, now: datetime, answer: Answer, submission_key: str = "") -> Delivered:
    """`deliver` that a task is completed, for who knows the task by its id."""

    def once() -> Delivered:
        with store.moving():
            found = store.lock_and_read_of(task_id, by=by)
            policies.check_task_there(found)
            assert found is not None  # just checked
            case, task = found
            return _answered(case, task, ev.Completed(task.token), by, now, answer, submission_key)

    return _repeating(once)


def offer(case_id: int, message: str, payload: Mapping[str, Any], *, by: User | None, now: datetime) -> Delivered:
    """Give a message to the case that awaits it; raises NotAwaited when it does not."""

    def once() -> Delivered:
        with store.moving():
            move = _open(case_id, by, now)
            policies.check_case_moves(move.case)
            happen(move, ev.MessageReceived(awaiting(move, message)), payload)
            return move.finish()

    return _repeating(once)


def perform(
    case_id: int, code: str, *, by: User | None, now: datetime, answer: Answer, submission_key: str = ""
) -> Delivered:
    """Do one of the procedure's actions on a case, and give the case the message that it leads to, if any.

    The same submission key twice does it once. Raises AnswerInvalid, NotAllowed, NotNow, or NotAwaited.
    """

    def once() -> Delivered:
        with store.moving():
            move = _open(case_id, by, now)
            first = _performed(move.case, submission_key)
            if first is not None:
                return first
            policies.check_case_moves(move.case)
            action = move.app.action(code)
            if by is not None:
                permissions.check_can_perform(by, action, move.case)
            work = move.work("")
            if not action.available(work):
                raise NotNow(_("Eso no se puede hacer en este punto del caso."))
            move.about = {"action": code} | ({"submission": submission_key} if submission_key else {})
            act(action, work, answer, move)
            return move.finish()

    return _repeating(once)


def _performed(case: Case, submission_key: str) -> Delivered | None:
    """What the same action did when it came first. A case has few events, and only its last ones can be meant."""
    if not submission_key:
        return None
    lately = HistoryEvent.objects.filter(case=case, seq__gt=case.last_seq - 20, data__submission=submission_key)
    event = lately.first()
    if event is None:
        return None
    return Delivered(case.pk, case.number, event.seq, (), case.outcome, not case.is_open, repeated=True)


@contextmanager
def beside(case_id: int, *, by: User | None, now: datetime) -> Iterator[Work]:
    """Do something about a case that moves nothing, ended or not (a warning by mail); its effects and notes are kept."""
    with store.moving():
        move = _open(case_id, by, now)
        work = move.work("")
        yield work
        move.collect(work)
        move.enter(Kind.NOTED, None, {"notes": work.notes})
        move.finish()


def settle_job(case_id: int, token: int, results: Mapping[str, Any], *, by: User | None, now: datetime) -> Delivered:
    """Let the case go on from a job whose effects are all done or skipped; the caller holds the case's lock."""
    with store.moving():
        move = _open(case_id, by, now)
        node = node_of(move, token)
        work = move.work(node.id)
        handler = move.app.job(node.handler)
        if handler.done:
            handler.done(work, dict(results))
            move.collect(work)
        move.advance(ev.JobDone(token), Kind.PASSED, node, work)
        return move.finish()


# ---------------------------------------------------------------------- inside
def _repeating(once: Callable[[], R]) -> R:
    """Repeat what a deadlock or a serialization failure broke off; inside somebody else's transaction that is his to do."""
    tries = 1 if connection.in_atomic_block else TRIES
    for left in reversed(range(tries)):
        try:
            return once()
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", "") not in _REPEATABLE:
                raise
    raise AssertionError("unreachable: the last try returns or raises")


def _open(case_id: int, by: User | None, now: datetime) -> Move:
    """Lock and read the case, and its procedure's record after it."""
    case, _task = store.lock_and_read(case_id, by=by)
    move = Move(versions.of_id(case.version_id), case, by=by, now=now)
    _load(move)
    return move


def _load(move: Move) -> None:
    """Read the procedure's record, locked; its case need not be read again when a step asks the record for it."""
    move.record = move.app.load(move.case.pk)
    if hasattr(type(move.record), "case"):
        move.record.case = move.case


def _deliver(
    case_id: int,
    event: ev.Event,
    by: User | None,
    now: datetime,
    answer: Answer | Mapping[str, Any] | None,
    reason: str,
    submission_key: str,
) -> Delivered:
    with store.moving():
        if isinstance(event, ev.Completed | ev.SentBack):
            case, task = store.lock_and_read(case_id, event.token, by=by)
            return _answered(case, task, event, by, now, answer or reason, submission_key)
        move = _open(case_id, by, now)
        if not isinstance(event, ev.Cancelled):
            policies.check_case_moves(move.case)
        happen(move, event, reason if isinstance(event, ev.Cancelled) else answer)
        return _finished(move, reason)


def _answered(
    case: Case, task: Task | None, event: ev.Event, by: User | None, now: datetime, answer: Any, submission_key: str
) -> Delivered:
    """Let a locked task be completed or sent back (then the answer is the reason)."""
    first = _first_result(case, task, submission_key)
    if first is not None:
        return first
    policies.check_can_complete(case, task)
    assert task is not None  # just checked
    if by is not None:
        permissions.check_can_act(by, task, now)
    move = Move(versions.of_id(case.version_id), case, by=by, now=now)
    move.task, move.submission_key = task, submission_key
    _load(move)
    happen(move, event, answer)
    return _finished(move, answer if isinstance(event, ev.SentBack) else "")


def _finished(move: Move, reason: str) -> Delivered:
    delivered = move.finish()
    if reason:
        Remark.objects.create(case=move.case, seq=delivered.seq, text=reason[:500])
    return delivered


def _first_result(case: Case, task: Task | None, submission_key: str) -> Delivered | None:
    """What the same form did when it came first; None when this is the first time."""
    if task is None or task.is_open or not submission_key or task.submission_key != submission_key:
        return None
    assert task.closed_seq is not None  # the database pairs it with the state
    event = HistoryEvent.objects.get(case=case, seq=task.closed_seq)
    tokens = [token for token, _node in event.data.get("opened", [])]
    opened = tuple(
        Opened(row.pk, row.token, row.node, row.step, row.role, row.assignee_id)
        for row in Task.objects.filter(case=case, token__in=tokens).order_by("token")
    )
    return Delivered(case.pk, case.number, task.closed_seq, opened, case.outcome, not case.is_open, repeated=True)
