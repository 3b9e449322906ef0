"""The demonstration's records, all together: deterministic by its seed, made in bulk, invented people only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db import connection, transaction
from django.utils import timezone

from thaki.records.billing.demo import build_accounts
from thaki.records.customers.demo import build_customers
from thaki.records.customers.models import Customer
from thaki.records.network.demo import build_areas, build_lines, build_points
from thaki.records.offers.demo import build_plans


@dataclass(frozen=True, slots=True)
class Built:
    """How much was made."""

    customers: int
    lines: int
    access_points: int
    areas: int
    plans: int


@transaction.atomic
def build(
    *, now: datetime, seed: int = 20260101, customers: int = 3_000, lines: int = 5_000, points: int = 150
) -> Built | None:
    """Make network, plans, accounts and customers; None when there are customers already (nothing is touched)."""
    if Customer.objects.exists():
        return None
    rng = Random(seed)
    plans = build_plans(timezone.localdate(now))
    build_accounts()
    areas = build_areas(rng)
    access_points = build_points(rng, points, lines)
    made_lines = build_lines(rng, access_points, now)
    made = build_customers(rng, customers, lines=made_lines, plans=plans, now=now)
    with connection.cursor() as cursor:  # the planner must know the new tables before the first person asks
        cursor.execute(
            "ANALYZE customers_customer, customers_phone, customers_subscription, network_accesspoint, network_line"
        )
    return Built(len(made), len(made_lines), len(access_points), len(areas), len(plans))
