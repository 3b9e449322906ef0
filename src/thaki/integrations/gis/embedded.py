"""The embedded GIS: the port on our own network records."""

from __future__ import annotations

from thaki.integrations.gis.port import AreaView, PointView
from thaki.records.network import queries
from thaki.records.network.rules import NearLine, TechnologyVerdict


class EmbeddedGis:
    """See `port.Gis`, whose methods these are."""

    def qualify(self, lat: float, lon: float, *, wanted_mbps: int = 0) -> tuple[TechnologyVerdict, ...]:
        """Two queries."""
        return queries.qualify(lat, lon, wanted_mbps)

    def nearest_lines(self, lat: float, lon: float, *, limit: int = 5) -> tuple[NearLine, ...]:
        """One query, by index."""
        return tuple(queries.nearest_lines(lat, lon, limit=limit))

    def areas(self) -> tuple[AreaView, ...]:
        """Smallest technology's name first, so that a map draws them in a steady order."""
        ordered = queries.areas().order_by("technology", "name")
        return tuple(AreaView(a.name, a.technology, a.max_mbps, a.polygon) for a in ordered)

    def access_points(self, lat: float, lon: float, *, within_m: int = 2_000) -> tuple[PointView, ...]:
        """Within a square of that half side."""
        near = queries.access_points_near(lat, lon, within_m=within_m)
        return tuple(PointView(p.code, p.technology, p.lat, p.lon, p.ports_free, p.reach_m) for p in near)
