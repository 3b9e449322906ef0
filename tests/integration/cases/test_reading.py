"""What the screens read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.integration.cases.conftest import Clock, done, task_at

from thaki.cases import operations, queries, runtime
from thaki.cases.models import Case
from thaki.people.models import Absence, User

pytestmark = pytest.mark.django_db


def test_my_team_may_take_what_nobody_has(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    assert [task.node for task in queries.available(ana, now=clock.now)] == ["Ask"]
    assert not queries.available(hugo, now=clock.now).exists()
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    assert [task.node for task in queries.mine(ana, now=clock.now)] == ["Ask"]
    assert not queries.available(ana, now=clock.now).exists()


def test_what_is_late_comes_first(case: Case, ana: User, clock: Clock) -> None:
    clock.wait(minutes=5)
    runtime.start("toy", {"customer": "Zoilo"}, by=None, now=clock.now)
    assert [task.case.subject for task in queries.available(ana, now=clock.now)] == ["Mónica Peñaranda", "Zoilo"]
    clock.wait(hours=1)
    found = queries.counts(ana, now=clock.now)
    assert (found.available, found.available_late, found.mine) == (2, 2, 0)


def test_a_substitute_sees_the_work_of_the_absent(
    case: Case, ana: User, person: Callable[..., User], clock: Clock
) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    eva = person("eva", "ejecutivo_ventas_digitales")
    today = clock.now.date()
    Absence.objects.create(user=ana, from_on=today, to_on=today + timedelta(days=3), substitute=eva)
    assert [task.node for task in queries.mine(eva, now=clock.now)] == ["Ask"]
    done(case, "Ask", eva, clock, wish="tv")


def test_a_supervisor_sees_who_has_what(case: Case, ana: User, rita: User, clock: Clock) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    tasks = queries.supervised(rita, now=clock.now)
    assert [task.assignee for task in tasks] == [ana]
    [row] = queries.counts_per_step(tasks, now=clock.now)
    assert (row.step, row.count, row.late) == ("1", 1, 0)


@pytest.mark.parametrize("text", ["monica", "PEÑA", "pena", "peñaranda món", "TOY-2026"])
def test_a_case_is_found_by_its_number_or_its_subject(case: Case, text: str) -> None:
    assert case in queries.search(text)


def test_a_case_is_found_by_the_parts_of_its_number(case: Case) -> None:
    _prefix, year, count = case.number.split("-")
    for text in (
        case.number,
        case.number.lower(),
        f"{year}-{int(count)}",
        f"toy {int(count)}",
        f"TOY-{year}-{count[:4]}",
    ):
        assert case in queries.search(text), text


@pytest.mark.parametrize("text", ["pana", "monika", "", "   "])
def test_what_does_not_match_is_not_found(case: Case, text: str) -> None:
    assert case not in queries.search(text)


def test_the_page_of_a_case_tells_the_steps_by_their_signed_numbers(
    case: Case, ana: User, hugo: User, clock: Clock, django_assert_max_num_queries: Any
) -> None:
    done(case, "Ask", ana, clock, wish="tv")
    done(case, "Check", hugo, clock, verdict="yes")
    clock.wait(minutes=1)
    with django_assert_max_num_queries(12):
        page = queries.case_page(case.pk, user=ana, now=clock.now)
    assert [(step.number, step.state) for step in page.steps] == [
        ("1", "done"),
        ("2", "done"),
        ("3", "current"),
        ("4", "ahead"),
        ("5", "current"),
        ("6", "ahead"),
    ]
    assert page.steps[1].by == hugo
    task = page.task()
    assert task is not None and task.node == "Order"


def test_the_diagram_shows_the_way_taken_and_the_time_spent(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    clock.wait(minutes=30)
    done(case, "Ask", ana, clock, wish="tv")
    clock.wait(minutes=10)
    done(case, "Check", hugo, clock, verdict="yes")
    case.refresh_from_db()
    state = queries.diagram_state(case, now=clock.wait(minutes=5))
    assert state.nodes["Ask"].time == timedelta(minutes=30)
    assert {"Flow_1", "Flow_2", "Flow_3", "Flow_Yes", "Flow_4", "Flow_5"} == set(state.flows)
    assert state.nodes["Verdict"].state == "done"
    assert state.nodes["Bill"].state == "current"
    assert state.nodes["Order"].time == timedelta(minutes=5)
