"""Timers, what gets late, pauses and the business calendar."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.integration.cases.conftest import Clock, done, task_at
from tests.toy import procedure as toy

from thaki.cases import operations, permissions, policies, queries, runtime, timers
from thaki.cases.models import Case, HistoryEvent, Incident, Task, Timer
from thaki.people.models import User

pytestmark = pytest.mark.django_db


def test_a_timer_fires_when_it_is_due_and_not_before(case: Case, clock: Clock) -> None:
    assert timers.fire_due(now=clock.wait(days=14)) == 0
    assert timers.fire_due(now=clock.wait(days=1)) == 1
    assert task_at(case, "Review").step == "6"
    assert HistoryEvent.objects.get(case=case, kind="timer_fired").node == "NoSign"
    assert timers.fire_due(now=clock.now) == 0


def test_a_person_who_was_in_time_stops_it(case: Case, ana: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    assert timers.fire_due(now=clock.wait(days=30)) == 0


def test_one_that_fails_is_counted_and_then_an_incident(
    case: Case, rita: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("roto")

    clock.wait(days=15)
    with monkeypatch.context() as patch:
        patch.setattr(runtime, "deliver", broken)
        for _ in range(timers.MAX_FAILURES):
            assert timers.fire_due(now=clock.now) == 0
    incident = Incident.objects.get(case=case)
    assert (incident.kind, incident.node) == ("timer", "NoSign")
    assert timers.fire_due(now=clock.now) == 0  # it is held
    Timer.objects.update(is_stuck=False)
    assert timers.fire_due(now=clock.now) == 1


def test_late_work_is_told_to_the_supervisor_once(case: Case, rita: User, clock: Clock) -> None:
    assert timers.escalate_overdue(now=clock.wait(minutes=10)) == 0
    assert timers.escalate_overdue(now=clock.wait(minutes=10)) == 1
    assert timers.escalate_overdue(now=clock.now) == 0
    assert HistoryEvent.objects.get(case=case, kind="escalated").node == "Ask"
    [task] = queries.supervised(rita, now=clock.now, filters=queries.Filters(escalated=True))
    assert task.case == case


def test_first_contact_counts_office_minutes(db: None, clock: Clock) -> None:
    clock.now = clock.now.replace(hour=22, minute=25)  # Monday 18:25
    case = runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now)
    due = task_at(case, "Ask").due_at
    assert due is not None and due.isoformat().startswith("2026-11-24T12:40")  # Tuesday 08:40


def test_a_suspended_case_stands_still_and_its_clocks_go_on_later(
    case: Case, ana: User, rita: User, clock: Clock
) -> None:
    before = Timer.objects.get(case=case).due_at
    operations.suspend(case.pk, reason="De viaje", by=rita, now=clock.wait(days=1))
    assert not queries.available(ana, now=clock.now).exists()
    with pytest.raises(runtime.CaseNotOpen, match="pausa"):
        done(case, "Ask", ana, clock, wish="tv")
    assert timers.fire_due(now=clock.wait(days=40)) == 0
    operations.resume(case.pk, by=rita, now=clock.now)
    assert Timer.objects.get(case=case).due_at == before + timedelta(days=40)
    done(case, "Ask", ana, clock, wish="tv")


def test_only_a_supervisor_suspends_and_only_what_moves(case: Case, ana: User, rita: User, clock: Clock) -> None:
    with pytest.raises(permissions.NotAllowed):
        operations.suspend(case.pk, reason="x", by=ana, now=clock.now)
    with pytest.raises(policies.NotNow, match="motivo"):
        operations.suspend(case.pk, reason=" ", by=rita, now=clock.now)
    with pytest.raises(policies.NotNow, match="pausa"):
        operations.resume(case.pk, by=rita, now=clock.now)


def test_a_clock_can_be_put_to_another_hour(case: Case, rita: User, clock: Clock) -> None:
    later = clock.now + timedelta(days=40)
    operations.extend_timer(case.pk, "NoSign", later, by=rita, now=clock.now)
    assert timers.fire_due(now=clock.wait(days=39)) == 0
    with pytest.raises(policies.NotNow):
        operations.extend_timer(case.pk, "Nowhere", later, by=rita, now=clock.now)


def test_a_procedure_that_the_calendar_opens_opens_once(
    db: None, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert toy.TOY.scheduled is None
    assert timers.start_scheduled(now=clock.now) == []
    assert not Task.objects.exists()
