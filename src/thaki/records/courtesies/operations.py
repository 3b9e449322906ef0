"""Courtesies: give one, end it, and end on their date those that are due."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from thaki.people.prepared import Prepared
from thaki.records.claims.operations import check_service
from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Customer
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.customers.models import Subscription

Ending = Courtesy.Ending
_HELD = Prepared(Customer, "m.id = %s", lock=True)
_LOCKED = Prepared(Courtesy, "m.id = %s", lock=True)
_OF_KIND = Prepared(Courtesy, "m.customer_id = %s AND m.kind = %s AND m.ended_at IS NULL")
_BATCH = 500


@transaction.atomic
def give(
    *,
    customer: Customer,
    subscription: Subscription,
    kind: str,
    name: str,
    days: int,
    cost_bob: Decimal = Decimal(0),
    case_ref: str,
    starts_on: date | None = None,
    by: User | None,
    now: datetime,
) -> Courtesy:
    """Let a courtesy run on a service of the customer for so many days, today included; none of a kind already running."""
    check_service(customer, subscription)
    if subscription.status != "active":
        raise RuleError("courtesy_service_withdrawn", number=subscription.number)
    if days < 1:
        raise RuleError("courtesy_days", on="days")
    _HELD.get(customer.pk)
    running = _OF_KIND.first(customer.pk, kind)
    if running is not None:
        raise RuleError("courtesy_running", name=running.name, ends_on=running.ends_on)
    first = starts_on or timezone.localdate(now)
    return Courtesy.objects.create(
        customer=customer,
        subscription=subscription,
        kind=kind,
        name=name,
        cost_bob=cost_bob,
        case_ref=case_ref,
        starts_on=first,
        ends_on=first + timedelta(days=days - 1),
        given_at=now,
        given_by=by,
    )


@transaction.atomic
def end(courtesy_id: int, *, why: str, by: User | None, now: datetime) -> Courtesy:
    """End it; one that has ended stays as it was."""
    courtesy = _LOCKED.get(courtesy_id)
    if courtesy.ended_at is None:
        courtesy.ended_at, courtesy.ended_why = now, why
        courtesy.save(update_fields=["ended_at", "ended_why"])
    return courtesy


def end_with_service(subscription_id: int, now: datetime) -> None:
    """The service was withdrawn: what runs on it ends with it."""
    running = Courtesy.objects.filter(subscription_id=subscription_id, ended_at=None).order_by("pk")
    for courtesy_id in running.values_list("pk", flat=True):
        end(courtesy_id, why=Ending.WITHDRAWN, by=None, now=now)


def end_due(*, now: datetime) -> int:
    """End those whose last day is over, however long ago (nobody may have been awake); how many."""
    today = timezone.localdate(now)
    done = 0
    while True:
        due = Courtesy.objects.filter(ended_at=None, ends_on__lt=today).order_by("ends_on", "pk")
        keys = list(due.values_list("pk", flat=True)[:_BATCH])
        for courtesy_id in keys:
            end(courtesy_id, why=Ending.DUE, by=None, now=now)
        done += len(keys)
        if len(keys) < _BATCH:
            return done
