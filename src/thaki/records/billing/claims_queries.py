"""Facturación's inbox of billing claims."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from thaki.records.billing.service_models import BillingClaim, ServiceBill

State = BillingClaim.State
UNDECIDED = (State.REGISTERED, State.WAITING_BILL)


def inbox(state: str = "") -> QuerySet[BillingClaim]:
    """What waits for Facturación (oldest first), or what was decided (newest first), each with whether its bill is issued."""
    bills = ServiceBill.objects.filter(subscription=OuterRef("subscription"), month=OuterRef("month"))
    found = BillingClaim.objects.select_related(
        "customer", "subscription__plan", "registered_by", "applied_by", "bill"
    ).annotate(bill_is_issued=Exists(bills))
    if state in (State.APPLIED, State.REJECTED):
        return found.filter(state=state).order_by("-applied_at", "-pk")
    if state in UNDECIDED:
        return found.filter(state=state).order_by("registered_at", "pk")
    return found.filter(state__in=UNDECIDED).order_by("registered_at", "pk")


def waiting_counts() -> dict[str, int]:
    """How many wait to be seen, and how many for their bill."""
    states = BillingClaim.objects.filter(state__in=UNDECIDED).values_list("state", flat=True)
    found = list(states)
    return {state.value: found.count(state) for state in UNDECIDED}
