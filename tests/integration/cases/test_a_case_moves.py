"""A case goes from step to step."""

from __future__ import annotations

from typing import Any

import pytest
from tests.integration.cases.conftest import Clock, done, task_at
from tests.toy.models import Toy

from thaki.cases import effects, operations, runtime
from thaki.cases.models import Case, Effect, HistoryEvent, Timer, Wait, WaitingJob
from thaki.people.models import User

pytestmark = pytest.mark.django_db


def kinds(case: Case) -> list[tuple[str, str]]:
    return [(event.kind, event.node) for event in HistoryEvent.objects.filter(case=case).order_by("seq")]


def test_it_opens_its_first_task_with_its_clock_and_its_messages(case: Case, clock: Clock) -> None:
    task = task_at(case, "Ask")
    assert case.number == "TOY-2026-000001" or case.number.startswith("TOY-2026-")
    assert (task.role, task.step) == ("ejecutivo_ventas_digitales", "1")
    assert task.due_at is not None and (task.due_at - clock.now).total_seconds() == 15 * 60
    assert Timer.objects.get(case=case).node == "NoSign"
    assert Wait.objects.get(case=case).message == "lost"
    assert case.subject == "Mónica Peñaranda"


def test_a_completed_step_closes_its_task_and_all_that_hung_on_it(case: Case, ana: User, clock: Clock) -> None:
    delivered = done(case, "Ask", ana, clock, wish="internet")
    assert [opened.node for opened in delivered.opened] == ["Check"]
    assert not Timer.objects.filter(case=case).exists()
    assert not Wait.objects.filter(case=case).exists()
    assert Toy.objects.get(pk=case.pk).wish == "internet"
    case.refresh_from_db()
    assert case.owner == ana
    assert kinds(case) == [("started", ""), ("completed", "Ask")]


def test_the_whole_way(case: Case, ana: User, hugo: User, carla: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="internet")
    delivered = done(case, "Check", hugo, clock, verdict="yes")
    assert [opened.node for opened in delivered.opened] == ["Order"]  # Bill waits for its effect
    assert WaitingJob.objects.get(case=case).node == "Bill"
    assert task_at(case, "Order").assignee == ana  # who leads the case
    effects.run(Effect.objects.get(kind="toy.invoice").pk, now=clock.now)
    assert Toy.objects.get(pk=case.pk).invoice.startswith("F-")
    done(case, "Print", carla, clock)
    ended = done(case, "Order", ana, clock)
    assert ended.ended and ended.outcome == "done"
    case.refresh_from_db()
    assert (case.state, case.outcome, case.ended_at) == ("ended", "done", clock.now)
    assert kinds(case)[2:] == [
        ("completed", "Check"),
        ("passed", "Bill"),
        ("completed", "Print"),
        ("completed", "Order"),
        ("passed", "Count"),
        ("ended", "End_Done"),
    ]
    assert Toy.objects.get(pk=case.pk).count == 1
    bill = HistoryEvent.objects.get(case=case, node="Bill")
    assert bill.by == hugo  # R-A12: borne by who completed the step before it


def test_the_other_way(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="internet")
    delivered = done(case, "Check", hugo, clock, verdict="no")
    assert delivered.outcome == "no_capacity"


def test_an_answer_that_the_form_refuses_changes_nothing(case: Case, ana: User, clock: Clock) -> None:
    with pytest.raises(runtime.AnswerInvalid) as refused:
        done(case, "Ask", ana, clock, wish="")
    assert "wish" in refused.value.form.errors
    assert task_at(case, "Ask").is_open
    assert kinds(case) == [("started", "")]


def test_an_answer_that_the_step_refuses_keeps_what_was_typed(case: Case, ana: User, clock: Clock) -> None:
    with pytest.raises(runtime.AnswerInvalid) as refused:
        done(case, "Ask", ana, clock, wish="la luna")
    form: Any = refused.value.form
    assert form.errors["wish"] == ["Eso no se vende."]
    assert form["wish"].value() == "la luna"


def test_a_second_finisher_is_told_who_was_first(case: Case, ana: User, rita: User, clock: Clock) -> None:
    task = task_at(case, "Ask")
    done(case, "Ask", ana, clock, wish="internet")
    with pytest.raises(runtime.TaskAlreadyClosed) as late:
        operations.complete(task.pk, by=rita, now=clock.now, data={"wish": "tv"})
    assert late.value.by == ana
    assert "Ana" in str(late.value) and "23/11/2026 10:00" in str(late.value)


def test_the_same_form_twice_moves_the_case_once(case: Case, ana: User, clock: Clock) -> None:
    task = task_at(case, "Ask")
    answer: dict[str, Any] = {"by": ana, "now": clock.now, "data": {"wish": "tv"}, "submission_key": "k1"}
    first = operations.complete(task.pk, **answer)
    again = operations.complete(task.pk, **answer)
    assert again.repeated and not first.repeated
    assert again.opened == first.opened and again.seq == first.seq
    assert len(kinds(case)) == 2


def test_the_same_start_twice_opens_one_case(db: None, clock: Clock) -> None:
    first = runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now, submission_key="s1")
    assert runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now, submission_key="s1") == first


def test_time_never_goes_back_in_a_case(case: Case, ana: User, clock: Clock) -> None:
    clock.wait(hours=-2)
    done(case, "Ask", ana, clock, wish="tv")
    events = list(HistoryEvent.objects.filter(case=case).order_by("seq"))
    assert events[0].at <= events[1].at


def test_a_message_takes_the_case_another_way(case: Case, clock: Clock) -> None:
    operations.offer_message(case.pk, "lost", {"why": "no_answer"}, by=None, now=clock.now)
    assert task_at(case, "Review").role == "responsable_canales_digitales"
    event = HistoryEvent.objects.get(case=case, kind="message")
    assert event.data["notes"] == {"why": "no_answer", "message": "lost"}
    assert event.data["withdrawn"][0][1] == "Ask"


def test_a_message_that_is_not_awaited_is_refused(case: Case, ana: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    with pytest.raises(runtime.NotAwaited):
        operations.offer_message(case.pk, "lost", by=None, now=clock.now)


def test_a_step_sent_back_is_done_again(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    operations.send_back(task_at(case, "Check").pk, "Ask", "Falta la zona", by=hugo, now=clock.now)
    again = task_at(case, "Ask")
    assert again.assignee == ana
    event = HistoryEvent.objects.get(case=case, kind="sent_back")
    assert event.data["notes"] == {"to": "Ask"}
    assert case.remarks.get().text == "Falta la zona"


def test_a_cancelled_case_waits_for_nothing(case: Case, rita: User, clock: Clock) -> None:
    operations.cancel_case(case.pk, reason="Prueba", by=rita, now=clock.now)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("cancelled", "cancelled")
    assert not case.tasks.filter(state="open").exists()
    assert not Timer.objects.filter(case=case).exists()
