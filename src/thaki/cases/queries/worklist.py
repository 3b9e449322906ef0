"""Mi trabajo: what is mine, what my team may take, and what the people whom I supervise have. Late first.

The order is the one of the partial indexes on open tasks: priority (R-B6), then what is due first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from thaki.cases import permissions, versions
from thaki.cases.models import Case, Task
from thaki.cases.registry import procedure_apps
from thaki.cases.rules import folded, numbers_said, search_trigrams
from thaki.people.prepared import Prepared

if TYPE_CHECKING:
    from thaki.engine.procedure import Node
    from thaki.people.models import User

ORDER = (F("priority").desc(), F("due_at").asc(nulls_last=True), F("id").asc())


@dataclass(frozen=True, slots=True)
class Filters:
    """What a person narrows a worklist down to; an empty value narrows nothing."""

    text: str = ""  # of the case's number or subject
    procedure: str = ""
    step: str = ""  # number in the signed procedure
    node: str = ""
    role: str = ""
    assignee: int | None = None
    late: bool = False
    escalated: bool = False  # told to the supervisor
    due_from: datetime | None = None
    due_before: datetime | None = None

    def condition(self, now: datetime) -> Q:
        """As a condition on tasks."""
        found = Q()
        for name in ("step", "node", "role"):
            if getattr(self, name):
                found &= Q(**{name: getattr(self, name)})
        if self.procedure:
            found &= Q(case__procedure=self.procedure)
        if self.assignee is not None:
            found &= Q(assignee=self.assignee)
        if self.late:
            found &= Q(due_at__lt=now)
        if self.escalated:
            found &= Q(escalated_at__isnull=False)
        if self.due_from is not None:
            found &= Q(due_at__gte=self.due_from)
        if self.due_before is not None:
            found &= Q(due_at__lt=self.due_before)
        return found & text_condition(self.text, "case__") if self.text else found


def text_condition(text: str, prefix: str = "") -> Q:
    """Cases that the text names by their number, whole or in parts ("2026-123", "GVD-2026"), or whose subject has its words.

    The last word may be unfinished. Every part of the condition is answered by an index.
    """
    trigrams = search_trigrams(text)
    by_subject = Q(**{f"{prefix}search__contains": trigrams}) if trigrams else Q(pk=None)
    typed = " ".join(text.upper().split())
    known = [app.prefix for app in procedure_apps()]
    said = numbers_said(typed, known, timezone.localdate().year)
    if said:
        by_subject |= Q(**{f"{prefix}number__in": said})
    if typed.startswith(tuple(f"{each}-" for each in known)):
        by_subject |= Q(**{f"{prefix}number__startswith": typed})
    return by_subject


def mine(user: User, *, now: datetime, filters: Filters | None = None) -> QuerySet[Task]:
    """The open tasks that the person has, and those of the absent people for whom he stands in."""
    people = [user.pk, *permissions.absent_people(user, now)]
    return _open(filters, now).filter(assignee__in=people)


def available(user: User, *, now: datetime, filters: Filters | None = None) -> QuerySet[Task]:
    """The open tasks that nobody has (or only somebody who is away, with nobody in his place) and that the person may take."""
    return _open(filters, now).filter(_for(user, now))


def supervised(user: User, *, now: datetime, filters: Filters | None = None) -> QuerySet[Task]:
    """Every open task of the teams and the procedures that the person supervises, whoever has it."""
    procedures = [app.code for app in procedure_apps() if set(app.supervisors).intersection(user.roles)]
    roles = permissions.supervised_roles(user)
    return _open(filters, now).filter(Q(role__in=roles) | Q(case__procedure__in=procedures))


def next_task(user: User, *, now: datetime) -> Task | None:
    """What the person does next: his first task, else the first that he may take.

    Asked after every step, so by prepared queries that read one entry of the index for each person or role; they say what
    `mine` and `available` say.
    """
    people = [user.pk, *permissions.absent_people(user, now)]
    first = _FIRST_OF_PEOPLE.first(people) or _FIRST_FREE.first(user.roles, user.team_id, user.agency, user.agency)
    if first is None and permissions.uncovered_people(user, now):
        return available(user, now=now).first()
    return first


_FIRST_OF_PEOPLE = Prepared(
    Task,
    """m.id = (SELECT t.id FROM unnest(%s::bigint[]) AS who(id) CROSS JOIN LATERAL (
        SELECT t.id, t.priority, t.due_at FROM cases_task t WHERE t.state = 'open' AND t.assignee_id = who.id
        AND EXISTS (SELECT FROM cases_case c WHERE c.id = t.case_id AND c.state = 'open')
        ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1) t ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1)""",
)
_FIRST_FREE = Prepared(
    Task,
    """m.id = (SELECT t.id FROM unnest(%s::text[]) AS its(role) CROSS JOIN LATERAL (
        SELECT t.id, t.priority, t.due_at FROM cases_task t WHERE t.state = 'open' AND t.assignee_id IS NULL
        AND t.role = its.role AND (t.team_id IS NULL OR t.team_id = %s) AND (%s = '' OR t.agency IN ('', %s))
        AND EXISTS (SELECT FROM cases_case c WHERE c.id = t.case_id AND c.state = 'open')
        ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1) t ORDER BY t.priority DESC, t.due_at, t.id LIMIT 1)""",
)


def node_of(task: Task) -> Node:
    """The task's node in the version that its case is on; no query once the version is known to the process."""
    return versions.of_id(task.case.version_id).procedure.nodes[task.node]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is to do, and how much of it is late."""

    mine: int
    mine_late: int
    available: int
    available_late: int


def counts(user: User, *, now: datetime) -> Counts:
    """How much the person has, and how much he may take; one query."""
    own, free = Q(assignee__in=[user.pk, *permissions.absent_people(user, now)]), _for(user, now)
    late = Q(due_at__lt=now)
    found = Task.objects.filter(own | free, state=Task.State.OPEN, case__state=Case.State.OPEN).aggregate(
        mine=Count("pk", filter=own),
        mine_late=Count("pk", filter=own & late),
        available=Count("pk", filter=free),
        available_late=Count("pk", filter=free & late),
    )
    return Counts(**found)


def count_each(user: User, wanted: Sequence[tuple[Filters, str]], *, now: datetime) -> list[int]:
    """How much each of these filters finds in one query: of his own ("mias"), of what he may take ("equipo"), or of both."""
    own, free = Q(assignee__in=[user.pk, *permissions.absent_people(user, now)]), _for(user, now)
    whose = {"mias": own, "equipo": free}
    asked = {
        f"n{number}": Count("pk", filter=filters.condition(now) & whose.get(part, Q()) & Q(pk__isnull=False))
        for number, (filters, part) in enumerate(wanted)
    }
    found = Task.objects.filter(own | free, state=Task.State.OPEN, case__state=Case.State.OPEN).aggregate(**asked)
    return [found[name] for name in asked]


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many cases stand at a step."""

    procedure: str
    node: str
    step: str
    role: str
    count: int
    late: int
    oldest_at: datetime


def counts_per_step(tasks: QuerySet[Task], *, now: datetime) -> list[StepCount]:
    """Where the tasks of a worklist stand, by the number of the signed procedure."""
    rows = (
        tasks.order_by()
        .values("case__procedure", "node", "step", "role")
        .annotate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lt=now)), oldest_at=Min("opened_at"))
        .values_list("case__procedure", "node", "step", "role", "count", "late", "oldest_at")
    )
    return sorted((StepCount(*row) for row in rows), key=lambda row: (row.procedure, _natural(row.step), row.node))


def _open(filters: Filters | None, now: datetime) -> QuerySet[Task]:
    tasks = Task.objects.filter(state=Task.State.OPEN, case__state=Case.State.OPEN)
    if filters is not None:
        tasks = tasks.filter(filters.condition(now))
    return tasks.select_related("case", "assignee").order_by(*ORDER)


def _for(user: User, now: datetime) -> Q:
    """Tasks that nobody has, of the person's roles, team and agency; so are those of who is away without a substitute."""
    alone = [person for person in permissions.uncovered_people(user, now) if person != user.pk]
    nobody = Q(assignee=None) | Q(assignee__in=alone) if alone else Q(assignee=None)
    agency = Q(agency="") | Q(agency=user.agency) if user.agency else Q()
    return nobody & Q(role__in=user.roles) & (Q(team=None) | Q(team=user.team_id)) & agency


def _natural(step: str) -> tuple[int, str]:
    digits = step.partition(".")[0]
    return (int(digits) if digits.isdigit() else 10_000, folded(step))
