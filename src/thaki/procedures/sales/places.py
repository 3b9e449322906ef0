"""Places for the map: what lies around a pin, and a place found by its words or by a pasted location."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thaki.integrations.gis.port import AreaView, PointView, get_gis
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.rules import parse_pin
from thaki.records.network.models import AccessPoint, Line
from thaki.records.text import fold

CENTRE = (-17.3895, -66.1568)  # Cochabamba, where a map without a pin opens
AROUND_M, AROUND_CENTRE_M = 2_500, 9_000
FOUND = 6
TONES = {"FO": "info", "HFC": "wait", "ADSL": "warn", "WIRELESS": "good"}


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a search found."""

    name: str
    lat: float
    lon: float
    zone: str = ""

    @property
    def fill(self) -> str:
        """The fields that choosing it fills, for steps.js."""
        values = {"lat": f"{self.lat:.6f}", "lon": f"{self.lon:.6f}"}
        return json.dumps(values | ({"zone": self.zone} if self.zone else {}))


def find(text: str) -> list[Place]:
    """Places for what was typed: a pasted location, a zone, or part of an address that has a line of ours."""
    pin = parse_pin(text)
    if pin is not None:
        return [Place(_("Ubicación pegada: %(lat).5f, %(lon).5f") % {"lat": pin[0], "lon": pin[1]}, *pin)]
    if len(fold(text)) < 3:
        return []
    return [*_zones(text), *_addresses(text)][:FOUND]


def _zones(text: str) -> list[Place]:
    """The middle of each zone whose name begins so."""
    points = AccessPoint.objects.filter(active=True, zone__istartswith=text.strip()).order_by()
    rows = points.values("zone").annotate(at_lat=Avg("lat"), at_lon=Avg("lon")).order_by("zone")[:3]
    return [Place(row["zone"], row["at_lat"], row["at_lon"], row["zone"]) for row in rows]


def _addresses(text: str) -> list[Place]:
    lines = Line.objects.filter(address__icontains=text.strip()).order_by("address")[:FOUND]
    return [Place(f"{line.address}, {line.zone}".strip(", "), line.lat, line.lon, line.zone) for line in lines]


# ---------------------------------------------------------------- layers
def layers_url(sale: Sale) -> str:
    """Where the map of this sale asks for what lies around."""
    around = f"?lat={sale.lat:.6f}&lon={sale.lon:.6f}" if sale.lat is not None and sale.lon is not None else ""
    return reverse("sales:map_layers") + around


def layers(lat: float | None, lon: float | None) -> dict[str, Any]:
    """Areas, access points and lines around a place as GeoJSON, in the words and tones of the house's map."""
    gis = get_gis()
    at = (lat, lon) if lat is not None and lon is not None else CENTRE
    points = gis.access_points(*at, within_m=AROUND_CENTRE_M if lat is None else AROUND_M)
    features = [*map(_area, gis.areas()), *map(_point, points)]
    return {"type": "FeatureCollection", "features": features}


def _area(area: AreaView) -> dict[str, Any]:
    text = _("hasta %(mbps)s Mbps") % {"mbps": area.max_mbps}
    return _feature(area.polygon, f"{area.technology} · {area.name}", text, TONES.get(area.technology, "neutral"))


def _point(point: PointView) -> dict[str, Any]:
    free = ngettext("%(n)d puerto libre", "%(n)d puertos libres", point.ports_free) % {"n": point.ports_free}
    reach = _("alcance %(m)s m") % {"m": point.reach_m}
    tone = TONES.get(point.technology, "neutral") if point.ports_free else "bad"
    geometry = {"type": "Point", "coordinates": [point.lon, point.lat]}
    return _feature(geometry, f"{point.technology} · {point.code}", f"{free}\n{reach}", tone)


def _feature(geometry: dict[str, Any], name: str, text: str, tone: str) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": {"name": name, "text": text, "tone": tone}}
