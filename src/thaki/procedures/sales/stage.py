"""What a rehearsal of a sale needs to be there; everything is rolled back with it.

A scenario says it in its `start`; what it does not say of the prospect is invented:

    start:
      prospect: {name: María Rojas Vargas, phone: "79999902"}
      given:
        network: [{technology: FO, max_mbps: 300, ports_free: 4}]    # an area, an access point and two lines around the pin
        customers: [{given_names: Rosa, surnames: Mamani, ci: "5550001", phone: "71110000", owes_bob: "189.00"}]
        policies: {sales.automatic_capacity_answer: true}

The plans are those on sale and the demonstration's (`FO60`, `HFC50`…).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from thaki.people import policies
from thaki.records.customers import operations as customers
from thaki.records.customers.rules import parse_ci
from thaki.records.network import operations as network
from thaki.records.network.models import AccessPoint, Line
from thaki.records.offers.demo import build_plans
from thaki.records.prospects import operations as prospects

# Nobody has this name, and nothing of the demonstration's network reaches this place.
PROSPECT: dict[str, Any] = {
    "channel": "web",
    "name": "Ensayo Zurita Zubieta",
    "phone": "79999901",
    "interest": "Internet",
}
PLACE: dict[str, Any] = {"address": "Calle Ensayo 100", "zone": "Ensayo", "lat": -17.6, "lon": -65.9}
REHEARSED = "REH-"  # as the case's own number begins: no sequence is touched
AROUND = 0.02  # degrees: some two kilometres on each side of the pin
STEP = 0.0003  # degrees: some 30 metres between the pin, the access point and the lines


def set_up(start: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Put what the scenario tells into the records; the payload with which the case begins."""
    given: Mapping[str, Any] = start.get("given") or {}
    told = PROSPECT | PLACE | dict(start.get("prospect") or {})
    build_plans(timezone.localdate(now))  # leaves the plans alone that are there under the same code
    for code, value in dict(given.get("policies") or {}).items():
        policies.set(code, value, by=None, reason="ensayo", now=now)
    for number, part in enumerate(given.get("network") or ()):
        _network(number, part, (told["lat"], told["lon"]), now)
    for customer in given.get("customers") or ():
        _customer(dict(customer), now)
    prospect, _is_new = prospects.receive(**told, by=None, now=now)
    return {"prospect": prospect.pk}


def _network(number: int, part: Mapping[str, Any], pin: tuple[float, float], now: datetime) -> None:
    technology, mbps, (lat, lon) = part.get("technology", "FO"), part.get("max_mbps", 300), pin
    west, east, south, north = lon - AROUND, lon + AROUND, lat - AROUND, lat + AROUND
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    polygon = {"type": "Polygon", "coordinates": [ring]}
    name = f"Ensayo {number}"
    network.add_area(name=name, technology=technology, polygon=polygon, max_mbps=mbps, by=None, now=now)
    total = 16
    point = AccessPoint.objects.create(
        code=f"ENSAYO-{technology}-{number}",
        technology=technology,
        zone="Ensayo",
        lat=lat + STEP,
        lon=lon,
        ports_total=total,
        ports_used=total - part.get("ports_free", total),
        reach_m=part.get("reach_m", 400),
        max_mbps=mbps,
    )
    Line.objects.bulk_create([_line(point, f"4400{number:02}{n:02}", n, now) for n in (1, 2)])


def _line(point: AccessPoint, number: str, n: int, now: datetime) -> Line:
    return Line(
        number=number,
        access_point=point,
        technology=point.technology,
        address=f"Calle Ensayo {n}",
        zone=point.zone,
        lat=point.lat + STEP * n,
        lon=point.lon,
        sync_down_mbps=Decimal(point.max_mbps),
        sync_up_mbps=Decimal(max(1, point.max_mbps // 2)),
        attenuation_db=Decimal(8),
        snr_db=Decimal(36),
        measured_at=now - timedelta(days=2),
    )


def _customer(told: dict[str, Any], now: datetime) -> None:
    owes, ci, phone = told.pop("owes_bob", None), told.pop("ci", ""), told.pop("phone", "")
    customer = customers.register(
        ci=parse_ci(str(ci)) if ci else None,
        phones=[str(phone)] if phone else [],
        case_ref=REHEARSED,
        by=None,
        now=now,
        **told,
    )
    if owes:
        due_on = timezone.localdate(now) - timedelta(days=20)
        customers.add_debt(
            customer, concept="Factura vencida", amount_bob=Decimal(str(owes)), due_on=due_on, by=None, now=now
        )
