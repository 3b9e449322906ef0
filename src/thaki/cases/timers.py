"""Clocks that ring, work that gets late, and procedures that start by the calendar: what the worker looks after."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog
from django.db import connection, transaction
from django.utils import timezone

from thaki.cases import clocks, policies, runtime, store, versions
from thaki.cases.models import Case, Incident, ProcedureVersion, Task, Timer
from thaki.cases.move import Move
from thaki.cases.rows import Kind
from thaki.cases.rules import parse_cycle
from thaki.engine import events as ev
from thaki.engine.advance import NotApplicable
from thaki.engine.procedure import Node, TimerKind, Trigger

log = structlog.get_logger(__name__)
MAX_FAILURES = 5  # then an incident

# The case is locked, never the timer first: a person's step locks the case and deletes the timer, and the two would deadlock.
_DUE = """
    SELECT t.case_id, t.token FROM cases_timer t JOIN cases_case c ON c.id = t.case_id
    WHERE t.due_at <= %s AND NOT t.is_stuck AND c.state = 'open' AND NOT (t.case_id = ANY(%s))
    ORDER BY t.due_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED
"""


def fire_due(*, now: datetime, limit: int = 1000) -> int:
    """Fire every timer that is due, one a transaction; returns how many fired. Any number of workers may run it at once."""
    fired, failed = 0, set[int]()
    for _attempt in range(limit):
        place: tuple[int, int] | None = None
        try:
            with transaction.atomic():
                place = _take_due(now, failed)
                if place is None:
                    break
                fired += _fire(*place, now=now)
        except Exception as error:  # of the procedure's own rules: it must not stop the other cases' clocks
            if place is None:
                raise
            failed.add(place[0])
            _count_failure(*place, error=error, now=now)
    return fired


def fire_of(case_id: int, *, now: datetime) -> int:
    """Fire the first due timer of one case, in the caller's transaction: for rehearsals. Returns how many fired."""
    token = (
        Timer.objects.filter(case=case_id, due_at__lte=now).order_by("due_at").values_list("token", flat=True).first()
    )
    return 0 if token is None else _fire(case_id, token, now=now)


def _take_due(now: datetime, failed: Collection[int]) -> tuple[int, int] | None:
    """Case and token of a due timer whose case nobody else works on now; locks the case."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [now, list(failed)])
        row: tuple[int, int] | None = cursor.fetchone()
        return row


def _fire(case_id: int, token: int, *, now: datetime) -> int:
    """Re-read the timer under the lock, and fire it if it is still due."""
    if not Timer.objects.filter(case=case_id, token=token, due_at__lte=now).exists():
        return 0
    try:
        runtime.deliver(case_id, ev.TimerFired(token), by=None, now=now)
    except NotApplicable:  # the marking does not know it (any more): a row that nothing waits for
        Timer.objects.filter(case=case_id, token=token).delete()
        log.warning("timer_without_token", case=case_id, token=token)
        return 0
    return 1


def _count_failure(case_id: int, token: int, *, error: Exception, now: datetime) -> None:
    log.warning("timer_failed", case=case_id, token=token, error=repr(error))
    with transaction.atomic():
        case, _task = store.lock_and_read(case_id)
        timer = Timer.objects.filter(case=case_id, token=token).first()
        if timer is None:
            return
        failures = timer.failures + 1
        stuck = failures >= MAX_FAILURES
        Timer.objects.filter(case=case_id, token=token).update(failures=failures, is_stuck=stuck)
        if stuck:
            _open_incident(case, timer, repr(error), now)


def _open_incident(case: Case, timer: Timer, error: str, now: datetime) -> None:
    move = Move(versions.of_id(case.version_id), case, by=None, now=now)
    node = move.procedure.nodes.get(timer.node)
    incident = Incident.objects.create(
        case=case,
        kind=Incident.Kind.TIMER,
        token=timer.token,
        node=timer.node,
        role=node.role if node else "",
        error=error[:500],
        opened_at=now,
    )
    move.enter(Kind.INCIDENT, node, {"incident": incident.pk, "timer": timer.token})
    move.write_history_only()


# ---------------------------------------------------------------------- work that gets late
def escalate_overdue(*, now: datetime, limit: int = 500) -> int:
    """Mark the open tasks whose time is over, once each, so that their supervisors see them; returns how many."""
    late = Task.objects.filter(state="open", escalated_at=None, due_at__lt=now, case__state=Case.State.OPEN)
    ids = list(late.order_by("due_at").values_list("pk", "case_id", "token")[:limit])
    return sum(_escalate(case_id, token, now) for _pk, case_id, token in ids)


def escalate_of(case_id: int, *, now: datetime) -> int:
    """Mark the late tasks of one case: for rehearsals."""
    late = Task.objects.filter(case=case_id, state="open", escalated_at=None, due_at__lt=now)
    return sum(_escalate(case_id, token, now) for token in late.values_list("token", flat=True))


def _escalate(case_id: int, token: int, now: datetime) -> int:
    with transaction.atomic():
        case, task = store.lock_and_read(case_id, token)
        if task is None or task.escalated_at or not policies.can(policies.check_can_complete, case, task):
            return 0
        move = Move(versions.of_id(case.version_id), case, by=None, now=now)
        Task.objects.filter(pk=task.pk).update(escalated_at=move.now)
        move.enter(Kind.ESCALATED, move.procedure.nodes.get(task.node), {"token": token, "assignee": task.assignee_id})
        move.write_history_only()
    return 1


# ---------------------------------------------------------------------- procedures that start by the calendar
def start_scheduled(*, now: datetime) -> list[Case]:
    """Open the cases whose procedures start by a timer. The last occurrence since the version is in force counts, once."""
    started = []
    for row in ProcedureVersion.objects.filter(state="published", published_at__isnull=False):
        version = versions.of_id(row.pk)
        for start in version.procedure.starts if version.app.scheduled else ():
            at = _last_occurrence(version.procedure.nodes[start], now)
            if at is not None and row.published_at is not None and at >= row.published_at:
                started += _start_once(version, start, at, now)
    return started


def _start_once(version: versions.Version, start: str, at: datetime, now: datetime) -> list[Case]:
    """The submission key names the occurrence, so that any number of workers opens one case for it."""
    key = f"{version.app.code}:{start}:{at:%Y%m%dT%H%M%z}"
    payload = version.app.scheduled(at) if version.app.scheduled else None
    if payload is None or Case.objects.filter(submission_key=key).exists():
        return []
    return [runtime.start(version.app.code, payload, by=None, now=now, start=start, submission_key=key)]


def _last_occurrence(node: Node, now: datetime) -> datetime | None:
    if node.trigger is not Trigger.TIMER or node.timer is None:
        return None
    local = timezone.localtime(now)
    if node.timer.kind is TimerKind.DATE:
        at = clocks.instant(node.timer, datetime.min.replace(tzinfo=local.tzinfo))
        return at if at <= now else None
    if node.timer.kind is TimerKind.CYCLE:
        return parse_cycle(node.timer.value, timezone.get_default_timezone()).last_until(local)
    return None
