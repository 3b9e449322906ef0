"""The embedded GIS answers from the network's records."""

from datetime import UTC, datetime
from random import Random

import pytest

from thaki.integrations.gis.port import get_gis
from thaki.records.network.demo import build_areas, build_lines, build_points

pytestmark = pytest.mark.django_db
CENTRO = (-17.3935, -66.1570)


@pytest.fixture(autouse=True)
def network() -> None:
    """A small network."""
    rng = Random(3)
    build_areas(rng)
    build_lines(rng, build_points(rng, 40, 300), datetime(2026, 11, 20, tzinfo=UTC))


def test_every_technology_has_a_verdict_with_reasons() -> None:
    verdicts = get_gis().qualify(*CENTRO, wanted_mbps=30)
    assert [v.technology for v in verdicts] == ["FO", "HFC", "ADSL", "WIRELESS"]
    assert all(v.reasons for v in verdicts)


def test_far_out_only_radio_reaches() -> None:
    verdicts = get_gis().qualify(-17.4000, -66.3160)  # Vinto
    assert [v.technology for v in verdicts if v.reasons[0].code != "out_of_area"] == ["WIRELESS"]


def test_the_nearest_lines_come_nearest_first() -> None:
    lines = get_gis().nearest_lines(*CENTRO, limit=5)
    assert len(lines) == 5
    assert [ln.distance_m for ln in lines] == sorted(ln.distance_m for ln in lines)


def test_the_map_has_areas_and_access_points() -> None:
    assert {a.technology for a in get_gis().areas()} == {"FO", "HFC", "ADSL", "WIRELESS"}
    assert all(p.ports_free >= 0 for p in get_gis().access_points(*CENTRO, within_m=3_000))
