"""Bajas: register the request, and make it effective."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from thaki.people.prepared import Prepared
from thaki.records.claims.operations import check_service
from thaki.records.customers import operations as customers
from thaki.records.customers.models import Subscription
from thaki.records.numbers import next_number
from thaki.records.reasons import RuleError
from thaki.records.text import tidy
from thaki.records.withdrawals.models import Withdrawal

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.customers.models import Customer

_HELD = Prepared(Subscription, "m.id = %s", lock=True)
_LOCKED = Prepared(Withdrawal, "m.id = %s", follow=("subscription",), lock=True)
_OF_SERVICE = Prepared(Withdrawal, "m.subscription_id = %s")


@transaction.atomic
def register(
    *,
    customer: Customer,
    subscription: Subscription,
    reason: str,
    note: str = "",
    requested_on: date | None = None,
    kind: str = Withdrawal.Kind.REQUESTED,
    case_ref: str = "",
    equipment_to_return: Sequence[str] = (),
    certificate_noted: bool = False,
    number: str = "",
    by: User | None,
    now: datetime,
) -> Withdrawal:
    """Register a withdrawal of a service, by the date of its request: today, unless a file says otherwise. Once a service."""
    check_service(customer, subscription)
    day = requested_on or timezone.localdate(now)
    check_day(subscription, day, today=timezone.localdate(now))
    if not tidy(reason):
        raise RuleError("reason_missing", on="reason")
    _HELD.get(subscription.pk)
    known = _OF_SERVICE.first(subscription.pk)
    if known is not None:
        raise RuleError("withdrawal_known", number=known.number, requested_on=known.requested_on)
    if number and Withdrawal.objects.filter(number=number).exists():
        raise RuleError("withdrawal_number_used", on="number", number=number)
    return Withdrawal.objects.create(
        number=number or next_number("BAJ", now, case_ref=case_ref),
        customer=customer,
        subscription=subscription,
        product=subscription.plan.kind,
        requested_on=day,
        kind=kind,
        reason=tidy(reason)[:40],
        note=tidy(note)[:300],
        case_ref=case_ref,
        equipment_to_return=list(equipment_to_return),
        certificate_noted=certificate_noted,
        registered_at=now,
        registered_by=by,
    )


def check_day(subscription: Subscription, requested_on: date, *, today: date) -> None:
    """Not to come, and not before the customer had the service."""
    if requested_on > today:
        raise RuleError("withdrawal_in_future", on="requested_on")
    if requested_on < subscription.since_on:
        raise RuleError("withdrawal_before_service", on="requested_on", since_on=subscription.since_on)


@transaction.atomic
def make_effective(withdrawal_id: int, *, on: date, by: User | None, now: datetime) -> Withdrawal:
    """The service ends that day; what ran on it ends with it. Twice is once."""
    withdrawal = _LOCKED.get(withdrawal_id)
    if withdrawal.effective_on is not None:
        return withdrawal
    if on < withdrawal.requested_on:
        raise RuleError("withdrawal_effective_before", on="effective_on", requested_on=withdrawal.requested_on)
    withdrawal.effective_on = on
    withdrawal.save(update_fields=["effective_on"])
    if withdrawal.subscription.status == "active":
        for_arrears = withdrawal.kind == Withdrawal.Kind.ARREARS
        customers.withdraw(withdrawal.subscription_id, for_arrears=for_arrears, on=on, by=by, now=now)
    return withdrawal
