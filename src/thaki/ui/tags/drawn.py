"""What is drawn: small charts by the server; map, diagram and signature by scripts that load where they are used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.templatetags.static import static

from thaki.ui import vendor
from thaki.ui.tags.library import register


@register.inclusion_tag("ui/components/meter.html")
def meter(value: float, most: float = 100, label: str = "", tone: str = "info") -> dict[str, Any]:
    """A bar and its number."""
    return {"value": str(value), "most": str(most), "label": label, "tone": tone}


@register.inclusion_tag("ui/components/spark.html")
def spark(values: Sequence[float | Decimal], label: str) -> dict[str, Any]:
    """A small line drawn by the server; the label says what it shows."""
    numbers = [float(value) for value in values] or [0.0]
    low, high = min(numbers), max(numbers)
    width, reach = 100 / max(len(numbers) - 1, 1), (high - low) or 1
    points = " ".join(f"{i * width:.1f},{27 - (n - low) / reach * 24:.1f}" for i, n in enumerate(numbers))
    return {"points": points, "label": label}


@register.inclusion_tag("ui/components/map.html")
def map_box(
    id: str,
    lat: float | None = None,
    lon: float | None = None,
    zoom: int = 13,
    geojson_url: str = "",
    geojson: str = "",
    pick_lat: str = "",
    pick_lon: str = "",
    fit: bool = False,
    label: str = "",
) -> dict[str, Any]:
    """A map; with `pick_lat` and `pick_lon` (ids of inputs) a pin can be placed; `geojson` is the id of a json_script."""
    return {
        "id": id,
        "lat": _number(lat),
        "lon": _number(lon),
        "zoom": zoom,
        "geojson_url": geojson_url,
        "geojson": geojson,
        "pick_lat": pick_lat,
        "pick_lon": pick_lon,
        "fit": fit,
        "label": label,
        "centre": getattr(settings, "THAKI_MAP_CENTRE", (-17.3895, -66.1568)),
        "tiles": getattr(settings, "TILE_SERVER", ""),
        "attribution": getattr(settings, "THAKI_MAP_ATTRIBUTION", ""),
        "sketch": static("ui/places.json"),
        "assets": _assets("leaflet/leaflet.css", "leaflet/leaflet.js", "ui/map.js"),
    }


@register.inclusion_tag("ui/components/diagram.html")
def diagram(
    id: str,
    xml_url: str,
    state_url: str = "",
    focus: str = "",
    refresh: int = 0,
    node_url: str = "",
    node_target: str = "",
) -> dict[str, Any]:
    """The procedure's diagram with what happens in it; see static/ui/diagram.js for the state's JSON."""
    return {
        "id": id,
        "xml_url": xml_url,
        "state_url": state_url,
        "focus": focus,
        "refresh": refresh or "",
        "node_url": node_url,
        "node_target": node_target,
        "assets": _assets(
            "bpmn-js/diagram-js.css", "bpmn-js/bpmn-js.css", "bpmn-js/bpmn-navigated-viewer.min.js", "ui/diagram.js"
        ),
    }


@register.inclusion_tag("ui/components/signature.html")
def signature_box(field: str, label: str) -> dict[str, Any]:
    """A place to sign; `field` is the id of the hidden input that takes the PNG as a data URL."""
    return {"field": field, "label": label, "assets": _assets("signature_pad/signature_pad.min.js", "ui/signature.js")}


@register.simple_tag
def vendored(path: str) -> str:
    """The address of a vendored file whatever its version: `{% vendored "leaflet/leaflet.js" %}`."""
    return static(vendor.path_of(path))


def _assets(*paths: str) -> str:
    return json.dumps([static(path if path.startswith("ui/") else vendor.path_of(path)) for path in paths])


def _number(value: float | Decimal | None) -> str:
    # In an attribute for scripts: a point before the decimals whatever the language.
    return "" if value is None else f"{float(value):.6f}"
