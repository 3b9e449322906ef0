"""GVD step 19: the requests not served, taken up again at the step that they left, or left."""

from __future__ import annotations

import pytest
from tests.integration.sales.conftest import Walk

from thaki.cases import runtime
from thaki.cases.models import Case
from thaki.procedures.sales.models import UnservedRequest


def no_capacity(walk: Walk) -> Walk:
    walk.to(7)
    walk.done(7, {"capacity": "no", "reason": "no_ports"})
    return walk


def test_a_negative_of_help_desk_arrives_with_its_reason(walk: Walk) -> None:
    no_capacity(walk)
    request = UnservedRequest.objects.get()
    assert (walk.open_steps, request.reason, request.left_at_step) == (["19"], "no_capacity", 7)


def test_taken_up_again_it_is_at_the_step_that_it_left(walk: Walk) -> None:
    no_capacity(walk)
    walk.done(19, {"decision": "take_up", "note": "Ampliaron el punto"})
    assert walk.open_steps == ["7"]
    assert walk.sale.capacity == "unknown"  # Help Desk looks again


def test_a_refused_offer_is_taken_up_at_8(walk: Walk) -> None:
    walk.to(8)
    walk.done(8, {"offer": "refused", "refusal_reason": "price"})
    walk.done(19, {"decision": "take_up"})
    assert walk.open_steps == ["8"]


def test_left_it_ends_unserved(walk: Walk) -> None:
    no_capacity(walk)
    walk.done(19, {"decision": "leave", "note": "Sin proyecto en la zona"})
    case = Case.objects.get()
    assert (case.state, case.outcome) == ("ended", "unserved")


def test_it_is_not_left_without_a_word(walk: Walk) -> None:
    no_capacity(walk)
    with pytest.raises(runtime.AnswerInvalid) as refused:
        walk.done(19, {"decision": "leave", "note": ""})
    assert "note" in refused.value.form.errors
    assert walk.open_steps == ["19"]


def test_each_arrival_is_a_row_of_its_own(walk: Walk) -> None:
    no_capacity(walk)
    walk.done(19, {"decision": "take_up"})
    walk.done(7, {"capacity": "no", "reason": "saturated"})
    assert list(UnservedRequest.objects.order_by("pk").values_list("decision", flat=True)) == ["take_up", "unknown"]
