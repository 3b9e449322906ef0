"""Outside effects: done by a worker after the move has committed, at least once, and settled under the case's lock.

The handler runs outside of any transaction, so a slow mail server never holds a case. If the worker dies between the handler
and the settling, the handler runs again: `effect.key` is its idempotency key. A failure that a retry may help is tried again
later and later; what gives up opens an incident, and people decide.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from thaki.cases import runtime, store, surroundings
from thaki.cases.models import Case, Effect, Incident, WaitingJob
from thaki.cases.move import Move
from thaki.cases.registry import EffectError, effect_handler
from thaki.cases.rows import Kind
from thaki.cases.versions import of_id
from thaki.engine import events as ev
from thaki.engine.advance import NotApplicable

log = structlog.get_logger(__name__)
RETRY_AFTER = tuple(timedelta(seconds=s) for s in (10, 60, 300, 900, 3600, 10800))  # then it gives up
State = Effect.State


def run(effect_id: int, *, now: datetime) -> datetime | None:
    """Do an effect, unless it is settled. Returns when to try again after a failure that a retry may help."""
    effect = Effect.objects.select_related("case", "by").filter(pk=effect_id, state=State.PENDING).first()
    if effect is None:
        return None
    try:
        result = effect_handler(effect.kind)(effect) or {}
    except EffectError as error:
        return _failed(effect, str(error), error.retry, now)
    except LookupError as error:
        return _failed(effect, f"{type(error).__name__}: {error}", False, now)
    except Exception as error:  # whatever it is: it is counted, shown in the incident, and people are told
        return _failed(effect, f"{type(error).__name__}: {error}", True, now)
    try:
        settle(effect.pk, State.DONE, result, now=now)
    except (
        Exception
    ) as error:  # what follows in the case fails: it is counted too, so that in the end people hear of it
        log.exception("after_effect_failed", effect=effect.pk, kind=effect.kind)
        return _failed(effect, f"{type(error).__name__}: {error}", True, now)
    return None


def settle(effect_id: int, state: State, result: dict[str, Any], *, now: datetime) -> bool:
    """Mark an effect as done or skipped, and let the case go on if it waits for nothing else. False: it was settled already."""
    with transaction.atomic():
        effect = Effect.objects.get(pk=effect_id)
        case, _task = store.lock_and_read(effect.case_id)
        unsettled = Effect.objects.filter(pk=effect_id, state__in=(State.PENDING, State.FAILED))
        if not unsettled.update(state=state, result=result, settled_at=now, next_try_at=None):
            return False
        if case.state == Case.State.OPEN:  # a suspended case goes on when it is resumed
            settle_ready_jobs(case.pk, now=now)
    return True


def settle_ready_jobs(case_id: int, *, now: datetime) -> None:
    """Let every job of a locked case go on whose effects are all done or skipped."""
    for job in WaitingJob.objects.filter(case=case_id).exclude(keys=[]).select_related("by").order_by("token"):
        done = Effect.objects.filter(key__in=job.keys, state__in=(State.DONE, State.SKIPPED))
        results = dict(done.values_list("key", "result"))
        if len(results) == len(set(job.keys)):
            runtime.settle_job(case_id, job.token, results, by=job.by, now=now)


def requeue_lost(*, now: datetime, older_than: timedelta = timedelta(minutes=15)) -> int:
    """Defer anew the effects that nobody seems to be doing (their job was lost with a queue or a restored backup)."""
    late = now - older_than
    lost = Effect.objects.filter(state=State.PENDING, created_at__lt=late).exclude(next_try_at__gt=late)
    ids = list(lost.order_by("created_at").values_list("pk", flat=True)[:500])
    if ids:
        Effect.objects.filter(pk__in=ids).update(next_try_at=now)
        surroundings.current().defer_effects(ids)
    return len(ids)


def _failed(effect: Effect, error: str, retry: bool, now: datetime) -> datetime | None:
    """Count a failure; returns when to try again, or None once it has given up."""
    attempts = effect.attempts + 1
    if retry and attempts <= len(RETRY_AFTER):
        next_try_at = now + RETRY_AFTER[attempts - 1]
        Effect.objects.filter(pk=effect.pk, state=State.PENDING).update(
            attempts=attempts, error=error[:500], next_try_at=next_try_at
        )
        return next_try_at
    _give_up(effect, attempts, error[:500], now)
    return None


def _give_up(effect: Effect, attempts: int, error: str, now: datetime) -> None:
    """Follow the procedure's error event if it draws one; else open an incident for people to mend."""
    with transaction.atomic():
        case, _task = store.lock_and_read(effect.case_id)
        pending = Effect.objects.filter(pk=effect.pk, state=State.PENDING)
        if not pending.update(state=State.FAILED, attempts=attempts, error=error, settled_at=now, next_try_at=None):
            return
        if case.state == Case.State.OPEN and _error_is_caught(effect, now):
            return
        case, _task = store.lock_and_read(effect.case_id)
        move = Move(of_id(case.version_id), case, by=None, now=now)
        node = move.procedure.nodes.get(effect.node)
        incident = Incident.objects.create(
            case=case,
            kind=Incident.Kind.EFFECT,
            effect=effect,
            node=effect.node,
            role=node.role if node else "",
            error=error,
            opened_at=now,
        )
        move.enter(Kind.INCIDENT, node, {"incident": incident.pk, "effect": effect.kind})
        move.write_history_only()


def _error_is_caught(effect: Effect, now: datetime) -> bool:
    job = WaitingJob.objects.filter(case=effect.case_id, keys__contains=[effect.key]).first()
    if job is None:
        return False
    try:
        runtime.deliver(effect.case_id, ev.JobFailed(job.token, effect.kind), by=None, now=now)
    except NotApplicable:
        return False  # the procedure draws no way for this error: people decide
    except Exception:  # the way that it draws fails in its turn: people must hear of it all the same
        log.exception("error_path_failed", effect=effect.pk, kind=effect.kind)
        return False
    return True
