"""Believable bajas of fourteen months, a few less each month, for the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from thaki.records.customers.models import Customer, Subscription
from thaki.records.numbers import take_many
from thaki.records.offers.models import Plan
from thaki.records.withdrawals.models import Withdrawal

MONTHS = 14
REASONS = ("moving", "price", "competitor", "competitor", "damage", "damage", "death", "other")
PLANS = ("FO30", "FO60", "FO100", "HFC15", "HFC30", "ADSL4", "ADSL8", "TVB", "TVHD", "TEL", "TRIO-HFC50", "DUO-ADSL8")
FIRST_NUMBER = 45_900_000  # of services that are no more


def build_withdrawals(
    rng: Random, *, customers: Sequence[Customer], plans: dict[str, Plan], now: datetime
) -> list[Withdrawal]:
    """The withdrawn services and their bajas: some 34 a month fourteen months ago, some 26 last month."""
    today = timezone.localdate(now)
    days = sorted(day for back in range(MONTHS) for day in _days(rng, today, back, 26 + (back * 8) // MONTHS))
    services = [_service(rng, rng.choice(customers), plans[rng.choice(PLANS)], day, n) for n, day in enumerate(days)]
    arrears = [rng.random() < 0.2 for _day in days]
    for service in services:
        # A service withdrawn for arrears bars offers (R-B1), so few of the demonstration's have one: these were settled.
        service.status = Subscription.Status.WITHDRAWN
        service.ended_on = min(service.ended_on or today, today)
    Subscription.objects.bulk_create(services, batch_size=1_000)
    made = [
        _withdrawal(rng, service, day, owed, now) for service, day, owed in zip(services, days, arrears, strict=True)
    ]
    for one, number in zip(made, take_many("BAJ", len(made)), strict=True):
        one.number = f"BAJ-{one.requested_on.year}-{number:06d}"
    return Withdrawal.objects.bulk_create(made, batch_size=1_000)


def _days(rng: Random, today: date, back: int, count: int) -> list[date]:
    """Days of a month that many months back, up to today."""
    number = today.year * 12 + today.month - 1 - back
    first = date(number // 12, number % 12 + 1, 1)
    last = today.day if back == 0 else 28
    share = count if back else max(1, count * today.day // 30)
    return [
        first + timedelta(days=rng.randrange(last)) for _one in range(share + rng.randint(-2, 2) if back else share)
    ]


def _service(rng: Random, customer: Customer, plan: Plan, day: date, position: int) -> Subscription:
    return Subscription(
        customer=customer,
        plan=plan,
        technology=plan.technology,
        number=str(FIRST_NUMBER + position),
        since_on=day - timedelta(days=rng.randint(90, 1_500)),
        ended_on=day + timedelta(days=rng.randint(1, 9)),
    )


def _withdrawal(rng: Random, service: Subscription, day: date, arrears: bool, now: datetime) -> Withdrawal:
    return Withdrawal(
        customer_id=service.customer_id,
        subscription=service,
        product=service.plan.kind,
        requested_on=day,
        kind=Withdrawal.Kind.ARREARS if arrears else Withdrawal.Kind.REQUESTED,
        reason="arrears" if arrears else rng.choice(REASONS),
        equipment_to_return=["ONT"] if service.technology == "FO" else ["Módem"],
        certificate_noted=rng.random() < 0.4,
        effective_on=max(day, service.ended_on) if service.ended_on else None,
        registered_at=min(now, timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=15)),
    )
