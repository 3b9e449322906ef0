"""The heat map counts what happened: past days once, today when asked, and agrees with each case's own diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.integration.cases.conftest import Clock, done

from thaki.cases import effects, queries, rollups, runtime, versions
from thaki.cases.models import Case, Effect, HistoryEvent, RolledDay, Rollup
from thaki.cases.rules import quantile
from thaki.people.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(ana: User, hugo: User, clock: Clock) -> Iterator[list[Case]]:
    """Three cases begun on three days, each answered more slowly than the one before."""
    found = []
    for hours in (1, 2, 4):
        case = runtime.start("toy", {"customer": "Rosa"}, by=None, now=clock.now)
        clock.wait(hours=hours)
        done(case, "Ask", ana, clock, wish="tv")
        clock.wait(minutes=10)
        done(case, "Check", hugo, clock, verdict="yes")
        found.append(case)
        clock.wait(days=1)
    for effect in Effect.objects.all():
        effects.run(effect.pk, now=clock.now)
    yield found


def heat(clock: Clock, days: int = 30) -> queries.Heat:
    return queries.heat("toy", versions.in_force("toy").procedure, days=days, now=clock.now)


def test_median_and_p90_are_near_the_exact_ones(cases: list[Case], clock: Clock) -> None:
    rollups.roll(now=clock.now)
    asked = heat(clock).nodes["Ask"]
    assert asked.done == 3
    assert asked.median == pytest.approx(timedelta(hours=2), rel=0.2)
    assert timedelta(hours=3) < asked.p90 < timedelta(hours=5)


def test_counted_by_the_job_or_on_the_way_it_is_the_same(cases: list[Case], clock: Clock) -> None:
    before = heat(clock, days=3)
    assert rollups.roll(now=clock.now) == 3
    assert Rollup.objects.exists()
    assert heat(clock, days=3) == before


def test_flows_agree_with_the_diagrams_of_the_cases(cases: list[Case], clock: Clock) -> None:
    rollups.roll(now=clock.now)
    wanted: Counter[str] = Counter()
    for case in cases:
        wanted.update(queries.diagram_state(Case.objects.get(pk=case.pk), now=clock.now).flows)
    assert heat(clock).flows == dict(wanted)


def test_where_cases_wait_now_is_told_with_the_late(cases: list[Case], clock: Clock) -> None:
    runtime.start("toy", {"customer": "Eva"}, by=None, now=clock.now)
    found = heat(clock).nodes
    assert found["Ask"].waiting == 1
    assert found["Print"].waiting == 3


def test_a_day_is_counted_once(cases: list[Case], clock: Clock) -> None:
    assert rollups.roll(now=clock.now) == 3
    kept = list(Rollup.objects.order_by("pk").values())
    assert rollups.roll(now=clock.now) == 0
    assert list(Rollup.objects.order_by("pk").values()) == kept
    assert RolledDay.objects.count() == 3


def test_what_nobody_has_counted_yet_is_told_instead_of_counted_at_any_cost(cases: list[Case], clock: Clock) -> None:
    clock.wait(days=10)
    assert heat(clock).missing == 14 - rollups.LIVE


def test_a_period_leaves_out_what_came_before(cases: list[Case], clock: Clock) -> None:
    rollups.roll(now=clock.now)
    assert heat(clock, days=2).nodes["Ask"].done == 1


def test_a_step_that_was_taken_back_was_never_done(ana: User, clock: Clock) -> None:
    case = runtime.start("toy", {"customer": "Rosa"}, by=None, now=clock.now)
    before = heat(clock).flows
    moved = done(case, "Ask", ana, clock, wish="tv")
    assert heat(clock).flows != before
    case.refresh_from_db()
    undone = {"from": moved.seq, "to": case.last_seq}
    HistoryEvent.objects.create(case=case, seq=case.last_seq + 1, kind="undone", at=clock.now, node="Ask", data=undone)
    assert heat(clock).flows == before
    clock.wait(days=1)
    rollups.roll(now=clock.now)
    assert heat(clock).flows == before


def test_a_day_is_not_counted_for_good_while_something_of_it_may_be_taken_back(cases: list[Case], clock: Clock) -> None:
    midnight = timezone.localtime(clock.now).replace(hour=0, minute=5)
    assert (rollups.roll(now=midnight), rollups.roll(now=midnight + rollups.SETTLED)) == (2, 1)


def test_nothing_has_no_median() -> None:
    assert quantile({}, 0.5) == 0.0
    assert quantile({0: 1}, 0.5) < 2
