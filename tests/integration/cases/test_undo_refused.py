"""A completed step is not taken back, with the reason; what the pages ask; and what holds the remembering together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection
from tests.integration.cases.conftest import Clock, done, task_at
from tests.integration.cases.test_undo import image, undo

from thaki.cases import operations, permissions, queries, remembering, runtime, timers, undoing
from thaki.cases.models import Case, Remembered, Task
from thaki.cases.undoing import CannotUndo
from thaki.people import policies
from thaki.people.models import User

pytestmark = pytest.mark.django_db


def refused(case: Case, moved: runtime.Delivered, by: User, clock: Clock) -> str:
    """The reason; everything stays."""
    before = image(case), case.history.count()
    with pytest.raises(CannotUndo) as refusal:
        undo(case, moved, by, clock)
    assert (image(case), case.history.count()) == before
    return str(refusal.value)


def test_only_who_did_it(case: Case, ana: User, rita: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    with pytest.raises(permissions.NotAllowed):
        undo(case, moved, rita, clock)


def test_not_after_two_minutes(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    clock.wait(seconds=120)
    assert "pasó el tiempo" in refused(case, moved, ana, clock)


def test_the_time_is_a_policy(case: Case, ana: User, clock: Clock) -> None:
    policies.set(undoing.SECONDS, 30, by=ana, reason="menos tiempo", now=clock.now)
    moved = done(case, "Ask", ana, clock, wish="tv")
    clock.wait(seconds=30)
    assert "pasó el tiempo" in refused(case, moved, ana, clock)


def test_not_once_somebody_went_on(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="no")
    assert "Hugo" in refused(case, moved, ana, clock)


def test_not_once_somebody_took_what_followed(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    operations.claim(task_at(case, "Check").pk, by=hugo, now=clock.now)
    assert "Hugo" in refused(case, moved, ana, clock)


def test_not_once_somebody_writes_in_what_followed(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    operations.save_draft(task_at(case, "Check").pk, {"verdict": ["yes"]}, by=hugo, now=clock.now)
    assert "Hugo ya está trabajando" in refused(case, moved, ana, clock)


def test_not_after_a_clock_rang(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    Task.objects.filter(case=case, node="Check").update(due_at=clock.now)
    assert timers.escalate_overdue(now=clock.wait(seconds=30)) == 1
    assert "el sistema" in refused(case, moved, ana, clock)


# ---------------------------------------------------------------------- what the pages ask, and what holds it together
def test_the_page_knows_what_i_may_undo_and_until_when(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    events = list(queries.history(case))
    found = undoing.undoable(events, ana, clock.now)
    assert found is not None
    assert (found.seq, found.until) == (moved.seq, clock.now + undoing.window())
    assert undoing.undoable(events, hugo, clock.now) is None
    assert undoing.undoable(events, ana, clock.wait(minutes=2)) is None


def test_every_table_that_a_step_may_change_is_watched(person: Callable[..., User]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s", [remembering.TRIGGER])
        watched = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in remembering.watched()} | {remembering.JOBS} == watched
    assert {"sales_sale", "orders_productorder", "cases_task", "cases_timer", "billing_payment"} <= watched


def test_what_is_not_watched_is_said_by_name() -> None:
    labels = {model._meta.label for model in apps.get_models()}
    assert labels >= remembering.UNWATCHED - {"bss.BssCall"}


def test_nothing_is_remembered_of_what_the_system_does(case: Case, clock: Clock) -> None:
    timers.fire_due(now=clock.wait(days=15))
    operations.complete(task_at(case, "Review").pk, by=None, now=clock.now, data={})
    assert not Remembered.objects.exists()


def test_what_is_too_old_is_swept(case: Case, ana: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    remembering.sweep()
    assert Remembered.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_remembered SET at = at - interval '2 hours'")
    remembering.sweep()
    assert not Remembered.objects.exists()
