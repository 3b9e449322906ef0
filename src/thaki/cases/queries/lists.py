"""Lists of cases and of incidents, and finding a case from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from thaki.cases import permissions
from thaki.cases.models import Case, Incident
from thaki.cases.permissions import CARETAKERS
from thaki.cases.queries.worklist import text_condition
from thaki.cases.registry import procedure_apps

if TYPE_CHECKING:
    from thaki.people.models import User


@dataclass(frozen=True, slots=True)
class CaseFilters:
    """What a list of cases is narrowed down to; an empty value narrows nothing."""

    text: str = ""
    procedure: str = ""
    state: str = ""
    outcome: str = ""
    node: str = ""  # an open task stands there
    owner: int | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None


def cases(filters: CaseFilters | None = None) -> QuerySet[Case]:
    """Cases, the newest first."""
    found = Case.objects.select_related("owner").order_by("-opened_at", "-pk")
    if filters is None:
        return found
    for name in ("procedure", "state", "outcome", "owner"):
        if getattr(filters, name):
            found = found.filter(**{name: getattr(filters, name)})
    if filters.node:
        found = found.filter(tasks__node=filters.node, tasks__state="open")
    if filters.opened_from:
        found = found.filter(opened_at__gte=filters.opened_from)
    if filters.opened_before:
        found = found.filter(opened_at__lt=filters.opened_before)
    return found.filter(text_condition(filters.text)) if filters.text else found


def search(text: str, *, limit: int = 10) -> list[Case]:
    """The cases whose number or subject a person means: an exact number first, then the open ones, the newest first."""
    typed = text.strip().upper()
    exact = list(Case.objects.filter(number=typed))
    found = list(Case.objects.filter(text_condition(text)).exclude(number=typed).order_by("-opened_at")[: limit * 5])
    found.sort(key=lambda case: not case.is_open)  # stable: the newest stay first among each
    return [*exact, *found][:limit]


def incidents() -> QuerySet[Incident]:
    """The incidents that are not resolved, the oldest first."""
    return Incident.objects.filter(resolved_at=None).select_related("case", "effect").order_by("opened_at", "pk")


def incidents_for(user: User) -> QuerySet[Incident]:
    """The unresolved incidents that the person may mend."""
    if any(role.value in user.roles for role in CARETAKERS):
        return incidents()
    procedures = [app.code for app in procedure_apps() if set(app.supervisors).intersection(user.roles)]
    roles = {*user.roles, *permissions.supervised_roles(user)}
    return incidents().filter(Q(role__in=roles) | Q(case__procedure__in=procedures))
