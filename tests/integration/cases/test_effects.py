"""Outside effects: once, later, and what people do when they fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.integration.cases.conftest import Clock, done, task_at
from tests.toy import procedure as toy

from thaki.cases import effects, incidents, operations, permissions, queries
from thaki.cases.models import Case, Effect, HistoryEvent, Incident, WaitingJob
from thaki.cases.registry import EffectError
from thaki.engine.advance import NotApplicable
from thaki.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def billing(case: Case, ana: User, hugo: User, clock: Clock) -> Effect:
    """The invoice that a case waits for."""
    done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="yes")
    return Effect.objects.get(case=case, kind="toy.invoice")


def fail_for_good(effect: Effect, clock: Clock) -> Incident:
    toy.TROUBLE.append(EffectError("no existe", retry=False))
    assert effects.run(effect.pk, now=clock.now) is None
    return Incident.objects.get(effect=effect)


def test_one_job_is_deferred_in_the_same_transaction(case: Case, ana: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    job = ProcrastinateJob.objects.get()
    assert (job.task_name, job.queue_name) == ("cases.run_effects", "cases")
    assert job.args == {"effect_ids": [Effect.objects.get().pk]}


def test_the_case_goes_on_when_what_it_waits_for_is_done(billing: Effect, clock: Clock) -> None:
    assert WaitingJob.objects.filter(case=billing.case).exists()
    effects.run(billing.pk, now=clock.now)
    assert not WaitingJob.objects.filter(case=billing.case).exists()
    assert task_at(billing.case, "Print").is_open


def test_done_twice_is_done_once(billing: Effect, clock: Clock) -> None:
    effects.run(billing.pk, now=clock.now)
    effects.run(billing.pk, now=clock.now)
    assert [billing.key] == toy.HANDED_OUT
    assert not effects.settle(billing.pk, Effect.State.DONE, {}, now=clock.now)


def test_the_same_key_is_the_same_effect(billing: Effect, hugo: User, ana: User, clock: Clock) -> None:
    """A step that is done again asks for the same thing: it is not sent twice."""
    case = billing.case
    assert Effect.objects.filter(case=case, kind="toy.mail").count() == 1


def test_a_passing_trouble_is_tried_again_later_and_later(billing: Effect, clock: Clock) -> None:
    for wait in effects.RETRY_AFTER:
        toy.TROUBLE.append(EffectError("sin conexión", retry=True))
        assert effects.run(billing.pk, now=clock.now) == clock.now + wait
    toy.TROUBLE.append(EffectError("sin conexión", retry=True))
    assert effects.run(billing.pk, now=clock.now) is None
    assert Incident.objects.get(effect=billing).error == "sin conexión"


def test_an_unexpected_error_is_tried_again_too(billing: Effect, clock: Clock) -> None:
    toy.TROUBLE.append(ZeroDivisionError())
    assert effects.run(billing.pk, now=clock.now) is not None
    billing.refresh_from_db()
    assert billing.error.startswith("ZeroDivisionError")


def test_a_lasting_one_opens_an_incident_at_once(billing: Effect, clock: Clock, rita: User) -> None:
    incident = fail_for_good(billing, clock)
    assert (incident.role, incident.node) == ("encargado_cobranzas", "Bill")
    assert list(queries.incidents_for(rita)) == [incident]
    assert HistoryEvent.objects.filter(case=billing.case, kind="incident").exists()


def test_an_incident_is_retried(billing: Effect, clock: Clock, rita: User) -> None:
    incident = fail_for_good(billing, clock)
    incidents.retry(incident.pk, by=rita, now=clock.now)
    effects.run(billing.pk, now=clock.now)
    assert task_at(billing.case, "Print").is_open
    assert not queries.incidents().exists()


def test_an_incident_is_corrected(billing: Effect, clock: Clock, rita: User) -> None:
    incident = fail_for_good(billing, clock)
    incidents.correct(incident.pk, {"amount": "90.00", "strange": 1}, by=rita, now=clock.now)
    billing.refresh_from_db()
    assert billing.payload == {"amount": "90.00"}
    assert billing.state == "pending"


def test_an_incident_is_skipped_with_a_reason(billing: Effect, clock: Clock, rita: User) -> None:
    incident = fail_for_good(billing, clock)
    incidents.skip(incident.pk, by=rita, now=clock.now, reason="Se facturó a mano")
    assert task_at(billing.case, "Print").is_open
    incident.refresh_from_db()
    assert (incident.resolution, incident.reason, incident.resolved_by) == ("skipped", "Se facturó a mano", rita)


def test_two_people_do_not_mend_it_twice(billing: Effect, clock: Clock, rita: User) -> None:
    incident = fail_for_good(billing, clock)
    incidents.retry(incident.pk, by=rita, now=clock.now)
    with pytest.raises(incidents.IncidentAlreadyResolved, match="Rita"):
        incidents.skip(incident.pk, by=rita, now=clock.now, reason="x")


def test_it_is_not_mended_by_just_anybody(billing: Effect, clock: Clock, ana: User) -> None:
    with pytest.raises(permissions.NotAllowed):
        incidents.retry(fail_for_good(billing, clock).pk, by=ana, now=clock.now)


def test_a_suspended_case_goes_on_from_it_when_it_is_resumed(billing: Effect, clock: Clock, rita: User) -> None:
    operations.suspend(billing.case.pk, reason="Pausa", by=rita, now=clock.now)
    effects.run(billing.pk, now=clock.now)
    assert WaitingJob.objects.filter(case=billing.case).exists()
    operations.resume(billing.case.pk, by=rita, now=clock.wait(hours=1))
    assert task_at(billing.case, "Print").is_open


def test_effects_whose_job_was_lost_are_deferred_anew(billing: Effect, clock: Clock) -> None:
    ProcrastinateJob.objects.all().delete()
    assert effects.requeue_lost(now=clock.wait(minutes=5)) == 0
    assert effects.requeue_lost(now=clock.wait(minutes=15)) == 2  # the mail of step 1 and the invoice
    assert effects.requeue_lost(now=clock.now + timedelta(minutes=1)) == 0


def test_what_fails_after_an_effect_is_counted_and_ends_as_an_incident(
    billing: Effect, clock: Clock, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise NotApplicable("no_such_token", token="9")

    with monkeypatch.context() as patch:
        patch.setattr(effects, "settle_ready_jobs", broken)
        while (again_at := effects.run(billing.pk, now=clock.now)) is not None:
            clock.now = again_at
    incident = Incident.objects.get(effect=billing)
    assert "NotApplicable" in incident.error
    incidents.retry(incident.pk, by=rita, now=clock.now)
    effects.run(billing.pk, now=clock.now)
    assert task_at(billing.case, "Print").is_open


def test_an_error_that_the_procedure_does_not_catch_is_an_incident(
    billing: Effect, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("the way of the error is broken too")

    monkeypatch.setattr(effects.runtime, "deliver", broken)
    assert fail_for_good(billing, clock).error == "no existe"
