"""Believable claims of fourteen months, most of them solved within days, for the demonstration."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from thaki.records.claims.models import Claim, Fault, Product, Reiteration
from thaki.records.customers.models import Subscription
from thaki.records.numbers import take_many

DAYS = 425
FAULTS = {
    Product.TV: (Fault.TV, Fault.TV, Fault.OTHER),
    Product.TELEPHONY: (Fault.NOISE, Fault.EXTENSION, Fault.NO_SERVICE),
}
OF_INTERNET = (Fault.CUTS, Fault.CUTS, Fault.SLOW, Fault.SLOW, Fault.WIFI, Fault.UNSTABLE, Fault.NO_SERVICE)
SAID = {
    Fault.NO_SERVICE: "Sin servicio desde la mañana",
    Fault.CUTS: "Se corta varias veces al día",
    Fault.UNSTABLE: "La señal sube y baja",
    Fault.SLOW: "Muy lento por las noches",
    Fault.WIFI: "El WiFi no llega a los dormitorios",
    Fault.TV: "Canales con imagen congelada",
    Fault.EXTENSION: "El derivado telefónico no tiene tono",
    Fault.NOISE: "Ruido en la línea",
    Fault.OTHER: "Pide revisión del servicio",
}
SOLVED = (
    "Cambio de conector",
    "Reinicio y configuración del equipo",
    "Cambio de acometida",
    "Ajuste en el puerto",
    "Cambio de módem",
)


def build_claims(rng: Random, count: int, *, services: Sequence[Subscription], now: datetime) -> list[Claim]:
    """So many claims on these services (with their plans), in the order in which they were made."""
    made = sorted((_claim(rng, rng.choice(services), now) for _number in range(count)), key=lambda c: c.claimed_at)
    for claim, number in zip(made, take_many("REC", count), strict=True):
        claim.number = f"REC-{timezone.localtime(claim.claimed_at).year}-{number:06d}"
    Claim.objects.bulk_create(made, batch_size=1_000)
    again = [claim for claim in made if rng.random() < 0.08]
    Reiteration.objects.bulk_create(
        Reiteration(claim=claim, at=_between(rng, claim.claimed_at, claim.solved_at or now), note="Vuelve a llamar")
        for claim in again
    )
    return made


def fault_of(rng: Random, product: str) -> Fault:
    """What fails on a product."""
    return rng.choice(FAULTS.get(Product(product), OF_INTERNET))


def _claim(rng: Random, service: Subscription, now: datetime) -> Claim:
    since = max(
        now - timedelta(days=DAYS), timezone.make_aware(datetime.combine(service.since_on, datetime.min.time()))
    )
    claimed = _between(rng, since, now)
    fault = fault_of(rng, service.plan.kind)
    takes = timedelta(hours=rng.choice((3, 8, 20, 30, 50, 90, 200)) * rng.uniform(0.5, 1.5))
    solved = claimed + takes if claimed + takes < now and rng.random() < 0.97 else None
    return Claim(
        customer_id=service.customer_id,
        subscription=service,
        product=service.plan.kind,
        fault=fault,
        description=SAID[fault],
        claimed_at=claimed,
        solved_at=solved,
        solution=rng.choice(SOLVED) if solved else "",
        source=rng.choice((Claim.Source.PHONE, Claim.Source.PHONE, Claim.Source.WHATSAPP, Claim.Source.COUNTER)),
    )


def _between(rng: Random, first: datetime, last: datetime) -> datetime:
    return first + (last - first) * rng.random()
