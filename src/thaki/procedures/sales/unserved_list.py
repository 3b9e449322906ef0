"""The living list of demand not served (GVD step 19): what the address asks for, its rows, its counts and its map.

Everything but the names is read from the requests' own columns, so neither list nor map costs more for what was decided long ago:
what waits is read by an index of its own, the rest by the days asked for.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import cos, radians
from typing import Any
from urllib.parse import urlencode

from django.db.models import Avg, Count, F, Min, Q, QuerySet
from django.db.models.functions import Floor
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from thaki.cases.queries.worklist import text_condition
from thaki.procedures.sales.models import Unserved, UnservedRequest
from thaki.procedures.sales.reasons import UNSERVED_LABELS, UnservedReason
from thaki.records.offers.models import Technology
from thaki.reporting.months import midnight

STATES = {
    "pendientes": (_("Por decidir"), Q(decided_at=None)),
    "retomadas": (_("Retomadas"), Q(decision=Unserved.TAKE_UP)),
    "dejadas": (_("Dejadas sin atender"), Q(decision=Unserved.LEAVE)),
    "todas": (_("Todas"), Q()),
}
WAITING = "pendientes"
DAYS = 90  # of what was decided, where the address names no day
UNKNOWN = "ninguna"  # in the address: no technology is known


@dataclass(frozen=True, slots=True)
class Filters:
    """What the address asks for."""

    state: str = WAITING
    reason: str = ""
    zone: str = ""
    technology: str = ""
    since: date | None = None
    until: date | None = None
    text: str = ""

    def query(self, **over: str) -> str:
        """The address of the same list with something else asked for."""
        asked = {
            "estado": "" if self.state == WAITING else self.state,
            "motivo": self.reason,
            "zona": self.zone,
            "tecnologia": self.technology,
            "desde": self.since.isoformat() if self.since else "",
            "hasta": self.until.isoformat() if self.until else "",
            "q": self.text,
        }
        return urlencode({name: value for name, value in (asked | over).items() if value})


def read_filters(query: Mapping[str, str]) -> Filters:
    """The filters of an address; what is unknown is passed over."""
    state, reason = query.get("estado", ""), query.get("motivo", "")
    technology = query.get("tecnologia", "")
    return Filters(
        state=state if state in STATES else WAITING,
        reason=reason if reason in {one.value for one in UnservedReason} else "",
        zone=query.get("zona", "").strip()[:80],
        technology=technology if technology in (*Technology.values, UNKNOWN) else "",
        since=_day(query.get("desde", "")),
        until=_day(query.get("hasta", "")),
        text=query.get("q", "").strip()[:80],
    )


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and 2000 <= day.year < 2200 else None


def found(filters: Filters, *, now: datetime) -> QuerySet[UnservedRequest]:
    """The requests that the filters name."""
    asked = UnservedRequest.objects.filter(STATES[filters.state][1])
    if filters.reason:
        asked = asked.filter(reason=filters.reason)
    if filters.zone:
        asked = asked.filter(zone=filters.zone)
    if filters.technology:
        asked = asked.filter(technology="" if filters.technology == UNKNOWN else filters.technology)
    since = filters.since
    if since is None and filters.state != WAITING:
        since = timezone.localdate(now) - timedelta(days=DAYS)
    if since:
        asked = asked.filter(arrived_at__gte=midnight(since))
    if filters.until:
        asked = asked.filter(arrived_at__lt=midnight(filters.until + timedelta(days=1)))
    if filters.text:
        asked = asked.filter(_named(filters.text))
    return asked


def _named(text: str) -> Q:
    digits = "".join(character for character in text if character.isdigit())
    if len(digits) >= 4 and not any(character.isalpha() for character in text):
        return Q(sale__prospect__phone__startswith=digits)
    return text_condition(text, "sale__case__")


def rows(filters: Filters, *, now: datetime) -> QuerySet[UnservedRequest]:
    """The list: what waits with the oldest first, what was decided with the newest first."""
    related = ("sale__case", "sale__prospect", "sale__customer", "sale__executive")
    order = ("arrived_at", "id") if filters.state == WAITING else ("-arrived_at", "-id")
    return found(filters, now=now).select_related(*related).order_by(*order)


# ---------------------------------------------------------------- counts
@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are, by reason, zone and technology; the zone with the most first."""

    total: int
    cells: tuple[tuple[str, str, str, int], ...]  # reason, zone, technology, how many

    def by(self, side: int) -> list[tuple[str, int]]:
        """Counts by one side (0 reason, 1 zone, 2 technology), the most first."""
        counter: Counter[str] = Counter()
        for cell in self.cells:
            counter[str(cell[side])] += cell[3]
        return sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))

    def split(self, side: int, by: int) -> dict[str, Counter[str]]:
        """Counts by one side, each split by another."""
        parts: dict[str, Counter[str]] = defaultdict(Counter)
        for cell in self.cells:
            parts[str(cell[side])][str(cell[by])] += cell[3]
        return parts


REASON, ZONE, TECHNOLOGY = 0, 1, 2


def counts(filters: Filters, *, now: datetime) -> Counts:
    """What the charts show."""
    grouped = found(filters, now=now).order_by().values_list("reason", "zone", "technology").annotate(n=Count("pk"))
    cells = tuple(sorted(grouped, key=lambda cell: (-cell[3], cell[:3])))
    return Counts(sum(cell[3] for cell in cells), cells)


def zones(filters: Filters, *, now: datetime) -> list[str]:
    """The zones that can be chosen: those of the list without its zone filter."""
    everywhere = Filters(
        filters.state, filters.reason, "", filters.technology, filters.since, filters.until, filters.text
    )
    named = found(everywhere, now=now).exclude(zone="").order_by("zone").values_list("zone", flat=True).distinct()
    return list(named[:300])


def reason_name(code: str) -> str:
    """A reason in words."""
    return str(UNSERVED_LABELS[UnservedReason(code)])


def technology_name(code: str) -> str:
    """A technology in words."""
    return str(Technology(code).label) if code in Technology.values else str(_("Sin tecnología"))


# ---------------------------------------------------------------- the map
CELL_PX = 56  # dots nearer to each other than this are one
WORLD_PX = 256
LATITUDE = 17.4  # of Cochabamba: a degree of latitude is drawn so much taller there
MOST = 600  # dots on one map


@dataclass(frozen=True, slots=True)
class Box:
    """What a map shows."""

    west: float
    south: float
    east: float
    north: float
    zoom: int

    @property
    def cell(self) -> tuple[float, float]:
        """Degrees of longitude and of latitude of a cell in which dots are one."""
        width = 360 * CELL_PX / (WORLD_PX * 2**self.zoom)
        return width, width * cos(radians(LATITUDE))


def read_box(query: Mapping[str, str]) -> Box | None:
    """The box of an address (`oeste sur este norte z`); None for nonsense."""
    try:
        west, south, east, north = (float(query[name]) for name in ("oeste", "sur", "este", "norte"))
        zoom = int(float(query["z"]))
    except (KeyError, ValueError, OverflowError):
        return None
    sane = -180 <= west < east <= 180 and -90 <= south < north <= 90 and 1 <= zoom <= 20
    return Box(west, south, east, north, zoom) if sane else None


def dots(filters: Filters, box: Box | None, *, now: datetime) -> list[dict[str, Any]]:
    """The requests of the box, those that lie together as one dot: {lat, lon, n, reasons, one (an id) if it is alone}."""
    width, height = (box or Box(-180, -90, 180, 90, 13)).cell
    asked = found(filters, now=now).filter(lat__isnull=False, lon__isnull=False)
    if box is not None:
        asked = asked.filter(lon__gte=box.west, lon__lte=box.east, lat__gte=box.south, lat__lte=box.north)
    grouped = (
        asked.order_by()
        .annotate(x=Floor(F("lon") / width), y=Floor(F("lat") / height))
        .values("x", "y", "reason")
        .annotate(n=Count("pk"), at_lat=Avg("lat"), at_lon=Avg("lon"), one=Min("pk"))
    )
    return sorted(_together(grouped), key=lambda dot: -int(dot["n"]))[:MOST]


def _together(grouped: Iterable[Mapping[str, Any]]) -> Iterable[dict[str, Any]]:
    """One dot a cell, at the middle of what lies in it."""
    cells: dict[tuple[float, float], list[Mapping[str, Any]]] = defaultdict(list)
    for part in grouped:
        cells[part["x"], part["y"]].append(part)
    for parts in cells.values():
        n = sum(part["n"] for part in parts)
        yield {
            "n": n,
            "lat": sum(part["at_lat"] * part["n"] for part in parts) / n,
            "lon": sum(part["at_lon"] * part["n"] for part in parts) / n,
            "reasons": sorted(((part["reason"], part["n"]) for part in parts), key=lambda pair: -pair[1]),
            "one": parts[0]["one"] if n == 1 else None,
        }


def alone(dots: Sequence[Mapping[str, Any]]) -> dict[int, UnservedRequest]:
    """The requests that lie alone on the map, by id."""
    ids = [dot["one"] for dot in dots if dot["one"]]
    return UnservedRequest.objects.select_related("sale__case").in_bulk(ids)
