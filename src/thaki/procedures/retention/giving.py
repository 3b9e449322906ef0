"""Giving an order to a technician while its case is under way: order, task of the visit and the customer's news go together."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from thaki.cases import operations as cases
from thaki.cases import runtime
from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.procedures.retention import visit_words
from thaki.records.work_orders import dispatch
from thaki.records.work_orders.models import WorkOrder

VISITS = ("Step_7", "Step_8")


@transaction.atomic
def give(order: WorkOrder, *, to: User, by: User, now: datetime) -> WorkOrder:
    """Assign or reassign. Whoever waits for a technician whose hour is agreed is told who comes instead."""
    case = Case.objects.get(number=order.case_ref)
    with runtime.beside(case.pk, by=by, now=now) as work:
        before = order.assigned_to_id
        given = dispatch.assign(order.pk, to=to, by=by, now=now)
        if given.assigned_to_id != before:
            if before is not None or given.agreed_from is not None:
                related = ("customer", "subscription__plan", "assigned_to")
                visit_words.tell(work, WorkOrder.objects.select_related(*related).get(pk=order.pk))
            work.note(order=order.number, technician=to.pk)
    _take_task_along(case, to, by, now)
    return given


def _take_task_along(case: Case, to: User, by: User, now: datetime) -> None:
    task = Task.objects.filter(case=case, state=Task.State.OPEN, node__in=VISITS).select_related("assignee").first()
    if task is None or task.assignee_id == to.pk:
        return
    if task.assignee is None:
        cases.allot(task.pk, to=to, by=by, now=now)
    else:
        cases.inherit(task.pk, of=task.assignee, to=to, by=by, now=now)
