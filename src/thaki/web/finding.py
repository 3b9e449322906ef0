"""Finding a case or a customer from anywhere: name (any order, no accents), telephone, identity card or case number.

Every way of finding asks an index: trigrams for names, the number as it is said ("123", "2026-123", "GVD-2026-000123"),
telephones from their beginning. Nothing looks through all cases, so a search costs the same after ten years.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet, prefetch_related_objects
from django.utils import timezone

from thaki.cases import permissions, versions
from thaki.cases.models import Case, Task
from thaki.cases.registry import ProcedureApp, procedure_apps
from thaki.cases.rules import case_number, search_trigrams
from thaki.people.models import User
from thaki.procedures.sales.models import Sale
from thaki.records.customers import queries as customer_queries
from thaki.records.customers.models import Customer
from thaki.records.prospects.models import Prospect

LIMIT = 20
YEARS = 5  # back, for a number that is said without its year
_NUMBER = re.compile(r"(?:(?P<prefix>[A-Z]{2,6})[- ]?)?(?:(?P<year>20\d\d)[- ])?0*(?P<count>\d{1,6})")


@dataclass(frozen=True, slots=True)
class Found:
    """What the search box brings."""

    cases: tuple[Case, ...] = ()
    customers: tuple[Customer, ...] = ()


def find(text: str, user: User) -> Found:
    """The cases and customers that a person means, of the procedures in which he has a part; the open cases first."""
    seen = visible_procedures(user)
    if len(text) < 2 or not seen:
        return Found()
    codes = [app.code for app in seen]
    rows = Case.objects.filter(case_condition(text), procedure__in=codes, is_rehearsal=False)
    cases = list(rows.select_related("owner").order_by("-opened_at")[: LIMIT * 3])
    cases.sort(key=lambda case: (case.number != text.upper(), not case.is_open))  # stable: the newest first among each
    found = cases[:LIMIT]
    prefetch_related_objects(found, _standing())
    return Found(tuple(found), tuple(customer_queries.search(text, limit=LIMIT)))


def case_condition(text: str) -> Q:
    """As a condition on a list of cases; what is neither a name nor a number finds nothing."""
    names = search_trigrams(text)
    found = Q(pk__in=_by_sign(text)) | Q(number__in=possible_numbers(text))
    return found | Q(search__contains=names) if names else found


def possible_numbers(text: str) -> list[str]:
    """The case numbers that a person may mean by "123", "2026-123" or the whole number."""
    said = _NUMBER.fullmatch(text.strip().upper())
    if said is None:
        return []
    this_year = timezone.localdate().year
    years = [int(said["year"])] if said["year"] else range(this_year, this_year - YEARS, -1)
    prefixes = [said["prefix"]] if said["prefix"] else [app.prefix for app in procedure_apps()]
    return [case_number(prefix, year, int(said["count"])) for prefix in prefixes for year in years]


def with_standing(cases: QuerySet[Case]) -> QuerySet[Case]:
    """The cases with the open tasks where they stand, as `standing`; one more query for a whole page."""
    return cases.prefetch_related(_standing())


def _standing() -> Prefetch:
    return Prefetch("tasks", queryset=Task.objects.filter(state=Task.State.OPEN).order_by("pk"), to_attr="standing")


def visible_procedures(user: User) -> list[ProcedureApp]:
    """The procedures whose cases the person may see."""
    return [app for app in procedure_apps() if _sees(user, app.code)]


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
