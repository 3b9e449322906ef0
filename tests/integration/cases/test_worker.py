"""The worker's side, with procrastinate's own worker on real transactions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.cases.conftest import Clock, done, task_at
from tests.toy import procedure as toy

from thaki.cases import jobs, runtime
from thaki.cases.models import Case, Effect, HistoryEvent, Incident, Timer
from thaki.cases.registry import EffectError
from thaki.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)
Work = Callable[[], None]


@pytest.fixture(autouse=True)
def empty_queue(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Procrastinate's tables are not Django's to empty; and the worker's threads keep no connections."""
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")


def statuses(name: str) -> list[str]:
    """How the jobs of a task stand; the worker adds its periodic ones."""
    return list(ProcrastinateJob.objects.filter(task_name=name).values_list("status", flat=True))


@pytest.fixture
def work() -> Work:
    """Do what is in the queue."""

    def run() -> None:
        with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]  # Django's has it
            app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, queues=["cases"])

    return run


@pytest.fixture
def asked(case: Case, ana: User, clock: Clock) -> Case:
    """A case with a mail in the queue."""
    done(case, "Ask", ana, clock, wish="tv")
    return case


def test_what_a_move_asked_for_is_done(asked: Case, work: Work) -> None:
    work()
    assert Effect.objects.get(case=asked).state == "done"
    assert statuses("cases.run_effects") == ["succeeded"]


def test_a_move_that_is_rolled_back_leaves_no_job(case: Case, hugo: User, clock: Clock) -> None:
    with pytest.raises(runtime.AnswerInvalid):
        done(
            case, "Ask", hugo.__class__.objects.create_user("eva", roles=["ejecutivo_ventas_digitales"]), clock, wish=""
        )
    assert not ProcrastinateJob.objects.exists()


def test_what_fails_comes_again_later(asked: Case, work: Work) -> None:
    toy.TROUBLE.append(EffectError("sin conexión", retry=True))
    work()
    again = ProcrastinateJob.objects.get(status="todo", task_name="cases.run_effects")
    assert again.scheduled_at is not None and again.scheduled_at > timezone.now()
    assert again.args == {"effect_ids": [Effect.objects.get(case=asked).pk]}


def test_what_gives_up_is_for_people(asked: Case, work: Work) -> None:
    toy.TROUBLE.append(EffectError("no existe", retry=False))
    work()
    assert Incident.objects.get(case=asked).error == "no existe"
    assert statuses("cases.run_effects") == ["succeeded"]  # the job did its part


def test_the_job_of_a_dead_worker_is_taken_up_again(asked: Case, work: Work) -> None:
    job = ProcrastinateJob.objects.get()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '10 minutes') RETURNING id"
        )
        [dead] = cursor.fetchone()
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s", [dead, job.pk])
    work()
    assert Effect.objects.get(case=asked).state == "pending"
    app.configure_task("cases.rescue").defer(timestamp=0)
    work()
    work()
    assert Effect.objects.get(case=asked).state == "done"


def test_a_message_goes_from_one_case_to_another(case: Case, clock: Clock, work: Work) -> None:
    jobs.offer_message.defer(case_id=case.pk, message="lost", payload={"why": "merged"})
    work()
    assert task_at(case, "Review").is_open


def test_one_that_is_not_awaited_is_noted_there(asked: Case, work: Work) -> None:
    jobs.offer_message.defer(case_id=asked.pk, message="lost", payload={})
    work()
    assert HistoryEvent.objects.get(case=asked, kind="noted").data == {"notes": {"message_not_awaited": "lost"}}


def test_one_that_breaks_the_other_case_s_rules_is_an_incident_there(
    case: Case, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_arguments: Any, **_more: Any) -> None:
        raise RuntimeError("roto")

    monkeypatch.setattr(runtime, "offer", broken)
    jobs.offer_message.defer(case_id=case.pk, message="lost", payload={})
    work()
    incident = Incident.objects.get(case=case)
    assert (incident.kind, incident.data["message"]) == ("message", "lost")


def test_the_clocks_are_looked_after(case: Case, work: Work) -> None:
    Timer.objects.filter(case=case).update(
        armed_at=timezone.now() - timedelta(days=20), due_at=timezone.now() - timedelta(days=1)
    )
    app.configure_task("cases.fire_timers").defer(timestamp=0)
    app.configure_task("cases.look_after").defer(timestamp=0)
    work()
    assert "succeeded" in statuses("cases.fire_timers") and "succeeded" in statuses("cases.look_after")
    assert task_at(case, "Review").is_open
