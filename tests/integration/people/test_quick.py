"""Models that go by prepared statements behave as Django's, and within a move write what changed and no more."""

from __future__ import annotations

from typing import Any

import pytest

from thaki.cases.store import moving
from thaki.records.network.models import AccessPoint, CoverageArea

pytestmark = pytest.mark.django_db
RING = [[-66.2, -17.4], [-66.1, -17.4], [-66.1, -17.3], [-66.2, -17.4]]


def _point(code: str = "FO-001") -> AccessPoint:
    return AccessPoint.objects.create(
        code=code, technology="FO", zone="Norte", lat=-17.39, lon=-66.16, ports_total=16, reach_m=300, max_mbps=300
    )


def _area() -> CoverageArea:
    polygon = {"type": "Polygon", "coordinates": [RING]}
    box = {"min_lat": -17.4, "max_lat": -17.3, "min_lon": -66.2, "max_lon": -66.1}
    return CoverageArea.objects.create(name="Norte", technology="FO", polygon=polygon, max_mbps=300, **box)


def _behind_its_back(point: AccessPoint, **columns: Any) -> None:
    """Change the row as a trigger would, the instance knowing nothing of it."""
    assert AccessPoint.objects.filter(pk=point.pk).update(**columns) == 1


def test_a_row_locked_in_a_move_is_saved_with_what_changed_and_the_rest_stays_as_the_database_has_it() -> None:
    made = _point()
    with moving():
        point = AccessPoint.objects.select_for_update(no_key=True).get(pk=made.pk)
        _behind_its_back(point, ports_used=7)
        point.zone = "Sur"
        point.save()
    made.refresh_from_db()
    assert (made.zone, made.ports_used) == ("Sur", 7)


def test_a_second_change_in_the_same_move_is_saved_too_and_one_that_goes_back_as_well() -> None:
    made = _point()
    with moving():
        point = AccessPoint.objects.select_for_update(no_key=True).get(pk=made.pk)
        point.zone, point.max_mbps = "Sur", 100
        point.save()
        point.zone = "Norte"
        point.save()
    made.refresh_from_db()
    assert (made.zone, made.max_mbps) == ("Norte", 100)


def test_what_changed_inside_a_list_is_seen() -> None:
    made = _area()
    with moving():
        area = CoverageArea.objects.select_for_update(no_key=True).get(pk=made.pk)
        area.polygon["coordinates"][0][0] = [-66.25, -17.4]
        area.save()
        area.polygon["coordinates"][0][1] = [-66.05, -17.4]
        area.save()
    made.refresh_from_db()
    assert made.polygon["coordinates"][0][:2] == [[-66.25, -17.4], [-66.05, -17.4]]


def test_after_reading_anew_a_value_that_is_set_back_is_written() -> None:
    made = _point()
    with moving():
        point = AccessPoint.objects.select_for_update(no_key=True).get(pk=made.pk)
        _behind_its_back(point, zone="Este")
        point.refresh_from_db()
        assert point.zone == "Este"
        point.zone = "Norte"
        point.save()
    made.refresh_from_db()
    assert made.zone == "Norte"


def test_once_the_move_is_over_nothing_is_taken_for_granted_and_the_whole_row_is_saved() -> None:
    made = _point()
    with moving():
        point = AccessPoint.objects.select_for_update(no_key=True).get(pk=made.pk)
    _behind_its_back(point, zone="Este")
    point.save()
    made.refresh_from_db()
    assert made.zone == "Norte"


def test_a_row_that_was_not_locked_is_saved_whole() -> None:
    made = _point()
    with moving():
        point = AccessPoint.objects.get(pk=made.pk)
        _behind_its_back(point, zone="Este")
        point.save()
    made.refresh_from_db()
    assert made.zone == "Norte"


def test_what_a_rolled_back_move_saved_is_saved_again() -> None:
    made = _point()
    with pytest.raises(RuntimeError), moving():
        point = AccessPoint.objects.select_for_update(no_key=True).get(pk=made.pk)
        point.zone = "Sur"
        point.save()
        raise RuntimeError
    with moving():
        point.save()
    made.refresh_from_db()
    assert made.zone == "Sur"


def test_a_copy_of_a_locked_row_is_a_new_row() -> None:
    made = _point()
    with moving():
        copy = AccessPoint.objects.select_for_update(no_key=True).get(pk=made.pk)
        copy.pk, copy.code = None, "FO-002"
        copy.save()
    assert copy.pk != made.pk
    assert AccessPoint.objects.count() == 2


def test_one_that_is_not_there_and_more_than_one_are_told_as_django_tells_them() -> None:
    _point()
    _point("FO-002")
    with pytest.raises(AccessPoint.DoesNotExist):
        AccessPoint.objects.get(code="FO-404")
    with pytest.raises(AccessPoint.MultipleObjectsReturned):
        AccessPoint.objects.get(zone="Norte")
