"""Service qualification: what can this place have, and how do the lines near it really work?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from thaki.people.prepared import Prepared
from thaki.records.network.models import AccessPoint, CoverageArea, Line
from thaki.records.network.rules import (
    ACCESS_TECHNOLOGIES,
    LONGITUDE_SCALE,
    METRES_A_DEGREE,
    Candidate,
    NearLine,
    TechnologyVerdict,
    check_place,
    distance_m,
    judge,
    which_contain,
)

CANDIDATES = 6  # access points a technology that are looked at: the nearest may be full
FARTHEST_M = 8_000  # farther access points and lines are of no use to any technology

# One round trip: for each technology the nearest points by index (`<->`, GiST), within the farthest reach of any.
_NEAREST_POINTS = """
SELECT t.technology, p.code, p.lat, p.lon, p.ports_total - p.ports_used, p.reach_m, p.max_mbps
FROM unnest(%(technologies)s::text[]) AS t(technology)
CROSS JOIN LATERAL (
    SELECT * FROM network_accesspoint a
    WHERE a.technology = t.technology AND a.active AND a.spot <@ circle(point(%(x)s, %(y)s), %(radius)s)
    ORDER BY a.spot <-> point(%(x)s, %(y)s)
    LIMIT %(limit)s
) p
"""


def qualify(lat: float, lon: float, wanted_mbps: int = 0) -> tuple[TechnologyVerdict, ...]:
    """The verdict of every access technology at a place, best technology first, each with its reasons (step 5).

    Two queries. Raises `RuleError` for a pin outside the country.
    """
    check_place(lat, lon)
    limits = _area_limits(lat, lon)
    candidates = _candidates(lat, lon)
    return tuple(judge(t, limits.get(t), candidates.get(t, ()), wanted_mbps) for t in ACCESS_TECHNOLOGIES)


_AREAS = Prepared(
    CoverageArea, "m.active AND m.min_lat <= %s AND m.max_lat >= %s AND m.min_lon <= %s AND m.max_lon >= %s"
)


def _area_limits(lat: float, lon: float) -> dict[str, int]:
    """The fastest area of each technology that contains the place; boxes by the database, polygons by shapely."""
    boxed = _AREAS.all(lat, lat, lon, lon)
    limits: dict[str, int] = {}
    for position in which_contain([area.polygon for area in boxed], lat, lon):
        area = boxed[position]
        limits[area.technology] = max(area.max_mbps, limits.get(area.technology, 0))
    return limits


def _candidates(lat: float, lon: float) -> dict[str, Sequence[Candidate]]:
    """The nearest access points by technology, ranked in metres."""
    params: dict[str, Any] = {
        "technologies": list(ACCESS_TECHNOLOGIES),
        "x": lon * LONGITUDE_SCALE,
        "y": lat,
        "radius": FARTHEST_M / METRES_A_DEGREE,
        "limit": CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_POINTS, params)
        rows = cursor.fetchall()
    found: dict[str, list[Candidate]] = {}
    for technology, code, p_lat, p_lon, free, reach, mbps in rows:
        found.setdefault(technology, []).append(Candidate(code, distance_m(lat, lon, p_lat, p_lon), free, reach, mbps))
    return {t: sorted(points, key=lambda c: c.distance_m) for t, points in found.items()}


_NEAREST_LINES = """
SELECT number, technology, lat, lon, sync_down_mbps, attenuation_db, snr_db
FROM network_line
WHERE spot <@ circle(point(%(x)s, %(y)s), %(radius)s) AND (%(technology)s = '' OR technology = %(technology)s)
ORDER BY spot <-> point(%(x)s, %(y)s)
LIMIT %(limit)s
"""


def nearest_lines(lat: float, lon: float, *, limit: int = 5, technology: str = "") -> list[NearLine]:
    """The measured lines nearest to a place: the reference numbers of step 6 ("Ejm. teléfono del vecino")."""
    params: dict[str, Any] = {
        "x": lon * LONGITUDE_SCALE,
        "y": lat,
        "radius": FARTHEST_M / METRES_A_DEGREE,
        "technology": technology,
        "limit": limit * 2,  # the flat distance and the metres may order the last ones differently
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST_LINES, params)
        rows = cursor.fetchall()
    lines = [NearLine(n, t, distance_m(lat, lon, la, lo), down, att, snr) for n, t, la, lo, down, att, snr in rows]
    return sorted(lines, key=lambda ln: ln.distance_m)[:limit]


def line_parameters(number: str) -> Line | None:
    """The line of a number with its measured parameters and access point; None when there is none."""
    return Line.objects.select_related("access_point").filter(number=number.strip()).first()


def areas(technology: str = "") -> QuerySet[CoverageArea]:
    """The active coverage areas, for the map."""
    active = CoverageArea.objects.filter(active=True)
    return active.filter(technology=technology) if technology else active


def access_points_near(lat: float, lon: float, *, within_m: int = 2_000) -> QuerySet[AccessPoint]:
    """The active access points around a place, for the map."""
    degrees = within_m / METRES_A_DEGREE
    return AccessPoint.objects.filter(
        active=True,
        lat__range=(lat - degrees, lat + degrees),
        lon__range=(lon - degrees / LONGITUDE_SCALE, lon + degrees / LONGITUDE_SCALE),
    )
