"""Finding a case or a customer from anywhere: name (any order, no accents), telephone, identity card or case number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects

from thaki.cases import permissions, queries, versions
from thaki.cases.models import Case, Task
from thaki.cases.queries.worklist import text_condition
from thaki.cases.registry import procedure_apps
from thaki.people.models import User
from thaki.procedures.sales.models import Sale
from thaki.records.customers import queries as customer_queries
from thaki.records.customers.models import Customer
from thaki.records.prospects.models import Prospect

LIMIT = 20


@dataclass(frozen=True, slots=True)
class Found:
    """What the search box brings."""

    cases: tuple[Case, ...] = ()
    customers: tuple[Customer, ...] = ()


def find(text: str, user: User) -> Found:
    """The cases and customers that a person means; cases only of procedures in which he has a part."""
    text = text.strip()
    if len(text) < 2:
        return Found()
    seen = visible_procedures(user)
    cases = [case for case in queries.search(text, limit=LIMIT) if case.procedure in seen and not case.is_rehearsal]
    more = Case.objects.filter(pk__in=_by_sign(text), procedure__in=seen).exclude(pk__in=[case.pk for case in cases])
    customers = customer_queries.search(text, limit=LIMIT)
    found = [*cases, *more.select_related("owner").order_by("-opened_at")[:LIMIT]]
    prefetch_related_objects(found, _standing())
    return Found(tuple(found), tuple(customers))


def case_condition(text: str) -> Q:
    """As a condition on a list of cases."""
    return text_condition(text) | Q(pk__in=_by_sign(text))


def with_standing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with the open tasks where they stand, as `standing`; one more query for a whole page."""
    return cases.prefetch_related(_standing())


def _standing() -> Prefetch:
    return Prefetch("tasks", queryset=Task.objects.filter(state=Task.State.OPEN).order_by("pk"), to_attr="standing")


def visible_procedures(user: User) -> list[str]:
    """The procedures whose cases the person may see."""
    return [app.code for app in procedure_apps() if _sees(user, app.code)]


def _sees(user: User, code: str) -> bool:
    try:
        version = versions.in_force(code)
    except versions.NotInForce:
        return False
    return permissions.can_see_case(user, Case(procedure=code, version_id=version.id))


def _by_sign(text: str) -> list[int]:
    """Sales of those whom the text means, by telephone, card or name: as customers, or as the prospects that they were."""
    if len(text) < 3:
        return []
    customers = [customer.pk for customer in customer_queries.search(text, limit=LIMIT)]
    digits = "".join(c for c in text if c.isdigit())
    by_phone = Prospect.objects.filter(phone__startswith=digits) if len(digits) >= 5 else Prospect.objects.none()
    prospects = list(by_phone.values_list("pk", flat=True)[:LIMIT])
    if not customers and not prospects:
        return []
    sales = Sale.objects.filter(Q(customer__in=customers) | Q(prospect__in=prospects))
    return list(sales.order_by("-pk").values_list("pk", flat=True)[:LIMIT])
