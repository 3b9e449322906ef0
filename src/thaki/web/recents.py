"""What a person opened lately, for the palette and the search page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.cases.models import Case
from thaki.records.customers.models import Customer
from thaki.records.customers.readers import may_see_customers
from thaki.web import finding
from thaki.web.models import Recent

if TYPE_CHECKING:
    from thaki.people.models import User

KEPT = 30  # a person
SHOWN = 8
_REMEMBER = (Path(__file__).parent / "sql" / "remember.sql").read_text()


@dataclass(frozen=True, slots=True)
class Recalled:
    """Something opened lately, as it is called now."""

    label: str
    hint: str
    href: str
    icon: str
    at: datetime


def remember(user: User, kind: Recent.Kind, object_id: int, *, now: datetime) -> None:
    """Note that the person opened it."""
    values: dict[str, Any] = {"user": user.pk, "kind": kind.value, "object": object_id, "at": now, "kept": KEPT - 1}
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, values)


def recent(user: User, limit: int = SHOWN) -> list[Recalled]:
    """The last that the person opened and may still open, the latest first: three queries."""
    rows = list(Recent.objects.filter(user=user).order_by("-at")[:limit])
    cases = _cases([row.object_id for row in rows if row.kind == Recent.Kind.CASE], user)
    customers = _customers([row.object_id for row in rows if row.kind == Recent.Kind.CUSTOMER], user)
    found = []
    for row in rows:
        if row.kind == Recent.Kind.CASE and (case := cases.get(row.object_id)):
            href = reverse("case", args=[case.number])
            found.append(Recalled(case.subject or case.number, case.number, href, "folder", row.at))
        elif row.kind == Recent.Kind.CUSTOMER and (customer := customers.get(row.object_id)):
            href = reverse("customer", args=[customer.pk])
            found.append(Recalled(customer.full_name, _("Cliente"), href, "user", row.at))
    return found


def _cases(ids: list[int], user: User) -> dict[int, Case]:
    seen = [app.code for app in finding.visible_procedures(user)]
    rows = Case.objects.filter(pk__in=ids, procedure__in=seen, is_rehearsal=False)
    return rows.only("number", "subject").in_bulk() if ids else {}


def _customers(ids: list[int], user: User) -> dict[int, Customer]:
    if not ids or not may_see_customers(user):
        return {}
    return Customer.objects.only("given_names", "surnames", "business_name").in_bulk(ids)
