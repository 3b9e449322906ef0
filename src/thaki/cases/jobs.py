"""The worker's tasks. People never wait for them: with the worker down, cases move on and these jobs stay in the queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.cases import effects, presence, remembering, rollups, runtime, store, surroundings, timers
from thaki.cases.models import Case, Incident, WaitingJob
from thaki.cases.move import Move
from thaki.cases.policies import NotNow
from thaki.cases.rows import Kind
from thaki.cases.store import QUEUE
from thaki.cases.versions import of_id
from thaki.engine import events as ev
from thaki.engine.advance import NotApplicable

log = structlog.get_logger(__name__)


# ---------------------------------------------------------------------- effects
@app.task(queue=QUEUE, name="cases.run_effects")
def run_effects(effect_ids: list[int]) -> None:
    """Do the effects of a move; those that fail come again by themselves, each time later."""
    for effect_id in effect_ids:
        again_at = effects.run(effect_id, now=timezone.now())
        if again_at is not None:
            run_effects.configure(schedule_at=again_at).defer(effect_ids=[effect_id])


def defer_effects(ids: Sequence[int]) -> None:
    """One job for these effects. (A move defers its own in the statement that writes them, see `store`.)"""
    run_effects.defer(effect_ids=list(ids))


def _deferred(task: Any, case_id: int, **arguments: Any) -> None:
    task.defer(case_id=case_id, **arguments)


# ---------------------------------------------------------------------- from one case to another
@app.task(queue=QUEUE, name="cases.offer_message")
def offer_message(case_id: int, message: str, payload: dict[str, Any]) -> None:
    """Give a message to another case. One that no longer awaits it keeps a note of it; a failure opens an incident there."""
    now = timezone.now()
    try:
        runtime.offer(case_id, message, payload, by=None, now=now)
    except NotNow as reason:
        log.info("message_not_awaited", case=case_id, message=message, reason=str(reason))
        _note_unawaited(case_id, message, now)
    except Exception as error:  # of the other procedure's rules: people must see it
        log.exception("message_failed", case=case_id, message=message)
        _incident(case_id, {"message": message, "payload": payload}, repr(error), now)


def _note_unawaited(case_id: int, message: str, now: datetime) -> None:
    with transaction.atomic():
        case, _task = store.lock_and_read(case_id)
        move = Move(of_id(case.version_id), case, by=None, now=now)
        move.enter(Kind.NOTED, None, {"notes": {"message_not_awaited": message}})
        move.write_history_only()


def _incident(case_id: int, data: dict[str, Any], error: str, now: datetime, *, node: str = "") -> None:
    """Something between two cases failed; `data` is what is needed to do it again."""
    with transaction.atomic():
        case, _task = store.lock_and_read(case_id)
        move = Move(of_id(case.version_id), case, by=None, now=now)
        place = move.procedure.nodes.get(node)
        incident = Incident.objects.create(
            case=case,
            kind=Incident.Kind.MESSAGE,
            data=data,
            node=node,
            role=place.role if place else "",
            error=error[:500],
            opened_at=now,
        )
        move.enter(Kind.INCIDENT, place, {"incident": incident.pk, "message": data.get("message", "")})
        move.write_history_only()


@app.task(queue=QUEUE, name="cases.start_child")
def start_child(case_id: int, token: int, called: str) -> None:
    """Open the case that a call activity asks for; the parent's token makes it happen once."""
    job = WaitingJob.objects.filter(case=case_id, token=token).select_related("by").first()
    if job is None:
        return
    now = timezone.now()
    try:
        runtime.start(
            called,
            {"parent": case_id, "node": job.node},
            by=job.by,
            now=now,
            submission_key=f"child:{case_id}:{token}",
            parent=(case_id, token),
        )
    except Exception as error:  # of the called procedure: the case would wait for ever, so people must see it
        log.exception("call_failed", case=case_id, called=called)
        _incident(case_id, {"called": called, "token": token}, repr(error), now, node=job.node)


@app.task(queue=QUEUE, name="cases.child_ended")
def child_ended(case_id: int, token: int, outcome: str) -> None:
    """Let the parent go on."""
    try:
        runtime.deliver(case_id, ev.ChildEnded(token, outcome), by=None, now=timezone.now())
    except (NotApplicable, NotNow) as reason:
        log.info("parent_gone_on", case=case_id, token=token, reason=repr(reason))


@app.task(queue=QUEUE, name="cases.drop_child")
def drop_child(case_id: int, token: int) -> None:
    """Cancel the case that a call activity started and does not want any more."""
    for child in Case.objects.filter(parent=case_id, parent_token=token, state__in=("open", "suspended")):
        runtime.deliver(child.pk, ev.Cancelled(), by=None, now=timezone.now())


# ---------------------------------------------------------------------- what runs by the clock
@app.periodic(cron="* * * * * */10")
@app.task(queue=QUEUE, name="cases.fire_timers", pass_context=False)
def fire_timers(timestamp: int) -> None:
    """Fire the timers that are due."""
    timers.fire_due(now=timezone.now())


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, name="cases.look_after")
def look_after(timestamp: int) -> None:
    """Each minute: late tasks, procedures that start by the calendar, effects that nobody does, who is long gone."""
    now = timezone.now()
    timers.escalate_overdue(now=now)
    timers.start_scheduled(now=now)
    effects.requeue_lost(now=now)
    presence.sweep(now=now)
    remembering.sweep()


@app.periodic(cron="* * * * *")
@app.task(queue=QUEUE, name="cases.rescue", pass_context=True)
async def rescue(context: Any, timestamp: int) -> None:
    """Take up the jobs of workers that died; procrastinate does not by itself."""
    manager = context.app.job_manager
    await manager.prune_stalled_workers(seconds_since_heartbeat=60)
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await manager.retry_job(job)


@app.periodic(cron="7 * * * *")
@app.task(queue=QUEUE, name="cases.roll_up", pass_context=False)
def roll_up(timestamp: int) -> None:
    """Count the days that are over, for the heat map."""
    rollups.roll(now=timezone.now())


# ---------------------------------------------------------------------- what the runtime asks of the worker
surroundings.register(
    surroundings.Surroundings(
        next_number=surroundings.next_number,
        defer_effects=defer_effects,
        defer_message=lambda case_id, message, payload: _deferred(
            offer_message, case_id, message=message, payload=payload
        ),
        defer_child=lambda case_id, token, called: _deferred(start_child, case_id, token=token, called=called),
        defer_child_ended=lambda case_id, token, outcome: _deferred(child_ended, case_id, token=token, outcome=outcome),
        effects_task=run_effects.name,
        defer_drop_child=lambda case_id, token: _deferred(drop_child, case_id, token=token),
    )
)
