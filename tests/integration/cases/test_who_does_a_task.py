"""Taking, returning and handing over tasks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.integration.cases.conftest import Clock, done, task_at

from thaki.cases import operations, permissions
from thaki.cases.models import Case, Draft, HistoryEvent
from thaki.cases.policies import NotNow
from thaki.people import leaving
from thaki.people.models import Team, User

pytestmark = pytest.mark.django_db


def test_a_task_is_taken_by_somebody_of_its_role(case: Case, ana: User, clock: Clock) -> None:
    task = operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    assert (task.assignee, task.assigned_at) == (ana, clock.now)
    assert HistoryEvent.objects.get(case=case, kind="claimed").data["to"] == ana.pk


def test_it_is_refused_to_another_role(case: Case, hugo: User, clock: Clock) -> None:
    with pytest.raises(permissions.NotAllowed, match="otro cargo"):
        operations.claim(task_at(case, "Ask").pk, by=hugo, now=clock.now)


def test_what_somebody_has_is_not_taken_nor_done_by_another(
    case: Case, ana: User, person: Callable[..., User], clock: Clock
) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    eva = person("eva", "ejecutivo_ventas_digitales")
    with pytest.raises(permissions.NotAllowed, match="otra persona"):
        operations.claim(task_at(case, "Ask").pk, by=eva, now=clock.now)
    with pytest.raises(permissions.NotAllowed, match="otra persona"):
        done(case, "Ask", eva, clock, wish="tv")


def test_a_task_is_returned_to_the_queue(case: Case, ana: User, clock: Clock) -> None:
    task = task_at(case, "Ask")
    operations.claim(task.pk, by=ana, now=clock.now)
    operations.release(task.pk, by=ana, now=clock.now)
    assert task_at(case, "Ask").assignee is None
    with pytest.raises(NotNow):
        operations.release(task.pk, by=ana, now=clock.now)


def test_a_supervisor_of_the_team_hands_it_over(
    case: Case, ana: User, person: Callable[..., User], clock: Clock
) -> None:
    eva = person("eva", "ejecutivo_ventas_digitales")
    boss = person("boss")
    Team.objects.create(name="Ventas", role="ejecutivo_ventas_digitales", supervisor=boss)
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    task = operations.hand_over(task_at(case, "Ask").pk, to=eva, by=boss, now=clock.now)
    assert task.assignee == eva


def test_nobody_else_does(case: Case, ana: User, person: Callable[..., User], clock: Clock) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    eva = person("eva", "ejecutivo_ventas_digitales")
    with pytest.raises(permissions.NotAllowed, match="responsable"):
        operations.hand_over(task_at(case, "Ask").pk, to=eva, by=eva, now=clock.now)


def test_it_goes_to_nobody_whose_post_it_is_not(case: Case, ana: User, hugo: User, clock: Clock) -> None:
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    with pytest.raises(permissions.NotAllowed, match="otro cargo"):
        operations.hand_over(task_at(case, "Ask").pk, to=hugo, by=ana, now=clock.now)


def test_several_are_given_at_once_and_the_refused_say_why(case: Case, ana: User, rita: User, clock: Clock) -> None:
    task = task_at(case, "Ask")
    given, refused = operations.hand_over_many([task.pk, 0], to=ana, by=rita, now=clock.now)
    assert [each.pk for each in given] == [task.pk]
    assert refused == {0: "La tarea ya no existe."}


def test_a_draft_is_kept_until_the_task_is_done(case: Case, ana: User, clock: Clock) -> None:
    task = task_at(case, "Ask")
    operations.save_draft(task.pk, {"wish": "t"}, by=ana, now=clock.now)
    operations.save_draft(task.pk, {"wish": "tv"}, by=ana, now=clock.now)
    assert Draft.objects.get().data == {"wish": "tv"}
    done(case, "Ask", ana, clock, wish="tv")
    assert not Draft.objects.exists()


def test_the_tasks_of_somebody_who_leaves_go_to_a_colleague_or_to_the_queue(
    case: Case, ana: User, hugo: User, person: Callable[..., User], clock: Clock
) -> None:
    admin, eva = person("admin", "administrador"), person("eva", "ejecutivo_ventas_digitales")
    operations.claim(task_at(case, "Ask").pk, by=ana, now=clock.now)
    assert leaving.open_work(ana) == 1
    assert leaving.pass_on(ana, to=eva, by=admin, now=clock.now) == (1, 0)
    assert task_at(case, "Ask").assignee == eva
    assert leaving.pass_on(eva, to=hugo, by=admin, now=clock.now) == (0, 1)  # it is not of his role
    assert task_at(case, "Ask").assignee is None
    assert HistoryEvent.objects.filter(case=case, kind="handed_over").exists()
