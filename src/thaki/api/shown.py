"""Rows as the API tells them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db.models import Prefetch
from django.urls import NoReverseMatch, reverse

from thaki.api import schemas
from thaki.cases import versions
from thaki.cases.models import Case, HistoryEvent, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from thaki.people.models import User
    from thaki.procedures.sales.models import Sale, SalesReport

MILESTONES = ("sold", "presale", "informed", "visited")


def person(user: User | None) -> schemas.Person | None:
    """Login and name."""
    return schemas.Person(username=user.username, name=str(user)) if user is not None else None


def page(name: str, *arguments: Any) -> str:
    """The address of a screen, where there is one."""
    try:
        return str(settings.PUBLIC_URL) + reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def with_standing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with their open tasks; one more query for a whole page."""
    tasks = Task.objects.filter(state=Task.State.OPEN).select_related("assignee").order_by("pk")
    return cases.select_related("owner").prefetch_related(Prefetch("tasks", queryset=tasks, to_attr="standing"))


def case(row: Case) -> schemas.CaseOut:
    """A case read by `with_standing`."""
    standing: Iterable[Task] = row.standing  # type: ignore[attr-defined]  # prefetched to that name
    return schemas.CaseOut(
        number=row.number,
        procedure=row.procedure,
        state=cast(Any, row.state),
        outcome=row.outcome,
        subject=row.subject,
        owner=person(row.owner),
        priority=row.priority,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
        last_event_at=row.last_event_at,
        standing=[_standing(task, row) for task in standing],
        page=page("case", row.number),
    )


def _standing(task: Task, row: Case) -> schemas.Standing:
    return schemas.Standing(
        id=task.pk,
        node=task.node,
        step=task.step,
        name=node_name(row.version_id, task.node),
        role=task.role,
        assignee=person(task.assignee),
        opened_at=task.opened_at,
        due_at=task.due_at,
    )


def node_name(version_id: int, node: str) -> str:
    """A node's name in its version; no query once the version is known to the process."""
    found = versions.of_id(version_id).procedure.nodes.get(node)
    return found.name if found else node


def event(row: HistoryEvent) -> schemas.EventOut:
    """Something that happened."""
    return schemas.EventOut(
        seq=row.seq, at=row.at, kind=row.kind, node=row.node, step=row.step, role=row.role, by=person(row.by)
    )


def task_values(row: Task, now: datetime) -> dict[str, Any]:
    """A task with its case."""
    return {
        "id": row.pk,
        "case": row.case.number,
        "subject": row.case.subject,
        "procedure": row.case.procedure,
        "node": row.node,
        "step": row.step,
        "name": node_name(row.case.version_id, row.node),
        "role": row.role,
        "agency": row.agency,
        "state": row.state,
        "assignee": person(row.assignee),
        "priority": row.priority,
        "opened_at": row.opened_at,
        "due_at": row.due_at,
        "closed_at": row.closed_at,
        "late": row.is_late(now),
        "page": page("task", row.pk),
    }


def task(row: Task, now: datetime) -> schemas.TaskOut:
    """A task with its case."""
    return schemas.TaskOut(**task_values(row, now))


def prospect(sale: Sale) -> schemas.ProspectOut:
    """A sale under way as its prospect."""
    told = sale.prospect
    reached = next((name for name in MILESTONES if getattr(sale, f"{name}_at") is not None), "")
    return schemas.ProspectOut(
        case=sale.case.number,
        name=told.name,
        phone=told.phone,
        email=told.email,
        channel=told.channel,
        campaign=told.campaign,
        interest=told.interest,
        zone=sale.zone or told.zone,
        milestone=cast(Any, reached),
        executive=person(sale.executive),
        received_at=told.received_at,
        page=page("case", sale.case.number),
    )


def report_values(row: SalesReport, kpi: dict[str, Any]) -> dict[str, Any]:
    """An informe's head; `kpi` is empty while it is not sent."""
    return {
        "id": row.pk,
        "case": row.case.number,
        "month": row.month_on,
        "sent_at": row.sent_at,
        "sent_by": person(row.sent_by),
        "percent": kpi.get("percent"),
        "verdict": kpi.get("verdict", ""),
    }
