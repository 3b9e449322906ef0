"""The open tasks of somebody who leaves go to a colleague, or back to everyone of their role."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from thaki.cases import operations
from thaki.cases.models import Task
from thaki.people import leaving

if TYPE_CHECKING:
    from thaki.people.models import User


def register() -> None:
    """Say so to the room of people; called when Django is ready."""
    leaving.register(_count, _pass_on)


def _count(user: User) -> int:
    return Task.objects.filter(state=Task.State.OPEN, assignee=user).count()


def _pass_on(user: User, to: User | None, by: User, now: datetime) -> tuple[int, int]:
    given = back = 0
    for key in Task.objects.filter(state=Task.State.OPEN, assignee=user).order_by("pk").values_list("pk", flat=True):
        heir = operations.inherit(key, of=user, to=to, by=by, now=now)
        given, back = given + (heir is not None), back + (heir is None)
    return given, back
