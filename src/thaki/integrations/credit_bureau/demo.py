"""A list of the Central de Riesgos for the demonstration: a few customers, by their identity card."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from thaki.integrations.credit_bureau.models import RiskEntry
from thaki.records.customers.models import Customer

SEED = 7
ENTITIES = ("Banco Unión", "BNB", "Cooperativa San Antonio", "Banco FIE", "Casa comercial")


def build(*, now: datetime, count: int = 40) -> int:
    """Make it, once; how many entries."""
    if RiskEntry.objects.exists():
        return 0
    rng, today = Random(SEED), timezone.localdate(now)
    people = list(Customer.objects.filter(ci_number__gt="").order_by("-pk")[: count * 20])
    made = [
        RiskEntry(
            ci_number=one.ci_number,
            ci_complement=one.ci_complement,
            name=one.full_name[:160],
            entity=rng.choice(ENTITIES),
            amount_bob=Decimal(rng.randint(300, 9_000)),
            listed_on=today - timedelta(days=rng.randint(20, 900)),
            cleared_on=today - timedelta(days=rng.randint(1, 19)) if rng.random() < 0.2 else None,
            brought_at=now,
        )
        for one in rng.sample(people, min(count, len(people)))
    ]
    return len(RiskEntry.objects.bulk_create(made))
