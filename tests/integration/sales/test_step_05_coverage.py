"""GVD steps 5 and 6: coverage, and the request to Help Desk."""

import pytest
from tests.integration.sales.conftest import HOME, Walk

from thaki.cases.registry import Work
from thaki.cases.runtime import AnswerInvalid
from thaki.people import policies
from thaki.procedures.sales.models import UnservedRequest
from thaki.procedures.sales.steps import coverage
from thaki.records.network.models import AccessPoint


def work(walk: Walk) -> Work:
    return Work(walk.case, walk.sale, walk.now, None)


def test_the_verdict_says_distance_ports_and_speed_with_its_reasons(walk: Walk) -> None:
    verdicts = {verdict.technology: verdict for verdict in coverage.coverage_context(work(walk.to(5)))["verdicts"]}
    fibre, cable = verdicts["FO"], verdicts["HFC"]
    assert (fibre.available, fibre.max_mbps, fibre.ports_free) == (True, 600, 13)
    assert fibre.distance_m == pytest.approx(44, abs=2)
    assert not cable.available
    assert "puertos libres" in str(cable.reasons[0])


def test_what_was_seen_that_day_is_kept(walk: Walk) -> None:
    walk.to(5).done(5)
    AccessPoint.objects.filter(code="FO-001").update(ports_used=16)
    assert walk.sale.coverage[0]["technology"] == "FO"
    assert walk.sale.coverage[0]["ports_free"] == 13


def test_a_corrected_pin_is_the_one_that_counts(walk: Walk) -> None:
    walk.to(5).done(5, {"lat": "-17.30", "lon": "-66.30"})
    assert walk.sale.lat == -17.30
    assert not any(verdict["available"] for verdict in walk.sale.coverage)


def test_a_pin_in_another_country_is_refused(walk: Walk) -> None:
    walk.to(5)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(5, {"lat": "17.38", "lon": "-66.16"})
    assert "fuera de Bolivia" in str(refused.value.form.errors["lat"])


def test_the_nearest_lines_are_proposed_as_references(walk: Walk) -> None:
    form = coverage.ReviewRequestForm(work=work(walk.to(6)))
    assert [line.number for line in form.lines] == ["44280001", "44280002"]
    assert form.initial["reference_numbers"] == ["44280001", "44280002"]
    assert form.initial["wanted_mbps"] == 100


def test_a_neighbours_telephone_may_be_the_reference(walk: Walk) -> None:
    walk.to(6).done(6, {"reference_numbers": ["44280001"], "other_reference": "4 429-9999"})
    assert walk.sale.reference_numbers == ["44280001", "44299999"]
    assert walk.open_steps == ["7"]


def test_a_line_that_was_not_proposed_is_refused(walk: Walk) -> None:
    walk.to(6)
    with pytest.raises(AnswerInvalid):
        walk.done(6, {"reference_numbers": ["00000000"]})


def automatic(walk: Walk) -> Walk:
    policies.set("sales.automatic_capacity_answer", True, by=None, reason="prueba", now=walk.now)
    return walk


def test_with_the_policy_the_line_records_answer_and_7_is_passed(walk: Walk) -> None:
    automatic(walk).to(6).done(6)
    sale = walk.sale
    assert walk.open_steps == ["8"]
    assert (sale.capacity, sale.capacity_technology, sale.max_mbps) == ("yes", "FO", 600)


def test_with_the_policy_a_place_without_ports_goes_to_19(walk: Walk) -> None:
    AccessPoint.objects.update(ports_used=16, ports_total=16)
    automatic(walk).to(6).done(6)
    assert walk.open_steps == ["19"]
    assert walk.sale.capacity_reason == "no_ports"
    assert UnservedRequest.objects.get().left_at_step == 7


def test_a_new_place_forgets_what_was_answered_for_the_old_one(walk: Walk) -> None:
    walk.to(8).send_back(8, "Step_5", "Cambió el domicilio")
    sale = walk.sale
    assert (sale.capacity, sale.max_mbps, sale.coverage) == ("unknown", None, [])
    walk.done(5, {"lat": str(HOME[0]), "lon": str(HOME[1])})
    walk.done(6)
    assert walk.open_steps == ["7"]
