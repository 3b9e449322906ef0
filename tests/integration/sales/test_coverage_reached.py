"""R-A3: what was left for lack of coverage or ports comes back to 19 by itself when the network reaches it, once."""

from __future__ import annotations

from typing import Any

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.sales.conftest import NOW, Walk

from thaki.cases.models import Case, HistoryEvent
from thaki.procedures.sales import coverage_reached, jobs
from thaki.procedures.sales.models import Sale
from thaki.records.network import operations as network
from thaki.records.network.models import AccessPoint
from thaki.records.reasons import RuleError


@pytest.fixture
def left(walk: Walk) -> Walk:
    """A sale left unserved because the only fibre box was full, and so was the HFC tap."""
    AccessPoint.objects.filter(technology="FO").update(ports_used=16)
    return leave(walk, reason="no_ports")


def leave(walk: Walk, reason: str) -> Walk:
    """Walk to 7, a no for the reason, and left at 19."""
    walk.to(7)
    walk.done(7, {"capacity": "no", "reason": reason})
    walk.done(19, {"decision": "leave", "note": "Sin puertos en la zona"})
    return walk


def jobs_waiting() -> list[dict[str, Any]]:
    """What the worker was asked to look at."""
    found = ProcrastinateJob.objects.filter(task_name="sales.coverage_around")
    return [job.args for job in found]


def test_nothing_comes_back_while_nothing_changed(left: Walk) -> None:
    assert coverage_reached.bring_back(now=left.now) == []


def test_new_ports_bring_it_back_to_19_with_all_that_was_learned(left: Walk) -> None:
    network.set_ports("FO-001", ports_total=32, by=None, now=left.now)
    [case] = coverage_reached.bring_back(now=left.now)
    sale = Sale.objects.get(pk=case.pk)
    assert (sale.unserved_reason, sale.customer, sale.wanted_mbps) == ("coverage_reached", left.sale.customer, 100)
    left.case = case
    assert left.open_steps == ["19"]
    left.done(19, {"decision": "take_up"})
    assert left.open_steps == ["7"]  # nothing is skipped


def test_it_comes_back_once(left: Walk) -> None:
    network.set_ports("FO-001", ports_total=32, by=None, now=left.now)
    coverage_reached.bring_back(now=left.now)
    assert coverage_reached.bring_back(now=left.now) == []
    assert Case.objects.count() == 2


def test_one_that_is_left_again_is_not_proposed_for_the_same_coverage(left: Walk) -> None:
    network.set_ports("FO-001", ports_total=32, by=None, now=left.now)
    [left.case] = coverage_reached.bring_back(now=left.now)
    left.done(19, {"decision": "take_up"})
    leave(left, reason="no_ports")
    assert coverage_reached.bring_back(now=left.now) == []


def test_the_old_case_says_as_which_it_came_back(left: Walk) -> None:
    old = left.case.pk
    network.set_ports("FO-001", ports_total=32, by=None, now=left.now)
    [case] = coverage_reached.bring_back(now=left.now)
    noted = HistoryEvent.objects.filter(case=old, kind="noted").last()
    assert noted is not None and noted.data["notes"] == {"came_back_as": case.number}


def test_a_new_area_asks_to_look_around_it(left: Walk) -> None:
    corner = [[-66.165, -17.385], [-66.155, -17.385], [-66.155, -17.375], [-66.165, -17.375], [-66.165, -17.385]]
    polygon = {"type": "Polygon", "coordinates": [corner]}
    network.add_area(name="Nueva", technology="FO", polygon=polygon, max_mbps=600, by=None, now=left.now)
    assert jobs_waiting() == [{"box": [-17.385, -17.375, -66.165, -66.155]}]


def test_a_port_given_back_by_a_full_point_brings_it_back(left: Walk) -> None:
    network.release_port("FO-001", by=None, now=left.now)
    [asked] = jobs_waiting()
    jobs.coverage_around(**asked)
    assert Sale.objects.get(earlier=left.case.pk).unserved_reason == "coverage_reached"


def test_growth_elsewhere_asks_for_nothing(left: Walk) -> None:
    far = [[-66.05, -17.45], [-66.04, -17.45], [-66.04, -17.44], [-66.05, -17.44], [-66.05, -17.45]]
    polygon = {"type": "Polygon", "coordinates": [far]}
    network.add_area(name="Sacaba", technology="FO", polygon=polygon, max_mbps=600, by=None, now=left.now)
    assert jobs_waiting() == []


def test_what_the_map_cannot_see_stays_with_help_desk(walk: Walk) -> None:
    leave(walk, reason="saturated")
    network.set_ports("FO-001", ports_total=32, by=None, now=walk.now)
    assert coverage_reached.bring_back(now=walk.now) == []


def test_a_customer_who_asked_again_is_not_proposed(left: Walk, walk_of: Any) -> None:
    again = walk_of(name="María Elena Rojas Vargas")
    Sale.objects.filter(pk=again.case.pk).update(customer=left.sale.customer)
    network.set_ports("FO-001", ports_total=32, by=None, now=left.now)
    assert coverage_reached.bring_back(now=left.now) == []


def test_the_worker_looks_on_working_mornings_alone(left: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    network.set_ports("FO-001", ports_total=32, by=None, now=left.now)
    sunday = NOW.replace(day=22)
    monkeypatch.setattr(jobs.timezone, "now", lambda: sunday)
    jobs.coverage_everywhere(0)
    assert Case.objects.count() == 1
    monkeypatch.setattr(jobs.timezone, "now", lambda: NOW)
    jobs.coverage_everywhere(0)
    assert Case.objects.count() == 2


def test_a_point_cannot_have_fewer_ports_than_are_taken(left: Walk) -> None:
    with pytest.raises(RuleError, match="16 puertos ocupados"):
        network.set_ports("FO-001", ports_total=2, by=None, now=left.now)
    assert AccessPoint.objects.get(code="FO-001").ports_total == 16
