"""Courtesies that run, for the demonstration: as the BSS brought them, beside those that its cases gave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Subscription


def top_up(
    rng: Random,
    running: int,
    *,
    kinds: Sequence[tuple[str, str, Decimal]],
    services: Sequence[Subscription],
    now: datetime,
) -> int:
    """Let courtesies (code, name, cost) run on services until so many do; how many were added."""
    today = timezone.localdate(now)
    there = set(Courtesy.objects.filter(ended_at=None).values_list("customer_id", flat=True))
    missing = running - Courtesy.objects.filter(ended_at=None).count()
    free = [service for service in services if service.customer_id not in there]
    chosen = {service.customer_id: service for service in rng.sample(free, min(len(free), max(missing, 0) * 2))}
    made = []
    for service in list(chosen.values())[: max(missing, 0)]:
        code, name, cost = rng.choice(kinds)
        since = today - timedelta(days=rng.randint(0, 28))
        given = min(now, timezone.make_aware(datetime.combine(since, datetime.min.time())) + timedelta(hours=14))
        made.append(
            Courtesy(
                customer_id=service.customer_id,
                subscription=service,
                kind=code,
                name=name,
                cost_bob=cost,
                starts_on=since,
                ends_on=since + timedelta(days=29),
                given_at=given,
            )
        )
    return len(Courtesy.objects.bulk_create(made))
