"""Places and speeds: can this address be served, by what, and how fast? Pure.

Coordinates are WGS 84 degrees. The database finds the nearest points with PostgreSQL's core `point` type, whose distance is plain
Pythagoras: the longitude is therefore scaled by cos(latitude) of the metropolitan area when the point is stored, and what comes
back is ranked again here in metres.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import TYPE_CHECKING, Any

from thaki.records.reasons import Reason, RuleError, reason

if TYPE_CHECKING:
    from shapely import Polygon

# shapely brings numpy with it and is wanted by few pages, so it is imported where it works: every start is the quicker.
ACCESS_TECHNOLOGIES = ("FO", "HFC", "ADSL", "WIRELESS")  # best first
REFERENCE_LAT = -17.39  # Cochabamba; the whole metropolitan area lies within 0.2 degrees of it
LONGITUDE_SCALE = round(cos(radians(REFERENCE_LAT)), 9)
EARTH_RADIUS_M = 6_371_008.8
METRES_A_DEGREE = 111_195.0  # of latitude, on the same sphere
FEW_PORTS = 2  # from here down the executive is told to hurry

# What copper carries over a distance (m, Mbps), after the usual ADSL2+ curves; the last distance is where it ends.
ADSL_CURVE = ((500, 24), (1000, 20), (1500, 15), (2000, 10), (2500, 7), (3000, 5), (4000, 2), (5000, 1))
# Radio loses speed with distance: (share of the reach, share of the sector's speed).
WIRELESS_CURVE = ((0.4, 1.0), (0.7, 0.6), (1.0, 0.3))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An access point near the place, as the rules need it."""

    code: str
    distance_m: int
    ports_free: int
    reach_m: int
    max_mbps: int


@dataclass(frozen=True, slots=True)
class TechnologyVerdict:
    """What one technology can do at a place (TM Forum: service qualification item)."""

    technology: str
    available: bool
    max_mbps: int = 0  # 0 when not available
    distance_m: int | None = None  # to the access point that would be used, or to the nearest one
    access_point: str = ""
    ports_free: int = 0
    meets_wanted: bool = False  # available at the speed that was asked for
    reasons: tuple[Reason, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be kept with the case as what was seen that day."""
        return {
            "technology": self.technology,
            "available": self.available,
            "max_mbps": self.max_mbps,
            "distance_m": self.distance_m,
            "access_point": self.access_point,
            "ports_free": self.ports_free,
            "meets_wanted": self.meets_wanted,
            "reasons": [r.to_json() for r in self.reasons],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TechnologyVerdict:
        """The verdict that `to_json` wrote."""
        reasons = tuple(Reason(r["code"], r["params"]) for r in data["reasons"])
        return cls(**{**data, "reasons": reasons})


def check_place(lat: float, lon: float) -> tuple[float, float]:
    """A pin within Bolivia, which is what a mistyped or swapped pair is not."""
    if not (-23.0 <= lat <= -9.5 and -70.0 <= lon <= -57.0):
        raise RuleError("pin_outside_bolivia", on="pin")
    return lat, lon


def distance_m(lat: float, lon: float, other_lat: float, other_lon: float) -> int:
    """Great-circle distance in whole metres (haversine)."""
    a, b = radians(lat), radians(other_lat)
    h = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_lon - lon) / 2) ** 2
    return round(2 * EARTH_RADIUS_M * asin(sqrt(min(1.0, h))))


def bounding_box(polygon: Mapping[str, Any]) -> tuple[float, float, float, float]:
    """(min_lat, max_lat, min_lon, max_lon) of a GeoJSON polygon."""
    from shapely.geometry import shape

    min_lon, min_lat, max_lon, max_lat = shape(polygon).bounds
    return min_lat, max_lat, min_lon, max_lon


def check_polygon(polygon: Mapping[str, Any]) -> Polygon:
    """A valid, closed GeoJSON Polygon; refuses anything else."""
    from shapely import Polygon
    from shapely.geometry import shape

    try:
        area = shape(polygon)
    except Exception as error:  # shapely raises many kinds for malformed GeoJSON
        raise RuleError("polygon_unreadable", on="polygon") from error
    if not isinstance(area, Polygon) or not area.is_valid or area.is_empty:
        raise RuleError("polygon_unreadable", on="polygon")
    return area


def around(lat: float, lon: float, within_m: int) -> tuple[float, float, float, float]:
    """(min_lat, max_lat, min_lon, max_lon) of the square that holds everything within that distance."""
    degrees = within_m / METRES_A_DEGREE
    wide = degrees / LONGITUDE_SCALE
    return lat - degrees, lat + degrees, lon - wide, lon + wide


def contains(polygon: Mapping[str, Any], lat: float, lon: float) -> bool:
    """Whether the place lies in the polygon or on its border."""
    from shapely import Point
    from shapely.geometry import shape

    return bool(shape(polygon).covers(Point(lon, lat)))


def which_contain(polygons: Sequence[Mapping[str, Any]], lat: float, lon: float) -> list[int]:
    """The positions of the polygons that contain the place."""
    from shapely import Point, STRtree
    from shapely.geometry import shape

    tree = STRtree([shape(p) for p in polygons])
    return sorted(int(i) for i in tree.query(Point(lon, lat), predicate="intersects"))


def speed_at(technology: str, distance: int, reach_m: int, max_mbps: int) -> int:
    """The speed (Mbps) that a technology carries over a distance; 0 beyond its reach.

    Fibre and cable keep their speed to their reach; copper and radio lose it on the way.
    """
    if distance > reach_m:
        return 0
    if technology == "ADSL":
        return next((min(max_mbps, mbps) for limit, mbps in ADSL_CURVE if distance <= limit), 0)
    if technology == "WIRELESS":
        share = distance / reach_m
        return max(1, int(max_mbps * next(speed for limit, speed in WIRELESS_CURVE if share <= limit)))
    return max_mbps


def judge(
    technology: str, area_mbps: int | None, candidates: Sequence[Candidate], wanted_mbps: int
) -> TechnologyVerdict:
    """The verdict of one technology: inside its area, an access point in reach with a free port, and the speed that remains.

    `area_mbps` is the fastest area that contains the place, None when none does. Candidates come nearest first. Among those that
    can serve, the one that gives the most speed is taken, the nearer one when equal.
    """
    nearest = candidates[0].distance_m if candidates else None
    if area_mbps is None:
        return TechnologyVerdict(
            technology, False, distance_m=nearest, reasons=(reason("out_of_area", technology=technology),)
        )
    if not candidates:
        return TechnologyVerdict(technology, False, reasons=(reason("no_access_point", technology=technology),))
    serving = [(min(area_mbps, speed_at(technology, c.distance_m, c.reach_m, c.max_mbps)), c) for c in candidates]
    in_reach = [(mbps, c) for mbps, c in serving if mbps > 0]
    if not in_reach:
        near = candidates[0]
        why = reason("out_of_reach", distance_m=near.distance_m, reach_m=near.reach_m, access_point=near.code)
        return TechnologyVerdict(technology, False, distance_m=nearest, access_point=near.code, reasons=(why,))
    free = [(mbps, c) for mbps, c in in_reach if c.ports_free > 0]
    if not free:
        why = reason("no_free_ports", access_points=len(in_reach), access_point=in_reach[0][1].code)
        return TechnologyVerdict(
            technology, False, distance_m=nearest, access_point=in_reach[0][1].code, reasons=(why,)
        )
    mbps, best = max(free, key=lambda pair: (pair[0], -pair[1].distance_m))
    return _served(technology, mbps, best, in_reach[0][1], area_mbps, wanted_mbps)


def _served(
    technology: str, mbps: int, best: Candidate, nearest: Candidate, area_mbps: int, wanted_mbps: int
) -> TechnologyVerdict:
    """An available technology with everything that explains its speed."""
    reasons = [reason("within_reach", access_point=best.code, distance_m=best.distance_m, reach_m=best.reach_m)]
    if best is not nearest and nearest.ports_free == 0:
        reasons.append(reason("nearest_full", access_point=nearest.code, distance_m=nearest.distance_m))
    reasons.append(reason("few_ports" if best.ports_free <= FEW_PORTS else "free_ports", ports=best.ports_free))
    if mbps < min(best.max_mbps, area_mbps):
        reasons.append(reason("speed_lost_with_distance", max_mbps=mbps, distance_m=best.distance_m))
    elif mbps == area_mbps < best.max_mbps:
        reasons.append(reason("speed_of_area", max_mbps=mbps))
    if wanted_mbps:
        enough = mbps >= wanted_mbps
        reasons.append(reason("enough_speed" if enough else "less_speed", max_mbps=mbps, wanted_mbps=wanted_mbps))
    return TechnologyVerdict(
        technology, True, mbps, best.distance_m, best.code, best.ports_free, mbps >= wanted_mbps, tuple(reasons)
    )


def best_verdict(verdicts: Sequence[TechnologyVerdict]) -> TechnologyVerdict | None:
    """The technology to propose: the best that meets what was asked, else the fastest available; None when nothing is."""
    available = [v for v in verdicts if v.available]
    meeting = [v for v in available if v.meets_wanted]
    if meeting:
        return min(meeting, key=lambda v: ACCESS_TECHNOLOGIES.index(v.technology))
    return max(available, key=lambda v: v.max_mbps, default=None)


@dataclass(frozen=True, slots=True)
class NearLine:
    """A measured line near the place."""

    number: str
    technology: str
    distance_m: int
    sync_down_mbps: Decimal
    attenuation_db: Decimal
    snr_db: Decimal


@dataclass(frozen=True, slots=True)
class CapacityAnswer:
    """What the records alone would answer at step 7 (policy "automatic capacity answer", R-A8)."""

    capacity: bool
    technology: str
    max_mbps: int
    reasons: tuple[Reason, ...]


LINE_NEAR_M = 600  # farther neighbours say little about this address
POOR_SNR_DB = Decimal("9.0")  # below this a copper or radio line is unstable


def answer_capacity(
    verdicts: Sequence[TechnologyVerdict], lines: Sequence[NearLine], wanted_mbps: int
) -> CapacityAnswer:
    """The verdict of the coverage data, made safe by what the neighbours' lines really do.

    Fibre and cable are taken at the verdict's word. On copper and radio the median of the near lines' speed is the limit.
    """
    best = best_verdict(verdicts)
    if best is None:
        reasons = tuple(r for v in verdicts for r in v.reasons[:1])
        return CapacityAnswer(False, "", 0, reasons or (reason("no_access_point", technology=""),))
    near = [ln for ln in lines if ln.technology == best.technology and ln.distance_m <= LINE_NEAR_M]
    if best.technology in ("FO", "HFC") or not near:
        return CapacityAnswer(True, best.technology, best.max_mbps, best.reasons)
    measured = int(median(ln.sync_down_mbps for ln in near))
    limit = min(best.max_mbps, measured)
    why = [*best.reasons, reason("neighbours_measured", lines=len(near), max_mbps=measured)]
    if median(ln.snr_db for ln in near) < POOR_SNR_DB:
        why.append(reason("neighbours_noisy", snr_db=str(POOR_SNR_DB)))
    if limit < 1:
        return CapacityAnswer(False, best.technology, 0, tuple(why))
    if wanted_mbps and limit < wanted_mbps <= best.max_mbps:
        why.append(reason("less_speed", max_mbps=limit, wanted_mbps=wanted_mbps))
    return CapacityAnswer(True, best.technology, limit, tuple(why))
