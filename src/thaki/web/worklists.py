"""What *Mi trabajo* and *Equipo* ask beside `cases.queries`: the address's filters, steps to choose from, who has how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from thaki.cases import permissions, queries, versions
from thaki.cases.models import Task
from thaki.cases.registry import procedure_apps
from thaki.engine.procedure import TASKS
from thaki.people.models import User
from thaki.web.helpers import asked
from thaki.web.reading import title

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; everything else in it is passed over."""

    text: str = ""
    step: str = ""  # "sales.Step_7": procedure and node
    late: bool = False
    whose: str = ""  # "mias", "equipo", or "" for both
    person: str = ""  # id, or "nadie"

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Read the address."""
        whose = asked(request, "de")
        return cls(
            text=asked(request, "q"),
            step=asked(request, "paso", 120),
            late=bool(asked(request, "atraso")),
            whose=whose if whose in ("mias", "equipo") else "",
            person=asked(request, "persona", 12),
        )

    @property
    def filters(self) -> queries.Filters:
        """As the worklist's own filters."""
        procedure, _dot, node = self.step.partition(".")
        person = int(self.person) if self.person.isdecimal() else None
        return queries.Filters(text=self.text, procedure=procedure, node=node, late=self.late, assignee=person)

    @property
    def any(self) -> bool:
        """Whether anything narrows the lists."""
        return bool(self.text or self.step or self.late or self.person)


def supervises(user: User) -> bool:
    """Whether there is anything that the person supervises."""
    steers = any(set(app.supervisors) & set(user.roles) for app in procedure_apps())
    return steers or bool(permissions.supervised_roles(user))


def supervised(user: User, asked: Asked, now: datetime) -> QuerySet[Task]:
    """The open tasks that the person supervises, as the address narrows them."""
    tasks = queries.supervised(user, now=now, filters=asked.filters)
    return tasks.filter(assignee=None) if asked.person == "nadie" else tasks


@dataclass(frozen=True, slots=True)
class Load:
    """How much somebody has."""

    person: str  # id, or "nadie"
    name: str
    count: int
    late: int


def load_by_person(user: User, now: datetime) -> list[Load]:
    """Who has how much of what the person supervises, the late apart; most first."""
    # "select_related" would bring every column into the grouping.
    tasks = queries.supervised(user, now=now).select_related(None).order_by()
    rows: Iterable[Any] = (
        tasks.values("assignee_id", "assignee__first_name", "assignee__last_name", "assignee__username")
        .annotate(n=Count("id"), late=Count("id", filter=Q(due_at__lt=now)))
        .order_by("-n")[:40]
    )
    return [Load(str(row["assignee_id"] or "nadie"), _name(row), row["n"], row["late"]) for row in rows]


def _name(row: dict[str, Any]) -> str:
    full = " ".join(part for part in (row["assignee__first_name"], row["assignee__last_name"]) if part)
    return full or row["assignee__username"] or ""


def colleagues(roles: Iterable[str]) -> QuerySet[User]:
    """Active people of these roles, to whom a task may be given."""
    people = User.objects.filter(is_active=True, roles__overlap=list(roles))
    return people.order_by("first_name", "last_name", "username")


@dataclass(frozen=True, slots=True)
class StepChoice:
    """One step of the filter's list."""

    value: str
    label: str


def step_choices(roles: Iterable[str] = ()) -> list[StepChoice]:
    """The steps that people of these roles do, by the procedures in force; no roles means all."""
    wanted = set(roles)
    found = []
    for app in procedure_apps():
        try:
            procedure = versions.in_force(app.code).procedure
        except versions.NotInForce:
            continue
        for node in (*procedure.steps(), *(n for n in procedure.nodes.values() if not n.step)):
            if node.kind in TASKS and (not wanted or node.role in wanted):
                label = f"{node.step}. {title(node)}" if node.step else title(node)
                found.append(StepChoice(f"{app.code}.{node.id}", label))
    return found
