"""What a move tells other systems: written in the move's own transaction, as effects.

Told are numbers, codes and instants, never who the customer is: whoever may know asks the API. What is subscribed is kept in
the process for a second, so a move of a house without subscriptions asks nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from thaki.api.models import Event, Subscription
from thaki.cases import registry, surroundings
from thaki.cases.registry import Asked, Happened

KIND = "webhook.send"
SECONDS = 1.0
_snapshot: tuple[float, tuple[Wanted, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A running subscription."""

    id: int
    events: frozenset[str]
    procedure: str


def wanted() -> tuple[Wanted, ...]:
    """The running subscriptions."""
    global _snapshot  # one snapshot a process, as for the policies
    if _snapshot is None or time.monotonic() - _snapshot[0] > SECONDS:
        rows = Subscription.objects.filter(is_active=True).values_list("pk", "events", "procedure").order_by("pk")
        _snapshot = time.monotonic(), tuple(Wanted(pk, frozenset(events), code) for pk, events, code in rows)
    return _snapshot[1]


def forget() -> None:
    """Read them anew: after a change here, now and once it is committed."""
    _drop()
    transaction.on_commit(_drop)


def _drop() -> None:
    global _snapshot
    _snapshot = None


def tell(happened: Happened) -> list[Asked]:
    """The effects that a move asks for."""
    if surroundings.current().rehearsing or happened.case.is_rehearsal:
        return []
    listening = [each for each in wanted() if each.procedure in ("", happened.case.procedure)]
    if not listening:
        return []
    told = list(_told(happened, {event for each in listening for event in each.events}))
    return [
        Asked(KIND, f"webhook:{each.id}:{body['id']}", {"subscription": each.id, "body": body})
        for each in listening
        for event, body in told
        if event in each.events
    ]


def _told(happened: Happened, asked: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every event that somebody asked for, in the order in which it happened."""
    if happened.is_new and Event.CASE_OPENED in asked:
        yield _event(happened, Event.CASE_OPENED, 0, {})
    if happened.completed is not None and Event.TASK_COMPLETED in asked:
        task = happened.completed
        by = happened.by.username if happened.by else None
        body = {"id": task.pk, "node": task.node, "step": task.step, "role": task.role, "completed_by": by}
        yield _event(happened, Event.TASK_COMPLETED, task.token, {"task": body})
    if Event.TASK_OPENED in asked:
        for row in happened.opened():
            body = {name: row[name] for name in ("id", "node", "step", "role")}
            due_at = row["due_at"].isoformat() if row["due_at"] else None
            yield _event(happened, Event.TASK_OPENED, row["token"], {"task": body | {"due_at": due_at}})
    if happened.has_ended and Event.CASE_ENDED in asked:
        yield _event(happened, Event.CASE_ENDED, 0, {})


def _event(happened: Happened, event: Event, token: int, more: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    case = happened.case
    body = {
        "id": f"{case.number}-{happened.seq}-{event.value}-{token}",
        "type": event.value,
        "at": happened.now.isoformat(),
        "case": {
            "number": case.number,
            "procedure": case.procedure,
            "state": str(case.state),
            "outcome": case.outcome,
        },
        **more,
    }
    return event.value, body


def register() -> None:
    """Hear of every move."""
    registry.register_listener(tell)
