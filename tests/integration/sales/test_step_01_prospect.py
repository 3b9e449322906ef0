"""GVD step 1, contact attempts (R-A9) and the clock without a sign of life."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.integration.sales.conftest import LEAD, NOW, Walk

from thaki.cases import timers
from thaki.cases.models import Timer
from thaki.cases.policies import NotNow
from thaki.cases.runtime import AnswerInvalid
from thaki.people import policies
from thaki.procedures.sales.models import UnservedRequest
from thaki.records.prospects import operations as prospects
from thaki.records.prospects.models import ContactAttempt
from thaki.records.reasons import RuleError


def errors(refused: pytest.ExceptionInfo[AnswerInvalid]) -> dict[str, list[str]]:
    return {name: [str(text) for text in texts] for name, texts in refused.value.form.errors.items()}


# ---------------------------------------------------------------- the step
def test_a_first_contact_is_due_within_15_office_minutes(walk: Walk) -> None:
    assert walk.task(1).due_at == NOW + timedelta(minutes=15)


def test_reaching_the_prospect_stamps_visitado_and_names_who_leads(walk: Walk) -> None:
    walk.wait(minutes=7).done(1)
    sale = walk.sale
    assert sale.visited_at == NOW + timedelta(minutes=7)
    assert sale.executive == walk.people["ejecutivo1"]
    assert ContactAttempt.objects.get(prospect=sale.prospect).result == "talked"
    assert walk.open_steps == ["2"]


def test_what_the_talk_corrected_is_kept_and_the_rest_stays(walk: Walk) -> None:
    walk.done(1, {"channel": "whatsapp", "phone": "7 650-0001", "email": ""})
    prospect = walk.sale.prospect
    assert (prospect.phone, prospect.email, prospect.name) == ("76500001", "", LEAD["name"])


def test_nobody_is_left_without_telephone_and_email(walk: Walk) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(1, {"channel": "call", "phone": "", "email": ""})
    assert "al menos un teléfono o un correo" in errors(refused)["phone"][0]
    assert walk.open_steps == ["1"]


def test_a_telephone_of_seven_digits_is_asked_for_its_area_digit(walk: Walk) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(1, {"channel": "call", "phone": "4280001"})
    assert "anteponga el dígito de área" in errors(refused)["phone"][0]


def test_a_lead_without_telephone_and_email_is_refused(db: None) -> None:
    with pytest.raises(RuleError, match="al menos un teléfono"):
        prospects.receive(channel="web", name="Nadie", by=None, now=NOW)


# ---------------------------------------------------------------- attempts
def attempt(walk: Walk, result: str, **more: str) -> None:
    walk.wait(minutes=1).act("sales.contact_attempt", channel="call", result=result, **more)


def test_the_fifth_attempt_without_an_answer_sends_the_sale_to_19(walk: Walk) -> None:
    for _turn in range(4):
        attempt(walk, "no_answer")
    assert walk.open_steps == ["1"]
    attempt(walk, "no_answer")
    assert walk.open_steps == ["19"]
    row = UnservedRequest.objects.get()
    assert (row.reason, row.left_at_step) == ("no_answer", 1)


def test_how_many_attempts_is_a_policy(walk: Walk) -> None:
    policies.set("sales.max_contact_attempts", 2, by=None, reason="prueba", now=NOW)
    attempt(walk, "no_answer")
    attempt(walk, "no_answer")
    assert walk.open_steps == ["19"]


@pytest.mark.parametrize("result", ["not_interested", "false_data"])
def test_a_plain_no_sends_the_sale_to_19_at_once(walk: Walk, result: str) -> None:
    attempt(walk, result)
    assert walk.open_steps == ["19"]
    assert walk.sale.unserved_reason == result


def test_who_is_not_interested_was_visited_and_one_with_false_data_was_not(
    walk: Walk, walk_of: Callable[..., Walk]
) -> None:
    other = walk_of(phone="70000002", email="")
    attempt(walk, "not_interested")
    attempt(other, "false_data")
    assert walk.sale.visited_at is not None
    assert other.sale.visited_at is None


def test_a_sign_of_life_starts_the_count_again(walk: Walk) -> None:
    for result in ("no_answer",) * 4 + ("talked",) + ("no_answer",) * 4:
        attempt(walk, result)
    assert walk.open_steps == ["1"]


def test_taken_up_again_the_earlier_attempts_count_no_more(walk: Walk) -> None:
    for _turn in range(5):
        attempt(walk, "no_answer")
    walk.wait(hours=1).done(19, {"decision": "take_up", "note": "Pidió que lo llamen"})
    attempt(walk, "no_answer")
    assert walk.open_steps == ["1"]


def test_an_attempt_may_be_noted_wherever_the_customer_is_awaited(walk: Walk) -> None:
    walk.to(4)
    attempt(walk, "not_interested")
    assert walk.sale.left_at_step == 4


def test_no_attempt_is_noted_while_help_desk_is_asked(walk: Walk) -> None:
    walk.to(7)
    with pytest.raises(NotNow):
        attempt(walk, "no_answer")


def test_a_call_back_needs_an_hour_that_is_to_come(walk: Walk) -> None:
    for given in ({}, {"call_back_at": "2026-11-20T09:00"}):
        with pytest.raises(AnswerInvalid) as refused:
            attempt(walk, "call_back", **given)
        assert "call_back_at" in errors(refused)


def test_the_task_is_due_at_the_hour_that_was_agreed(walk: Walk) -> None:
    attempt(walk, "call_back", call_back_at="2026-11-25T16:30")
    due_at = walk.task(1).due_at
    assert due_at is not None
    assert timezone.localtime(due_at).isoformat() == "2026-11-25T16:30:00-04:00"


# ---------------------------------------------------------------- 15 days
def silence(walk: Walk) -> Timer:
    return Timer.objects.get(case=walk.case, node__startswith="NoSign_")


def test_15_days_without_a_sign_send_the_sale_to_19(walk: Walk) -> None:
    walk.to(3).wait(days=15, minutes=1)
    timers.fire_due(now=walk.now)
    assert walk.open_steps == ["19"]
    row = UnservedRequest.objects.get()
    assert (row.reason, row.left_at_step) == ("no_sign", 3)


def test_a_sign_of_life_moves_the_clock(walk: Walk) -> None:
    walk.wait(days=3)
    attempt(walk, "talked")
    assert silence(walk).due_at == walk.now + timedelta(days=15)


def test_an_agreed_call_moves_the_clock_beyond_it(walk: Walk) -> None:
    attempt(walk, "call_back", call_back_at="2026-11-30T10:00")
    assert timezone.localtime(silence(walk).due_at).isoformat() == "2026-12-15T10:00:00-04:00"


def test_no_answer_does_not_move_the_clock(walk: Walk) -> None:
    before = silence(walk).due_at
    attempt(walk.wait(days=2), "no_answer")
    assert silence(walk).due_at == before


def test_after_no_answer_the_next_try_is_due_some_office_hours_later(walk: Walk) -> None:
    attempt(walk, "no_answer")
    due_at = walk.task(1).due_at
    assert due_at is not None
    assert timezone.localtime(due_at).isoformat() == "2026-11-23T16:01:00-04:00"  # the lunch hours do not count
