"""Real parallel connections: whoever comes second finds the truth, and nothing is lost or done twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests.integration.cases.conftest import Clock, done, task_at
from tests.toy import procedure as toy

from thaki.cases import effects, operations, runtime, store, timers
from thaki.cases.models import Case, Effect, HistoryEvent, Task
from thaki.people.models import User

pytestmark = pytest.mark.django_db(transaction=True)
Outcome = Any


def together(*works: Callable[[], Any]) -> list[Outcome]:
    """Run each in a thread with a connection of its own, all released at once; gives results, or what was raised."""
    outcomes: list[Outcome] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(number: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            gate.wait(10)
            outcomes[number] = work()
        except Exception as error:  # the outcome under test
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


def until_somebody_waits_for_me() -> None:
    """Until another connection asks for a lock that this one has: PostgreSQL tells, so nothing is guessed by time."""
    waited = (
        "SELECT EXISTS (SELECT FROM pg_locks l WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(l.pid)))"
    )
    deadline = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < deadline:
            cursor.execute(waited)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("nobody asked for the lock")


def completing(task: Task, by: User, clock: Clock, key: str = "", **data: Any) -> Callable[[], runtime.Delivered]:
    return lambda: operations.complete(task.pk, by=by, now=clock.now, data=data, submission_key=key)


def test_two_people_on_one_task(case: Case, person: Callable[..., User], clock: Clock) -> None:
    people = [person(f"e{n}", "ejecutivo_ventas_digitales") for n in range(4)]
    task = task_at(case, "Ask")
    outcomes = together(*(completing(task, each, clock, wish="tv") for each in people))
    moved = [each for each in outcomes if isinstance(each, runtime.Delivered)]
    late = [each for each in outcomes if isinstance(each, runtime.TaskAlreadyClosed)]
    assert (len(moved), len(late)) == (1, 3)
    task.refresh_from_db()
    assert {each.by for each in late} == {task.closed_by}
    assert Task.objects.filter(case=case, node="Check").count() == 1


def test_two_people_taking_one_task(case: Case, person: Callable[..., User], clock: Clock) -> None:
    people = [person(f"e{n}", "ejecutivo_ventas_digitales") for n in range(3)]
    task = task_at(case, "Ask")
    outcomes = together(*((lambda each=each: operations.claim(task.pk, by=each, now=clock.now)) for each in people))
    assert len([each for each in outcomes if isinstance(each, Task)]) == 1


@pytest.mark.parametrize("turn", range(5))
def test_two_branches_reaching_a_join_at_once(
    case: Case, ana: User, hugo: User, carla: User, clock: Clock, turn: int
) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="yes")
    effects.run(Effect.objects.get(kind="toy.invoice").pk, now=clock.now)
    together(completing(task_at(case, "Print"), carla, clock), completing(task_at(case, "Order"), ana, clock))
    case.refresh_from_db()
    assert (case.state, case.outcome) == ("ended", "done")
    assert HistoryEvent.objects.filter(case=case, kind="ended").count() == 1
    assert toy.Toy.objects.get(pk=case.pk).count == 1


@pytest.mark.parametrize("turn", range(5))
def test_a_timer_against_a_person(case: Case, ana: User, clock: Clock, turn: int) -> None:
    task = task_at(case, "Ask")
    clock.wait(days=15)
    fired, answered = together(lambda: timers.fire_due(now=clock.now), completing(task, ana, clock, wish="tv"))
    if isinstance(answered, runtime.TaskAlreadyClosed):
        assert task_at(case, "Review").is_open
    else:
        assert isinstance(answered, runtime.Delivered), answered
        if fired == 0:
            timers.fire_due(now=clock.now)
        assert [each.node for each in Task.objects.filter(case=case, state="open")] == ["Check"]
    assert Task.objects.filter(case=case, state="open").count() == 1


def test_a_form_posted_twice_at_once(case: Case, ana: User, clock: Clock) -> None:
    task = task_at(case, "Ask")
    outcomes = together(*(completing(task, ana, clock, key="same", wish="tv") for _ in range(4)))
    assert all(isinstance(each, runtime.Delivered) for each in outcomes), outcomes
    assert sorted(each.repeated for each in outcomes) == [False, True, True, True]
    assert {each.opened for each in outcomes} == {outcomes[0].opened}
    assert HistoryEvent.objects.filter(case=case, kind="completed").count() == 1


def test_a_public_form_posted_twice_at_once(clock: Clock) -> None:
    outcomes = together(
        *(
            lambda: runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now, submission_key="web-1")
            for _ in range(4)
        )
    )
    assert all(isinstance(each, Case) for each in outcomes), outcomes
    assert len({each.pk for each in outcomes}) == 1
    assert Case.objects.count() == 1


def test_cases_opened_at_once_have_numbers_of_their_own(clock: Clock) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SEQUENCE IF EXISTS cases_number_toy_2026")  # as on the first day of a year
    outcomes = together(*(lambda: runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now) for _ in range(6)))
    assert sorted(each.number for each in outcomes) == [f"TOY-2026-{n:06d}" for n in range(1, 7)]


def test_many_workers_fire_each_timer_once(clock: Clock) -> None:
    cases = [runtime.start("toy", {"customer": f"C{n}"}, by=None, now=clock.now) for n in range(8)]
    clock.wait(days=15)
    fired = together(*(lambda: timers.fire_due(now=clock.now) for _ in range(4)))
    assert sum(fired) + timers.fire_due(now=clock.now) == len(cases)
    assert HistoryEvent.objects.filter(kind="timer_fired").count() == len(cases)


def test_an_effect_taken_up_by_two_workers_moves_the_case_once(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="yes")
    effect = Effect.objects.get(kind="toy.invoice")
    together(*(lambda: effects.run(effect.pk, now=clock.now) for _ in range(3)))
    assert Task.objects.filter(case=case, node="Print").count() == 1
    assert HistoryEvent.objects.filter(case=case, node="Bill").count() == 1


def test_a_deadlock_is_repeated(case: Case, ana: User, clock: Clock) -> None:
    """Two cases locked the wrong way round by somebody else: the move that PostgreSQL breaks off is done again."""
    other = runtime.start("toy", {"customer": "Otra"}, by=None, now=clock.now)
    holding = threading.Event()

    def wrong_way_round() -> None:
        with transaction.atomic():
            store.lock_and_read(other.pk)
            holding.set()
            until_somebody_waits_for_me()
            toy.Toy.objects.select_for_update().get(pk=case.pk)

    def step() -> runtime.Delivered:
        holding.wait(5)
        with_other = {"wish": f"otra:{other.pk}"}
        return operations.complete(task_at(case, "Ask").pk, by=ana, now=clock.now, data=with_other)

    _first, moved = together(wrong_way_round, step)
    assert isinstance(moved, runtime.Delivered), moved
    assert HistoryEvent.objects.filter(case=case, kind="completed").count() == 1


WORKER = """
import os, signal, sys
import django
django.setup()
from tests.toy import procedure as toy
toy.register()
from thaki.cases import effects, registry
from django.utils import timezone
def half_way(effect):
    print("handed over", flush=True)
    signal.pause()
registry.register_effect_handler("toy.invoice", half_way)
effects.run(int(sys.argv[1]), now=timezone.now())
"""


def test_a_worker_killed_in_the_middle_leaves_the_case_able_to_go_on(
    case: Case, ana: User, hugo: User, carla: User, clock: Clock
) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="yes")
    effect = Effect.objects.get(kind="toy.invoice")
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@/{settings['NAME']}?host={settings['HOST']}"
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(effect.pk)],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "handed over\n"
    done(case, "Order", ana, clock)  # the case is not held up meanwhile
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    effect.refresh_from_db()
    assert effect.state == "pending"
    effects.run(effect.pk, now=timezone.now())  # what the rescue does: the job is taken up again
    done(case, "Print", carla, clock)
    case.refresh_from_db()
    assert case.outcome == "done"
