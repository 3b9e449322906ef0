"""The number beside *Mi trabajo* in the navigation: how much the person has. It stands on every page, so it must be cheap."""

from __future__ import annotations

from thaki.cases.models import Task
from thaki.people.models import User


def open_tasks(user: User) -> int:
    """How many open tasks the person has; asked once a request, though the side and the bottom bar both show it."""
    known: int | None = getattr(user, "_open_tasks", None)
    if known is None:
        known = Task.objects.filter(assignee=user, state=Task.State.OPEN).count()
        remember_open_tasks(user, known)
    return known


def remember_open_tasks(user: User, count: int) -> None:
    """Keep the number for the rest of the request."""
    user._open_tasks = count  # type: ignore[attr-defined]  # a memory for this request only
