"""What is typed is on the server, whoever finishes first; and people in one task see each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import done, task_at

from thaki.cases import operations, presence
from thaki.cases.models import Case, Draft, Presence, Task
from thaki.people.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def url(task: Task, more: str = "") -> str:
    return f"/tareas/{task.pk}/{more}"


def text(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_draft_is_there_on_another_machine(as_: SignIn, ana: User, case: Case) -> None:
    as_(ana).post(url(task_at(case, "Ask"), "borrador/"), {"wish": "a medias"})
    assert 'value="a medias"' in text(as_(ana), url(task_at(case, "Ask")))


def test_a_draft_is_there_on_the_case_s_own_address_too(as_: SignIn, ana: User, case: Case) -> None:
    client = as_(ana)
    client.post(url(task_at(case, "Ask"), "borrador/"), {"wish": "a medias"})
    assert 'value="a medias"' in text(client, f"/casos/{case.number}/")


def test_a_draft_is_kept_as_it_was_typed_even_if_it_makes_no_sense(as_: SignIn, ana: User, case: Case) -> None:
    client = as_(ana)
    client.post(url(task_at(case, "Ask"), "borrador/"), {"wish": "la luna <b>"})
    assert 'value="la luna &lt;b&gt;"' in text(client, url(task_at(case, "Ask")))


def test_a_draft_can_be_thrown_away(as_: SignIn, ana: User, case: Case) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    client.post(url(task, "borrador/"), {"wish": "a medias"})
    assert client.post(url(task, "borrador/descartar/"))["Location"] == url(task)
    assert "a medias" not in text(client, url(task))


def test_what_i_had_typed_outlives_that_somebody_else_finished(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(bruno).post(url(task, "borrador/"), {"wish": "lo mío"})
    as_(ana).post(url(task), {"wish": "internet"})
    page = text(as_(bruno), url(task))
    assert "Ana ya completó esta tarea" in page
    assert "lo mío" in page


def test_what_i_type_after_that_is_kept_as_well(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    done(case, "Ask", ana, wish="internet")
    as_(bruno).post(url(task, "borrador/"), {"wish": "seguí escribiendo"})
    assert "seguí escribiendo" in text(as_(bruno), url(task))


def test_once_i_do_not_need_it_the_task_leads_to_its_case(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task, client = task_at(case, "Ask"), as_(bruno)
    client.post(url(task, "borrador/"), {"wish": "lo mío"})
    done(case, "Ask", ana, wish="internet")
    client.post(url(task, "borrador/descartar/"))
    assert client.get(url(task))["Location"] == f"/casos/{case.number}/"


def test_two_people_who_only_look_at_a_task_see_each_other(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    assert as_(ana).post(url(task, "presencia/")).content.decode().strip() == ""
    assert "Ana también tiene abierta esta tarea" in as_(bruno).post(url(task, "presencia/")).content.decode()
    assert "Bruno también" in as_(ana).post(url(task, "presencia/")).content.decode()


def test_who_closed_the_page_is_soon_gone(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(url(task, "presencia/"))
    Presence.objects.update(seen_at=timezone.now() - presence.GONE_AFTER)
    assert "Ana" not in as_(bruno).post(url(task, "presencia/")).content.decode()


def test_who_types_is_told_apart_from_who_looks(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(url(task, "borrador/"), {"wish": "a medias"})
    as_(ana).post(url(task, "presencia/"))
    assert "Ana está escribiendo también" in as_(bruno).post(url(task, "presencia/")).content.decode()


def test_the_page_learns_that_somebody_was_first(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(url(task), {"wish": "internet"})
    assert "Ana ya completó esta tarea" in as_(bruno).post(url(task, "presencia/")).content.decode()


def test_presence_is_no_secret_of_a_case_that_one_may_not_see(
    as_: SignIn, person: Callable[..., User], case: Case
) -> None:
    stranger = as_(person("tito", "tecnico_multiservicios"))
    assert stranger.post(url(task_at(case, "Ask"), "presencia/")).status_code == 403


def test_what_nobody_came_back_for_is_swept(ana: User, bruno: User, case: Case) -> None:
    task, now = task_at(case, "Ask"), timezone.now()
    operations.save_draft(task.pk, {"wish": ["lo mío"]}, by=bruno, now=now)
    presence.seen(task.pk, by=bruno, now=now)
    presence.sweep(now=now + timedelta(days=30))
    assert Draft.objects.exists()  # its task is still open
    done(case, "Ask", ana, wish="internet")
    presence.sweep(now=now + timedelta(days=30))
    assert not Draft.objects.exists()
    assert not Presence.objects.exists()
