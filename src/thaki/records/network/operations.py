"""What is done to the network's records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import F

from thaki.records.network import changes
from thaki.records.network.models import AccessPoint, CoverageArea, Line
from thaki.records.network.rules import around, bounding_box, check_place, check_polygon
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User


def occupy_port(code: str, *, by: User | None, now: datetime) -> None:
    """Take a port of an access point; refused when there is none, however many ask at once (one conditional update)."""
    taken = AccessPoint.objects.filter(code=code, ports_used__lt=F("ports_total")).update(
        ports_used=F("ports_used") + 1
    )
    if not taken:
        raise RuleError("ports_full", access_point=code)


def release_port(code: str, *, by: User | None, now: datetime) -> None:
    """Give a port back; a point that was full can serve its surroundings again, and says so."""
    points = AccessPoint.objects.filter(code=code, ports_used__gt=0)
    if points.filter(ports_used=F("ports_total")).update(ports_used=F("ports_used") - 1):
        _served_again(code)
    else:
        points.update(ports_used=F("ports_used") - 1)


def set_ports(code: str, *, ports_total: int, by: User | None, now: datetime) -> None:
    """An access point has that many ports from now on; refused when more than that are taken already."""
    point = AccessPoint.objects.select_for_update().get(code=code)
    if ports_total < point.ports_used:
        raise RuleError("ports_in_use", access_point=code, ports=point.ports_used)
    was_full, point.ports_total = point.ports_free == 0, ports_total
    point.save(update_fields=["ports_total"])
    if was_full and point.ports_free:
        _served_again(code)


def _served_again(code: str) -> None:
    point = AccessPoint.objects.get(code=code)
    changes.grew(changes.Box(*around(point.lat, point.lon, point.reach_m)))


def add_area(
    *, name: str, technology: str, polygon: Mapping[str, Any], max_mbps: int, by: User | None, now: datetime
) -> CoverageArea:
    """Add or replace a coverage area (same technology and name)."""
    check_polygon(polygon)
    min_lat, max_lat, min_lon, max_lon = bounding_box(polygon)
    values = {
        "polygon": dict(polygon),
        "max_mbps": max_mbps,
        "min_lat": min_lat,
        "max_lat": max_lat,
        "min_lon": min_lon,
        "max_lon": max_lon,
    }
    area, _created = CoverageArea.objects.update_or_create(name=name, technology=technology, defaults=values)
    changes.grew(changes.Box(min_lat, max_lat, min_lon, max_lon))
    return area


def measure_line(
    number: str,
    *,
    sync_down_mbps: Decimal,
    sync_up_mbps: Decimal,
    attenuation_db: Decimal,
    snr_db: Decimal,
    by: User | None,
    now: datetime,
) -> None:
    """Note a new measurement of a line; the newest stands."""
    updated = Line.objects.filter(number=number, measured_at__lte=now).update(
        sync_down_mbps=sync_down_mbps,
        sync_up_mbps=sync_up_mbps,
        attenuation_db=attenuation_db,
        snr_db=snr_db,
        measured_at=now,
    )
    if not updated and not Line.objects.filter(number=number).exists():
        raise RuleError("line_unknown", number=number)


def add_line(
    *,
    number: str,
    access_point: AccessPoint,
    lat: float,
    lon: float,
    address: str,
    zone: str,
    now: datetime,
    down_mbps: int,
) -> Line:
    """Put a line in service; until it is measured it stands at the speed it was made for."""
    check_place(lat, lon)
    return Line.objects.create(
        number=number,
        access_point=access_point,
        technology=access_point.technology,
        lat=lat,
        lon=lon,
        address=address,
        zone=zone,
        sync_down_mbps=Decimal(down_mbps),
        sync_up_mbps=Decimal(max(1, down_mbps // 2)),
        attenuation_db=Decimal(20),
        snr_db=Decimal(20),
        measured_at=now,
    )
