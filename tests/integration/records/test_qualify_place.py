"""Steps 5 and 6: coverage at a place, and the lines near it."""

from datetime import datetime
from decimal import Decimal
from random import Random

import pytest
from django.db import IntegrityError, connection, transaction

from thaki.records.invented import near
from thaki.records.network import operations, queries
from thaki.records.network.models import AccessPoint, Line
from thaki.records.network.rules import distance_m
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
LAT, LON = -17.3935, -66.1570
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[-66.17, -17.41], [-66.14, -17.41], [-66.14, -17.38], [-66.17, -17.38], [-66.17, -17.41]]],
}


@pytest.fixture
def fibre(now: datetime) -> AccessPoint:
    """A fibre box 100 m to the north, in its area."""
    operations.add_area(name="Centro", technology="FO", polygon=SQUARE, max_mbps=300, by=None, now=now)
    return add_point("FO-0001", LAT + 0.0009, LON)


def add_point(code: str, lat: float, lon: float, *, total: int = 8, used: int = 0) -> AccessPoint:
    """An access point."""
    return AccessPoint.objects.create(
        code=code, technology="FO", lat=lat, lon=lon, ports_total=total, ports_used=used, reach_m=500, max_mbps=300
    )


def add_line(number: str, lat: float, lon: float, now: datetime) -> Line:
    """A measured line."""
    return Line.objects.create(
        number=number,
        technology="ADSL",
        lat=lat,
        lon=lon,
        sync_down_mbps=Decimal("8.5"),
        sync_up_mbps=Decimal("0.9"),
        attenuation_db=Decimal("31.5"),
        snr_db=Decimal("11.0"),
        measured_at=now,
    )


def test_every_technology_has_its_verdict_best_first(fibre: AccessPoint) -> None:
    verdicts = queries.qualify(LAT, LON, 100)
    assert [(v.technology, v.available) for v in verdicts] == [
        ("FO", True),
        ("HFC", False),
        ("ADSL", False),
        ("WIRELESS", False),
    ]
    assert (verdicts[0].access_point, verdicts[0].distance_m, verdicts[0].ports_free) == ("FO-0001", 100, 8)


def test_the_reasons_are_sentences_for_people(fibre: AccessPoint) -> None:
    said = [str(r) for r in queries.qualify(LAT, LON, 500)[0].reasons]
    assert said == [
        "El punto de acceso FO-0001 está a 100 m, dentro de su alcance de 500 m.",
        "Tiene 8 puertos libres.",
        "No llega a los 500 Mbps solicitados: máximo 300 Mbps.",
    ]


def test_an_access_point_out_of_service_does_not_count(fibre: AccessPoint) -> None:
    AccessPoint.objects.update(active=False)
    assert [r.code for r in queries.qualify(LAT, LON)[0].reasons] == ["no_access_point"]


def test_it_takes_two_queries(fibre: AccessPoint, django_assert_max_num_queries: object) -> None:
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        queries.qualify(LAT, LON, 100)


def test_the_nearest_by_index_is_the_nearest_in_metres(now: datetime) -> None:
    rng = Random(7)
    places = [near(rng, LAT, LON, 3_000) for _ in range(300)]
    for i, (lat, lon) in enumerate(places):
        add_line(f"44{i:06d}", lat, lon, now)
    truth = sorted(distance_m(LAT, LON, lat, lon) for lat, lon in places)[:5]
    assert [ln.distance_m for ln in queries.nearest_lines(LAT, LON, limit=5)] == truth


def test_the_index_is_used_for_the_nearest(now: datetime) -> None:
    add_line("44000001", LAT, LON, now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries._NEAREST_LINES, {"x": 0, "y": 0, "radius": 1, "technology": "", "limit": 5})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "network_line_spot" in plan


def test_a_lines_parameters_are_found_by_its_number(now: datetime) -> None:
    add_line("44000001", LAT, LON, now)
    line = queries.line_parameters(" 44000001 ")
    assert line is not None
    assert line.attenuation_db == Decimal("31.5")
    assert queries.line_parameters("44000002") is None


def test_the_last_port_is_taken_once(fibre: AccessPoint, now: datetime) -> None:
    AccessPoint.objects.update(ports_used=7)
    operations.occupy_port("FO-0001", by=None, now=now)
    with pytest.raises(RuleError) as refused:
        operations.occupy_port("FO-0001", by=None, now=now)
    assert refused.value.code == "ports_full"
    operations.release_port("FO-0001", by=None, now=now)
    operations.occupy_port("FO-0001", by=None, now=now)


def test_the_database_refuses_more_ports_used_than_there_are(fibre: AccessPoint) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AccessPoint.objects.update(ports_used=9)


def test_an_older_measurement_does_not_replace_a_newer(now: datetime) -> None:
    line = add_line("44000001", LAT, LON, now)
    values = {
        "sync_down_mbps": Decimal(5),
        "sync_up_mbps": Decimal(1),
        "attenuation_db": Decimal(40),
        "snr_db": Decimal(9),
    }
    operations.measure_line("44000001", by=None, now=now.replace(year=2025), **values)
    line.refresh_from_db()
    assert line.sync_down_mbps == Decimal("8.5")
    with pytest.raises(RuleError):
        operations.measure_line("44999999", by=None, now=now, **values)
