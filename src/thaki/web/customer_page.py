"""What the customer's pages read: few queries, every list cut short and going on from its last row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import QuerySet, Sum
from django.http import Http404
from django.utils.translation import gettext as _

from thaki.cases.models import Case, CaseDocument
from thaki.channels.email.models import OutboundMail
from thaki.people.models import User
from thaki.people.prepared import BIGGEST
from thaki.procedures.sales.models import Sale
from thaki.records.customers.models import Customer, Debt, Subscription
from thaki.records.prospects.models import ContactAttempt
from thaki.ui import formats
from thaki.web import finding

if TYPE_CHECKING:
    from datetime import datetime

SALES = 200  # of one customer: the newest, when somebody has more
UNSHOWN = {"pgh_id", "pgh_created_at", "pgh_label", "pgh_context", "pgh_obj", "id", "registered_at", "registered_by"}


def find(customer_id: int) -> Customer:
    """The customer with his telephones; 404 where there is none."""
    rows = Customer.objects.defer("trigrams", "name_keys").select_related("registered_by").prefetch_related("phones")
    customer = rows.filter(pk=customer_id).first() if customer_id <= BIGGEST else None
    if customer is None:
        raise Http404(str(customer_id))
    return customer


# ---------------------------------------------------------------------- cases
def cases(customer: Customer, user: User) -> QuerySet[Sale]:
    """The customer's sales that the person may open, the newest first."""
    return Sale.objects.filter(customer=customer, case__procedure__in=_seen(user), case__is_rehearsal=False)


def shown(sales: Sequence[Sale]) -> list[Case]:
    """Their cases with the tasks where they stand, in the same order: two queries."""
    rows = Case.objects.filter(pk__in=[sale.pk for sale in sales]).defer("search", "marking").select_related("owner")
    by_id = {case.pk: case for case in finding.with_standing(rows)} if sales else {}
    return [by_id[sale.pk] for sale in sales if sale.pk in by_id]


def other_requests(customer: Customer, user: User, limit: int = 5) -> list[Sale]:
    """Open sales of prospects with one of his telephones who are not known to be him yet."""
    numbers = [phone.number for phone in customer.phones.all()]
    rows = Sale.objects.filter(customer=None, prospect__phone__in=numbers, case__procedure__in=_seen(user))
    rows = rows.filter(case__state__in=(Case.State.OPEN, Case.State.SUSPENDED)).select_related("case", "prospect")
    return list(rows.order_by("-pk")[:limit]) if numbers else []


def _seen(user: User) -> list[str]:
    return [app.code for app in finding.visible_procedures(user)]


# ---------------------------------------------------------------------- services and debts
def subscriptions(customer: Customer) -> QuerySet[Subscription]:
    """What he has and had."""
    return Subscription.objects.filter(customer=customer).select_related("plan", "line")


def owed(customer: Customer) -> Decimal:
    """All that he owes."""
    total = Debt.objects.filter(customer=customer, settled_at=None).aggregate(total=Sum("amount_bob"))["total"]
    return total or Decimal(0)


# ---------------------------------------------------------------------- conversations and documents
def case_ids(customer: Customer, user: User) -> list[int]:
    """Of the newest of his cases that the person may open."""
    return list(cases(customer, user).order_by("-pk").values_list("pk", flat=True)[:SALES])


def mails(ids: Sequence[int]) -> QuerySet[OutboundMail]:
    """Mails of these cases."""
    return OutboundMail.objects.filter(case__in=ids).select_related("case").defer("html", "calendar", "text")


def attempts(ids: Sequence[int]) -> QuerySet[ContactAttempt]:
    """Tries to reach the prospects of these sales."""
    prospects = Sale.objects.filter(pk__in=ids).values("prospect")
    return ContactAttempt.objects.filter(prospect__in=prospects).select_related("by")


def documents(ids: Sequence[int]) -> QuerySet[CaseDocument]:
    """Papers of these cases."""
    return CaseDocument.objects.filter(case__in=ids).select_related("case", "document", "attached_by")


# ---------------------------------------------------------------------- history
@dataclass(frozen=True, slots=True)
class Change:
    """One change of what the register says, as the timeline shows it."""

    at: datetime
    title: str
    text: str
    by: str
    icon: str
    tone: str = "neutral"


def events(customer: Customer) -> QuerySet[Any]:
    """The rows of his history, kept by the database itself."""
    rows: QuerySet[Any] = apps.get_model("customers", "CustomerEvent")._default_manager.filter(pgh_obj_id=customer.pk)
    return rows


def changes(rows: Sequence[Any], before: Any | None) -> list[Change]:
    """These events, newest first, in words; `before` is the one before the oldest of them, if there is one."""
    names = _names(rows)
    older = [*rows[1:], before]
    return [_change(row, previous, names) for row, previous in zip(rows, older, strict=True)]


def _change(row: Any, before: Any | None, names: dict[int, str]) -> Change:
    by = names.get(_who(row), "")
    if row.pgh_label == "insert" or before is None:
        return Change(row.pgh_created_at, _("Catastrado"), "", by, "user-plus", "good")
    lines = [
        f"{field.verbose_name}: {_said(before, field)} → {_said(row, field)}"
        for field in row._meta.concrete_fields
        if field.name not in UNSHOWN and getattr(row, field.attname) != getattr(before, field.attname)
    ]
    return Change(row.pgh_created_at, _("Datos corregidos"), "; ".join(lines) or _("sin diferencias"), by, "pencil")


def _said(row: Any, field: Any) -> str:
    value = getattr(row, field.attname)
    if value in (None, ""):
        return "—"
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if hasattr(value, "year"):
        return formats.format_date(value)
    return str(dict(field.flatchoices).get(value, value))


def _names(rows: Sequence[Any]) -> dict[int, str]:
    ids = {_who(row) for row in rows} - {0}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


def _who(row: Any) -> int:
    """Who did it, as the trigger was told; 0 where nobody was named (an import, a job)."""
    return int((row.pgh_context or {}).get("user") or 0)
