"""What the page of a customer's claims reads: the verdict on each service, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet

from thaki.people.roles import Role
from thaki.procedures.retention import antecedents
from thaki.procedures.retention.models import Retention
from thaki.records.billing import queries_service as bills
from thaki.records.claims import queries
from thaki.records.claims.models import Claim
from thaki.records.claims.rules import Damage, repeated_damage
from thaki.records.customers.models import Customer, Subscription
from thaki.web import finding

if TYPE_CHECKING:
    from thaki.people.models import User

# Who takes a claim from a customer, and who says that it is mended.
CLAIM_TAKERS = (
    Role.ASESOR_COMERCIAL,
    Role.RESPONSABLE_RETENCION,
    Role.AGENTE_HELP_DESK,
    Role.SEGUIMIENTO_INCIDENTES,
    Role.CALIDAD_RELACIONES,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A service and what its claims come to."""

    service: Subscription | None
    damage: Damage


def verdicts(customer: Customer, services: Iterable[Subscription], *, now: datetime) -> list[Verdict]:
    """Of each service with claims, the worst first."""
    by_key = {service.pk: service for service in services}
    seen = [one.seen() for one in queries.of_customer(customer.pk)]
    return [
        Verdict(by_key.get(damage.product), damage)
        for damage in repeated_damage(seen, now=now, terms=antecedents.terms())
    ]


def claims(customer: Customer) -> QuerySet[Claim]:
    """All of them, with their service and how often each was said again."""
    rows = Claim.objects.filter(customer=customer).select_related("subscription__plan")
    return rows.annotate(times=Count("reiterations"))


def retentions(customer: Customer, user: User) -> QuerySet[Retention]:
    """The customer's cases of retention that the person may open."""
    codes = [app.code for app in finding.visible_procedures(user)]
    rows = Retention.objects.filter(customer=customer, case__procedure__in=codes, case__is_rehearsal=False)
    return rows.select_related("case", "adviser")


def bills_and_claims(customer: Customer, services: Iterable[Subscription]) -> dict[str, Any]:
    """The services' bills of the last year, newest first, and the claims on them."""
    by_key = {service.pk: service for service in services}
    found = bills.bills_of(by_key, since=bills.EVER)[:24]
    return {
        "service_bills": [
            {"bill": bill, "service": by_key[bill.subscription_id], "owed": _owed(bill)} for bill in found
        ],
        "billing_claims": bills.claims_of_customer(customer.pk)[:24],
    }


def _owed(bill: Any) -> Decimal:
    return Decimal(0) if bill.removed_at else bill.amount_bob - bill.adjusted_bob
