"""What is read of a customer who wants to leave: one statement, whatever he has, and once for a record in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from thaki.people.prepared import Prepared
from thaki.people.together import Together
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.remembering import remembered
from thaki.records.billing import queries_service as billing
from thaki.records.billing.service_models import BillingClaim, ServiceBill
from thaki.records.claims import queries as claims
from thaki.records.claims.queries import WithCalls
from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Debt, Phone, Subscription
from thaki.records.offers.models import Plan

BILLED_MONTHS = 12
_SERVICES = Prepared(Subscription, "m.customer_id = %s ORDER BY m.status, m.since_on DESC", follow=("plan", "line"))
_DEBTS = Prepared(Debt, "m.customer_id = %s AND m.settled_at IS NULL ORDER BY m.due_on")
PAST = Prepared(
    Retention, "m.customer_id = %s ORDER BY m.received_at DESC LIMIT 20", follow=("case", "courtesy", "billing_claim")
)
_COURTESIES = Prepared(Courtesy, "m.customer_id = %s ORDER BY m.starts_on DESC LIMIT 50", follow=("subscription",))
_MOBILE = Prepared(Phone, "m.customer_id = %s AND m.kind = 'mobile' ORDER BY m.is_main DESC, m.id LIMIT 1")
_PARTS = Prepared(  # what the packages that he has are made of
    Plan.components.through,
    "m.from_plan_id IN (SELECT s.plan_id FROM customers_subscription s WHERE s.customer_id = %s AND s.status = 'active')",
    follow=("to_plan",),
)
_ALL = Together(
    _SERVICES,
    _DEBTS,
    PAST,
    _COURTESIES,
    _MOBILE,
    _PARTS,
    billing.BILLS_OF_CUSTOMER,
    billing.STANDING_OF_CUSTOMER,
    claims.OF_CUSTOMER,
    claims.AGAIN_OF_CUSTOMER,
)


@dataclass(frozen=True, slots=True)
class Read:
    """The rows."""

    services: list[Subscription]
    debts: list[Debt]
    past: list[Retention]
    courtesies: list[Courtesy]
    mobile: str
    parts: dict[int, set[str]]  # by package, the kinds of plan in it
    bills: list[ServiceBill]
    standing: list[BillingClaim]  # of the bills' months: a rejected one does not stand
    claims: list[WithCalls]

    def service(self, pk: int) -> Subscription | None:
        """One of his services."""
        return next((one for one in self.services if one.pk == pk), None)

    def bill(self, service: int | None, month: date) -> ServiceBill | None:
        """The bill of a service and month, None when it is not issued."""
        return next((one for one in self.bills if (one.subscription_id, one.month) == (service, month)), None)

    def standing_claim(self, service: int | None, month: date) -> BillingClaim | None:
        """The billing claim that stands for a service and month."""
        return next((one for one in self.standing if (one.subscription_id, one.month) == (service, month)), None)


def read(customer_id: int, today: date) -> Read:
    """All of it, bills and their claims of the last year."""
    who, since = (customer_id,), (customer_id, _months_back(today, BILLED_MONTHS))
    ever = (customer_id, claims.EVER)
    services, debts, past, courtesies, mobiles, parts, bills, standing, found, again = _ALL.all(
        who, who, who, who, who, who, since, since, ever, ever
    )
    kinds: dict[int, set[str]] = {}
    for part in parts:
        kinds.setdefault(part.from_plan_id, set()).add(part.to_plan.kind)
    return Read(
        services=services,
        debts=debts,
        past=past,
        courtesies=courtesies,
        mobile=mobiles[0].number if mobiles else "",
        parts=kinds,
        bills=bills,
        standing=standing,
        claims=claims.with_calls(found, again),
    )


def read_of(retention: Retention, *, now: datetime) -> Read:
    """Of the customer of a case."""
    today = timezone.localdate(now)
    return remembered(retention, ("read", today), lambda: read(retention.customer_id, today))


def _months_back(today: date, months: int) -> date:
    number = today.year * 12 + today.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
