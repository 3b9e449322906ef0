"""What *Mi trabajo* and *Equipo* ask beside `cases.queries`: the address's filters, steps to choose from, who has how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import permissions, queries, versions
from thaki.cases.models import Task
from thaki.cases.registry import Brief, procedure_apps
from thaki.engine.procedure import TASKS
from thaki.people.models import Absence, User
from thaki.web.helpers import asked_of
from thaki.web.models import SavedFilter
from thaki.web.reading import title

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; everything else in it is passed over."""

    text: str = ""
    step: str = ""  # "sales.Step_7": procedure and node
    late: bool = False
    today: bool = False  # not late yet, and due before the day is over
    whose: str = ""  # "mias", "equipo", or "" for both
    person: str = ""  # id, or "nadie"

    @classmethod
    def of(cls, request: HttpRequest) -> Asked:
        """Read the address."""
        return cls.of_query(request.GET)

    @classmethod
    def of_query(cls, query: QueryDict) -> Asked:
        """Read the part of an address behind its question mark."""
        whose = asked_of(query, "de")
        return cls(
            text=asked_of(query, "q"),
            step=asked_of(query, "paso", 120),
            late=bool(asked_of(query, "atraso")),
            today=bool(asked_of(query, "hoy")),
            whose=whose if whose in ("mias", "equipo") else "",
            person=asked_of(query, "persona", 12),
        )

    @property
    def query(self) -> str:
        """As an address says it, always in the same order."""
        said = {"q": self.text, "paso": self.step, "atraso": "1" if self.late else "", "hoy": "1" if self.today else ""}
        said |= {"de": self.whose, "persona": self.person}
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def filters(self) -> queries.Filters:
        """As the worklist's own filters."""
        procedure, _dot, node = self.step.partition(".")
        person = int(self.person) if self.person.isdecimal() else None
        return queries.Filters(
            text=self.text,
            procedure=procedure,
            node=node,
            late=self.late,
            assignee=person,
            due_from=timezone.now() if self.today else None,
            due_before=_midnight() if self.today else None,
        )

    @property
    def any(self) -> bool:
        """Whether anything narrows the lists."""
        return bool(self.text or self.step or self.late or self.today or self.person)


def _midnight() -> datetime:
    """The end of today, here."""
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chip:
    """Filters one press away, with how much they find."""

    label: str
    query: str
    count: int
    current: bool
    key: int = 0  # id of the one that the person keeps; 0 for the house's own


def chips(user: User, asked: Asked, now: datetime) -> list[Chip]:
    """The house's own filters and those that the person keeps, all counted by one query."""
    kept = SavedFilter.objects.filter(user=user).order_by("name")[:KEPT]
    wanted: list[tuple[str, str, int]] = [
        (_("Todo"), "", 0),
        (_("Atrasadas"), "atraso=1", 0),
        (_("Vencen hoy"), "hoy=1", 0),
        *((each.name, each.query, each.pk) for each in kept),
    ]
    each_asked = [Asked.of_query(QueryDict(query)) for _label, query, _key in wanted]
    counts = queries.count_each(user, [(one.filters, one.whose) for one in each_asked], now=now)
    current = asked.query
    return [
        Chip(label, query, count, Asked.of_query(QueryDict(query)).query == current, key)
        for (label, query, key), count in zip(wanted, counts, strict=True)
    ]


def most_late(user: User, now: datetime) -> list[Task]:
    """What is latest of all that the person supervises."""
    late = queries.supervised(user, now=now, filters=queries.Filters(late=True)).order_by("due_at", "pk")
    return list(late[:8])


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody whose work the person does for some days."""

    name: str
    until: date


def stood_in_for(user: User, now: datetime) -> list[Away]:
    """Those in whose place the person stands today."""
    people = permissions.absent_people(user, now)
    if not people:
        return []
    today = timezone.localtime(now).date()
    absences = Absence.objects.filter(user__in=people, from_on__lte=today, to_on__gte=today).select_related("user")
    return [Away(str(each.user), each.to_on) for each in absences.order_by("to_on", "pk")]


def briefs(user: User, now: datetime) -> list[Brief]:
    """What waits for who leads others: of the people and procedures in his care, and what each procedure adds."""
    found = _of_the_team(user, now) if supervises(user) else []
    for app in procedure_apps():
        found += app.briefs(user, now)
    return found


def _of_the_team(user: User, now: datetime) -> list[Brief]:
    tasks = queries.supervised(user, now=now).select_related(None).order_by()
    alone = list(permissions.uncovered_people(user, now))
    found = tasks.aggregate(
        all=Count("pk"),
        late=Count("pk", filter=Q(due_at__lt=now)),
        free=Count("pk", filter=Q(assignee=None)),
        alone=Count("pk", filter=Q(assignee__in=alone)),
    )
    team = reverse("team_work")
    cards = [
        Brief(_("Pendientes de su equipo"), found["all"], team),
        Brief(_("Atrasadas"), found["late"], f"{team}?atraso=1", "bad" if found["late"] else "good"),
        Brief(_("Sin nadie asignado"), found["free"], f"{team}?persona=nadie"),
    ]
    if found["alone"]:
        cards.append(Brief(_("De personas ausentes sin sustituto"), found["alone"], team, "warn"))
    return cards


KEPT = 12  # filters of one person


def keep_filter(user: User, name: str, query: str) -> None:
    """Keep filters under a name; the same name again stands for the new ones."""
    SavedFilter.objects.update_or_create(
        user=user, name=name, defaults={"query": Asked.of_query(QueryDict(query)).query}
    )


def forget_filter(user: User, key: int) -> None:
    """Keep them no longer."""
    SavedFilter.objects.filter(user=user, pk=key).delete()


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
    for code, version in versions.all_in_force().items():
        procedure = version.procedure
        for node in (*procedure.steps(), *(n for n in procedure.nodes.values() if not n.step)):
            if node.kind in TASKS and (not wanted or node.role in wanted):
                label = f"{node.step}. {title(node)}" if node.step else title(node)
                found.append(StepChoice(f"{code}.{node.id}", label))
    return found
