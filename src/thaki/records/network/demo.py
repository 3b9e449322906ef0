"""A believable network around −17.39, −66.16: areas, access points and lines, thinning outward."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from math import cos, pi, sin
from random import Random
from typing import Any

from thaki.records.invented import ZONES, Zone, address, near
from thaki.records.network.models import AccessPoint, CoverageArea, Line
from thaki.records.network.rules import LONGITUDE_SCALE, METRES_A_DEGREE, bounding_box, distance_m, speed_at


@dataclass(frozen=True, slots=True)
class Kind:
    """How a technology is laid out."""

    radius_m: int  # of its area around a zone's centre
    reach_m: int
    max_mbps: int
    share_of_points: float
    share_of_lines: float
    port_sizes: tuple[int, ...]


KINDS = {
    "FO": Kind(1_150, 600, 300, 0.40, 0.42, (32, 48, 64, 96, 128)),
    "HFC": Kind(1_400, 700, 100, 0.30, 0.30, (32, 48, 64, 96, 128)),
    "ADSL": Kind(2_400, 4_000, 24, 0.20, 0.20, (48, 64, 96, 128, 192)),
    "WIRELESS": Kind(4_500, 5_000, 15, 0.10, 0.08, (32, 48, 64, 96, 128)),
}
SPARE = (0, 0, 1, 2, 6, 12, 20, 32)  # free ports of an access point: a quarter of them are full


def build_areas(rng: Random) -> list[CoverageArea]:
    """One area a zone and technology, its outline irregular."""
    areas = [_area(rng, zone, technology) for zone in ZONES for technology in zone.technologies]
    return CoverageArea.objects.bulk_create(areas, ignore_conflicts=True)


def _area(rng: Random, zone: Zone, technology: str) -> CoverageArea:
    """The outline around a zone's centre."""
    kind = KINDS[technology]
    ring = [list(_corner(zone, kind.radius_m * rng.uniform(0.85, 1.15), i / 14)) for i in range(14)]
    polygon: dict[str, Any] = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    min_lat, max_lat, min_lon, max_lon = bounding_box(polygon)
    return CoverageArea(
        name=zone.name,
        technology=technology,
        polygon=polygon,
        min_lat=min_lat,
        max_lat=max_lat,
        min_lon=min_lon,
        max_lon=max_lon,
        max_mbps=kind.max_mbps,
    )


def _corner(zone: Zone, radius_m: float, turn: float) -> tuple[float, float]:
    """(lon, lat) of a corner, as GeoJSON has it."""
    lat = zone.lat + radius_m * sin(2 * pi * turn) / METRES_A_DEGREE
    lon = zone.lon + radius_m * cos(2 * pi * turn) / (METRES_A_DEGREE * LONGITUDE_SCALE)
    return round(lon, 6), round(lat, 6)


def build_points(rng: Random, count: int, lines: int) -> list[AccessPoint]:
    """Access points spread over the zones of their technology; ports enough for the lines that will hang on them."""
    points: list[AccessPoint] = []
    for technology, kind in KINDS.items():
        zones = [z for z in ZONES if technology in z.technologies]
        here = max(1, round(count * kind.share_of_points))
        loads = Counter(rng.randrange(here) for _ in range(round(lines * kind.share_of_lines)))
        points.extend(_point(rng, technology, zones[i % len(zones)], i, loads[i]) for i in range(here))
    AccessPoint.objects.bulk_create(points)
    return points


def _point(rng: Random, technology: str, zone: Zone, position: int, load: int) -> AccessPoint:
    """One access point with its ports."""
    kind = KINDS[technology]
    lat, lon = near(rng, zone.lat, zone.lon, kind.radius_m * 0.8)
    return AccessPoint(
        code=f"{technology}-{position + 1:04d}",
        technology=technology,
        zone=zone.name,
        lat=lat,
        lon=lon,
        ports_total=load + rng.choice(SPARE),
        ports_used=load,
        reach_m=kind.reach_m,
        max_mbps=kind.max_mbps,
    )


def build_lines(rng: Random, points: list[AccessPoint], now: datetime) -> list[Line]:
    """One line a used port, each where its access point reaches, with parameters that fit the distance."""
    total = sum(p.ports_used for p in points)
    numbers = iter(rng.sample(range(44_000_000, 45_000_000), total))
    lines = [line for point in points for line in _lines_of(rng, point, numbers, now)]
    return Line.objects.bulk_create(lines, batch_size=2_000)


def _lines_of(rng: Random, point: AccessPoint, numbers: Iterator[int], now: datetime) -> Iterator[Line]:
    """The lines of one access point."""
    for _ in range(point.ports_used):
        lat, lon = near(rng, point.lat, point.lon, min(point.reach_m * 0.9, 2_500))
        distance = distance_m(lat, lon, point.lat, point.lon)
        down = max(1, speed_at(point.technology, distance, point.reach_m, point.max_mbps)) * rng.uniform(0.72, 1.0)
        copper = point.technology in ("ADSL", "WIRELESS")
        yield Line(
            number=str(next(numbers)),
            access_point=point,
            technology=point.technology,
            address=address(rng)[0],
            zone=point.zone,
            lat=lat,
            lon=lon,
            sync_down_mbps=_tenths(down),
            sync_up_mbps=_tenths(down / (8 if copper else 2)),
            attenuation_db=_tenths(distance / 85 if copper else 14 + distance / 120),
            snr_db=_tenths(rng.uniform(6, 16) if copper else rng.uniform(24, 36)),
            measured_at=now - timedelta(minutes=rng.randint(5, 40_000)),
        )


def _tenths(value: float) -> Decimal:
    """A measurement with one decimal."""
    return Decimal(round(value * 10)) / 10
