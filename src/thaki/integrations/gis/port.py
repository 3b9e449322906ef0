"""What Thaki asks of the GIS: coverage, access points and lines around a place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from thaki.records.network.rules import NearLine, TechnologyVerdict


class GisError(Exception):
    """The GIS did not answer; trying again may help."""


@dataclass(frozen=True, slots=True)
class AreaView:
    """A coverage area for the map."""

    name: str
    technology: str
    max_mbps: int
    polygon: dict[str, Any]  # GeoJSON Polygon, rings of [lon, lat]


@dataclass(frozen=True, slots=True)
class PointView:
    """An access point for the map."""

    code: str
    technology: str
    lat: float
    lon: float
    ports_free: int
    reach_m: int


class Gis(Protocol):
    """The port."""

    def qualify(self, lat: float, lon: float, *, wanted_mbps: int = 0) -> tuple[TechnologyVerdict, ...]:
        """The verdict of each technology at a place (TMF645 ServiceQualification)."""
        ...

    def nearest_lines(self, lat: float, lon: float, *, limit: int = 5) -> tuple[NearLine, ...]:
        """The measured lines nearest to a place, nearest first."""
        ...

    def areas(self) -> tuple[AreaView, ...]:
        """Every coverage area."""
        ...

    def access_points(self, lat: float, lon: float, *, within_m: int = 2_000) -> tuple[PointView, ...]:
        """The access points around a place."""
        ...


def get_gis() -> Gis:
    """The GIS of this installation: `THAKI_GIS` in the settings names its class; the embedded one by default."""
    factory: Callable[[], Gis] = import_string(
        getattr(settings, "THAKI_GIS", "thaki.integrations.gis.embedded.EmbeddedGis")
    )
    return factory()
