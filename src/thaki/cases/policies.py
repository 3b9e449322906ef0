"""The state allows it. (Whether this person may is in `permissions.py`.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases.models import Case, Task

if TYPE_CHECKING:
    from thaki.engine.procedure import Node
    from thaki.people.models import User


class NotNow(Exception):
    """The case, or the task, is not in a state for that; the message says why, in Spanish."""


class TaskAlreadyClosed(NotNow):
    """Somebody was first; names who and when."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.by: User | None = task.closed_by
        self.at: datetime | None = task.closed_at
        at = timezone.localtime(task.closed_at).strftime("%d/%m/%Y %H:%M") if task.closed_at else ""
        who = (task.closed_by.get_full_name() or task.closed_by.get_username()) if task.closed_by else _("el sistema")
        done = task.state == Task.State.DONE
        text = _("%(who)s ya completó esta tarea el %(at)s.") if done else _("La tarea se retiró el %(at)s (%(who)s).")
        super().__init__(text % {"who": who, "at": at})


class CaseNotOpen(NotNow):
    """The case is suspended, or over."""


class NoSuchTask(NotNow):
    """The task is not there (any more)."""


def check_case_moves(case: Case) -> None:
    """A case moves while it is open and not suspended."""
    if case.state == Case.State.SUSPENDED:
        raise CaseNotOpen(_("El caso está en pausa: hay que reanudarlo antes."))
    check_case_open(case)


def check_case_open(case: Case) -> None:
    """A case can be looked after until it is over."""
    if not case.is_open:
        raise CaseNotOpen(_("El caso ya terminó."))


def check_can_complete(case: Case, task: Task | None) -> None:
    """An open task of a case that moves."""
    check_task_open(task)
    check_case_moves(case)


def check_task_open(task: Task | None) -> None:
    """The task is there and still to be done."""
    check_task_there(task)
    assert task is not None  # just checked
    if not task.is_open:
        raise TaskAlreadyClosed(task)


def check_task_there(task: object | None) -> None:
    """There is such a task."""
    if task is None:
        raise NoSuchTask(_("La tarea ya no existe."))


def check_can_send_back(node: Node, to_node: str) -> None:
    """The procedure says to which steps a task may be sent back."""
    if to_node not in node.back_to:
        raise NotNow(_("El procedimiento no permite devolver este paso a ese punto."))


def check_can_suspend(case: Case) -> None:
    """A case that moves can be suspended."""
    check_case_moves(case)


def check_can_resume(case: Case) -> None:
    """A suspended case can be resumed."""
    if case.state != Case.State.SUSPENDED:
        raise NotNow(_("El caso no está en pausa."))


def check_can_cancel(case: Case) -> None:
    """A case that is not over can be given up."""
    check_case_open(case)


def can(check: Callable[..., None], *arguments: Any) -> bool:
    """The bool of any check of this module: `can(check_can_resume, case)`."""
    try:
        check(*arguments)
    except NotNow:
        return False
    return True
