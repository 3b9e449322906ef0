"""A completed step is taken back: everything as it was, or nothing at all, with the reason."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from tests.integration.cases.conftest import Clock, done, task_at
from tests.integration.cases.test_at_the_same_time import together
from tests.toy.models import Toy

from thaki.cases import effects, operations, rules, runtime, timers, undoing
from thaki.cases.models import Case, Draft, Effect, HistoryEvent, Remembered, Task, Timer, Wait
from thaki.cases.undoing import CannotUndo
from thaki.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)
COUNTERS = ("last_seq", "version_counter", "last_event_at", "marking")


def image(case: Case) -> dict[str, Any]:
    """All that a step may change, but for the counters that only go on."""
    row = Case.objects.filter(pk=case.pk).values().get()
    tasks = Task.objects.filter(case=case).exclude(close_reason="undone").order_by("token")
    return {
        "case": {name: value for name, value in row.items() if name not in COUNTERS},
        "tokens": {name: value for name, value in row["marking"].items() if name != "n"},
        "record": Toy.objects.filter(pk=case.pk).values().get(),
        "tasks": list(tasks.values()),
        "timers": list(Timer.objects.filter(case=case).order_by("token").values()),
        "waits": list(Wait.objects.filter(case=case).order_by("token").values()),
        "effects": list(Effect.objects.filter(case=case).order_by("pk").values()),
    }


def jobs() -> int:
    """How many jobs wait for the worker."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND task_name = 'cases.run_effects'"
        )
        return int(cursor.fetchone()[0])


def undo(case: Case, moved: runtime.Delivered, by: User, clock: Clock) -> undoing.Undone:
    return undoing.undo(case.pk, moved.seq, by=by, now=clock.now)


def test_everything_is_as_it_was_before(case: Case, ana: User, clock: Clock) -> None:
    before = image(case)
    moved = done(case, "Ask", ana, clock, wish="tv")
    undone = undo(case, moved, ana, clock)
    assert image(case) == before
    assert undone.task_id == task_at(case, "Ask").pk
    assert not Remembered.objects.exists()


def test_the_history_only_grows_and_says_both(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    undo(case, moved, ana, clock)
    kinds = list(HistoryEvent.objects.filter(case=case).values_list("kind", flat=True))
    assert kinds == ["started", "completed", "undone"]
    assert [each.kind for each in rules.standing(HistoryEvent.objects.filter(case=case))] == ["started"]


def test_the_step_is_done_again_and_the_case_goes_on(
    case: Case, ana: User, hugo: User, carla: User, clock: Clock
) -> None:
    undo(case, done(case, "Ask", ana, clock, wish="tv"), ana, clock)
    done(case, "Ask", ana, clock, wish="internet")
    done(case, "Check", hugo, clock, verdict="yes")
    effects.run(Effect.objects.get(kind="toy.invoice").pk, now=clock.now)
    done(case, "Print", carla, clock)
    done(case, "Order", ana, clock)
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "done")
    assert Toy.objects.get(pk=case.pk).wish == "internet"


def test_what_was_to_leave_does_not(case: Case, ana: User, clock: Clock) -> None:
    before = jobs()
    moved = done(case, "Ask", ana, clock, wish="tv")
    assert jobs() == before + 1
    undo(case, moved, ana, clock)
    assert jobs() == before
    assert not Effect.objects.filter(case=case).exists()


def test_a_case_that_had_ended_is_open_again(case: Case, ana: User, hugo: User, carla: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="yes")
    effects.run(Effect.objects.get(kind="toy.invoice").pk, now=clock.now)
    done(case, "Print", carla, clock)
    before = image(case)
    moved = done(case, "Order", ana, clock)
    assert moved.ended
    undo(case, moved, ana, clock)
    assert image(case) == before


def test_what_was_typed_is_found_again_in_the_form(case: Case, ana: User, clock: Clock) -> None:
    undo(case, done(case, "Ask", ana, clock, wish="tv"), ana, clock)
    assert Draft.objects.get(task=task_at(case, "Ask"), user=ana).data == {"wish": ["tv"]}


def test_the_clocks_of_the_step_run_again(case: Case, ana: User, clock: Clock) -> None:
    undo(case, done(case, "Ask", ana, clock, wish="tv"), ana, clock)
    assert timers.fire_due(now=clock.wait(days=15)) == 1
    assert task_at(case, "Review").is_open


# ---------------------------------------------------------------------- refused, and nothing changed
def refused(case: Case, moved: runtime.Delivered, by: User, clock: Clock) -> str:
    """The reason; everything stays."""
    before = image(case), case.history.count()
    with pytest.raises(CannotUndo) as refusal:
        undo(case, moved, by, clock)
    assert (image(case), case.history.count()) == before
    return str(refusal.value)


def test_not_once_an_effect_has_left(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    effects.run(Effect.objects.get(kind="toy.mail").pk, now=clock.now)
    assert "ya salió" in refused(case, moved, ana, clock)


def test_not_while_a_worker_has_the_job(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'cases.run_effects'")
    assert "ya salió" in refused(case, moved, ana, clock)


def test_not_once_somebody_changed_the_record(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    Toy.objects.filter(pk=case.pk).update(customer="Otro nombre")
    assert "ya cambió datos" in refused(case, moved, ana, clock)


def test_not_twice(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    undo(case, moved, ana, clock)
    assert "ya no se puede" in refused(case, moved, ana, clock)


def test_a_step_that_was_done_before_the_last_one_stays(case: Case, ana: User, clock: Clock) -> None:
    first = done(case, "Ask", ana, clock, wish="tv")
    undo(case, first, ana, clock)
    done(case, "Ask", ana, clock, wish="internet")
    assert "ya no se puede" in refused(case, first, ana, clock)


# ---------------------------------------------------------------------- with parallel connections
@pytest.mark.parametrize("turn", range(3))
def test_against_the_next_person_one_of_the_two_is_told(
    case: Case, ana: User, hugo: User, clock: Clock, turn: int
) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    check = task_at(case, "Check")
    undone, went_on = together(
        lambda: undo(case, moved, ana, clock),
        lambda: operations.complete(check.pk, by=hugo, now=clock.now, data={"verdict": "no"}),
    )
    if isinstance(undone, undoing.Undone):
        assert isinstance(went_on, runtime.TaskAlreadyClosed), went_on
        assert "Ana" in str(went_on)
        assert task_at(case, "Ask").is_open
    else:
        assert isinstance(undone, CannotUndo), undone
        assert isinstance(went_on, runtime.Delivered), went_on


def test_pressed_twice_at_once_it_undoes_once(case: Case, ana: User, clock: Clock) -> None:
    moved = done(case, "Ask", ana, clock, wish="tv")
    outcomes = together(*(lambda: undo(case, moved, ana, clock) for _ in range(3)))
    assert sorted(type(each).__name__ for each in outcomes) == ["CannotUndo", "CannotUndo", "Undone"]
    assert HistoryEvent.objects.filter(case=case, kind="undone").count() == 1


def test_against_a_worker_either_it_left_or_it_was_undone(case: Case, ana: User, clock: Clock) -> None:
    """The worker fetches a job as procrastinate does: it locks the row and marks it."""
    moved = done(case, "Ask", ana, clock, wish="tv")
    taken, tried = threading.Event(), threading.Event()

    def fetch() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'cases.run_effects'")
            taken.set()
            tried.wait(0.3)

    def late() -> undoing.Undone:
        taken.wait(5)
        return undo(case, moved, ana, clock)

    _fetched, outcome = together(fetch, late)
    assert isinstance(outcome, CannotUndo), outcome
