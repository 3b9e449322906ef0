"""The validation queue of step 12: what waits for Cobranzas, where one stands in it, and who of the colleagues has what.

Reads only. It shows the step's own form and is answered by the step's own operation: there is one way to validate a deposit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from thaki.cases.models import Case, CaseDocument, Task
from thaki.cases.permissions import can_act
from thaki.cases.queries import worklist
from thaki.people.roles import Role
from thaki.records.billing.models import Payment
from thaki.records.documents.models import Document

if TYPE_CHECKING:
    from thaki.people.models import User

NODE = "Step_12"
MOST = 300  # of a queue; nobody works through more in a day
SLIP = "comprobante"


@dataclass(frozen=True, slots=True)
class Queue:
    """The deposits that a person may validate now, in the order of the worklists, and those that colleagues have."""

    tasks: tuple[Task, ...]
    with_others: tuple[tuple[str, int], ...]  # name, how many

    def place(self, task_id: int) -> int:
        """Where a task stands, from 1; 0 when it is not in the queue."""
        return next((at for at, task in enumerate(self.tasks, start=1) if task.pk == task_id), 0)

    def after(self, task_id: int) -> list[Task]:
        """The others in the order in which they come next: those behind it, then those before it."""
        at = self.place(task_id)
        return [task for task in (*self.tasks[at:], *self.tasks[:at]) if task.pk != task_id]


def queue(user: User, *, now: datetime) -> Queue:
    """What waits, in one query of the open tasks' index."""
    tasks = Task.objects.filter(
        role=Role.ENCARGADO_COBRANZAS.value, node=NODE, state=Task.State.OPEN, case__state=Case.State.OPEN
    ).exclude(case__is_rehearsal=True)
    found = list(tasks.select_related("case", "assignee").order_by(*worklist.ORDER)[:MOST])
    own = tuple(task for task in found if can_act(user, task, now))
    others = Counter(str(task.assignee) for task in found if task not in own and task.assignee)
    return Queue(own, tuple(others.most_common()))


def held_first(waiting: Queue, user: User) -> Task | None:
    """Where the person goes on: what he already took, else the first of the queue."""
    mine = (task for task in waiting.tasks if task.assignee_id == user.pk)
    return next(mine, waiting.tasks[0] if waiting.tasks else None)


def slips(tasks: Sequence[Task]) -> list[Document]:
    """The slips of these tasks' cases, the latest first; the browser fetches them ahead."""
    links = CaseDocument.objects.filter(case__in=[task.case_id for task in tasks], kind=SLIP).select_related("document")
    return [link.document for link in links.order_by("-attached_at")[:4]]


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the queue's list."""

    task: Task
    payment: Payment | None


def lines(tasks: Iterable[Task]) -> list[Waiting]:
    """The queue with the payment that each waits for, in one query."""
    listed = list(tasks)
    numbers = {task.case.number for task in listed}
    payments = Payment.objects.filter(case_ref__in=numbers, state=Payment.State.RECEIVED).order_by("received_at")
    latest = {payment.case_ref: payment for payment in payments}
    return [Waiting(task, latest.get(task.case.number)) for task in listed]


def decided_today(user: User, *, now: datetime) -> int:
    """How many the person decided since midnight in La Paz."""
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return Payment.objects.filter(
        decided_by=user, decided_at__gte=start, decided_at__lt=start + timedelta(days=1)
    ).count()
