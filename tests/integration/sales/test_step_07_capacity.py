"""GVD step 7: Help Desk's answer, and the e-mail that carries it (R-A8)."""

from typing import Any

import pytest
from tests.integration.sales.conftest import Walk

from thaki.cases.registry import Work
from thaki.cases.runtime import AnswerInvalid
from thaki.channels.email.models import OutboundMail
from thaki.procedures.sales.models import UnservedRequest
from thaki.procedures.sales.steps import capacity


def shown(walk: Walk) -> dict[str, Any]:
    return capacity.context(Work(walk.case, walk.sale, walk.now, None))


def test_a_yes_names_technology_and_maximum(walk: Walk) -> None:
    walk.to(7).done(7, note="Señal excelente")
    sale = walk.sale
    assert (sale.capacity, sale.capacity_technology, sale.max_mbps) == ("yes", "FO", 300)
    assert sale.capacity_by == walk.people["helpdesk1"]
    assert walk.open_steps == ["8"]


def test_the_answer_goes_to_the_executive_by_email(walk: Walk) -> None:
    walk.to(7).done(7, note="Señal excelente")
    mail = OutboundMail.objects.get()
    assert mail.to == "ejecutivo1@comteco.example"
    assert "Hay capacidad técnica" in mail.subject
    assert "Señal excelente" in mail.text
    assert "300" in mail.text


def test_less_than_was_asked_is_a_yes_with_a_maximum(walk: Walk) -> None:
    walk.to(7).done(7, {"capacity": "yes", "technology": "FO", "max_mbps": "60"})
    assert walk.open_steps == ["8"]
    assert walk.sale.max_mbps == 60


def test_a_no_goes_to_19_with_its_reason(walk: Walk) -> None:
    walk.to(7).done(7, {"capacity": "no", "reason": "no_ports", "note": "Caja llena"})
    assert walk.open_steps == ["19"]
    row = UnservedRequest.objects.get()
    assert (row.reason, row.left_at_step) == ("no_capacity", 7)
    assert "Sin puertos libres" in OutboundMail.objects.get().text


@pytest.mark.parametrize(
    ("answer", "missing"),
    [
        ({"capacity": "yes"}, {"technology", "max_mbps"}),
        ({"capacity": "no"}, {"reason"}),
        ({}, {"capacity"}),
        ({"capacity": "yes", "technology": "FO", "max_mbps": "0"}, {"max_mbps"}),
        ({"capacity": "yes", "technology": "5G", "max_mbps": "50"}, {"technology"}),
    ],
)
def test_half_an_answer_is_refused(walk: Walk, answer: dict[str, str], missing: set[str]) -> None:
    walk.to(7)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(7, answer)
    assert set(refused.value.form.errors) == missing


def test_reference_and_neighbours_stand_ready_with_their_parameters(walk: Walk) -> None:
    walk.to(6).done(6, {"reference_numbers": ["44280001"], "other_reference": "44299999"})
    context = shown(walk)
    assert [judged.line.number for judged in context["reference_lines"]] == ["44280001"]
    assert context["unknown_references"] == ["44299999"]
    assert [(judged.line.number, judged.quality) for judged in context["neighbours"]] == [("44280002", "good")]
    assert context["proposal"].technology == "FO"


def test_taken_up_again_it_is_asked_anew(walk: Walk) -> None:
    walk.to(7).done(7, {"capacity": "no", "reason": "no_ports"})
    walk.wait(days=2).done(19, {"decision": "take_up", "note": "Se amplió la caja"})
    assert walk.open_steps == ["7"]
    assert (walk.sale.capacity, walk.sale.capacity_reason) == ("unknown", "")
    walk.done(7)
    assert walk.open_steps == ["8"]
    assert OutboundMail.objects.count() == 2
