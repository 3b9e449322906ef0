"""A task on its case's page: answered once, refused with what was typed kept, sent back, drafted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.integration.web.conftest import done, task_at
from tests.toy.models import Toy

from thaki.cases import operations
from thaki.cases.models import Case, Draft, Remark, Task
from thaki.people.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def url(task: Task, more: str = "") -> str:
    return f"/tareas/{task.pk}/{more}"


def test_it_shows_the_step_s_form_on_the_case_s_page(as_: SignIn, ana: User, case: Case) -> None:
    page = as_(ana).get(url(task_at(case, "Ask"))).content.decode()
    assert 'name="wish"' in page
    assert 'name="submission_key"' in page
    assert "Mónica Peñaranda" in page


def test_answering_moves_the_case(as_: SignIn, ana: User, case: Case) -> None:
    answer = as_(ana).post(url(task_at(case, "Ask")), {"wish": "internet"})
    assert answer.status_code == 302
    assert task_at(case, "Check").is_open
    assert Toy.objects.get(pk=case.pk).wish == "internet"


def test_the_same_form_twice_moves_the_case_once(as_: SignIn, ana: User, case: Case) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    for _ in range(2):
        answer = client.post(url(task), {"wish": "internet", "submission_key": "a" * 32})
        assert answer.status_code == 302
    assert Task.objects.filter(case=case).count() == 2


def test_the_next_of_my_tasks_opens_by_itself(as_: SignIn, ana: User, opened: Callable[..., Case]) -> None:
    first, second = opened("Una"), opened("Otra")
    operations.claim(task_at(second, "Ask").pk, by=ana, now=timezone.now())
    answer = as_(ana).post(url(task_at(first, "Ask")), {"wish": "internet"})
    assert answer["Location"] == url(task_at(second, "Ask"))


def test_with_nothing_left_it_leads_back_to_the_list(as_: SignIn, ana: User, case: Case) -> None:
    assert as_(ana).post(url(task_at(case, "Ask")), {"wish": "internet"})["Location"] == "/"


def test_a_refused_answer_comes_back_with_what_was_typed(as_: SignIn, ana: User, case: Case) -> None:
    answer = as_(ana).post(url(task_at(case, "Ask")), {"wish": "la luna"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Eso no se vende." in page
    assert 'value="la luna"' in page
    assert "tk-errors" in page


def test_the_second_to_finish_is_told_who_was_first_and_loses_nothing(
    as_: SignIn, ana: User, bruno: User, case: Case
) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(url(task), {"wish": "internet"})
    answer = as_(bruno).post(url(task), {"wish": "lo que yo escribí"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Ana ya completó esta tarea" in page
    assert "lo que yo escribí" in page


def test_what_was_typed_is_kept_when_somebody_took_the_task_meanwhile(
    as_: SignIn, ana: User, bruno: User, case: Case
) -> None:
    task = task_at(case, "Ask")
    operations.claim(task.pk, by=ana, now=timezone.now())
    answer = as_(bruno).post(url(task), {"wish": "mi texto"})
    assert answer.status_code == 409
    assert "mi texto" in answer.content.decode()
    assert task_at(case, "Ask").is_open


def test_what_was_typed_is_kept_while_the_case_is_paused(as_: SignIn, ana: User, rita: User, case: Case) -> None:
    operations.suspend(case.pk, reason="Falta la dirección", by=rita, now=timezone.now())
    answer = as_(ana).post(url(task_at(case, "Ask")), {"wish": "mi texto"})
    assert answer.status_code == 409
    assert "en pausa" in answer.content.decode()
    assert "mi texto" in answer.content.decode()


def test_a_closed_task_leads_to_its_case(as_: SignIn, ana: User, case: Case) -> None:
    task = task_at(case, "Ask")
    done(case, "Ask", ana, wish="internet")
    assert as_(ana).get(url(task))["Location"] == f"/casos/{case.number}/"


def test_a_colleague_reads_the_form_but_cannot_send_it(as_: SignIn, hugo: User, case: Case) -> None:
    page = as_(hugo).get(url(task_at(case, "Ask"))).content.decode()
    assert "La tarea corresponde a otro cargo." in page
    assert "data-main-form" not in page


def test_a_stranger_to_the_procedure_sees_nothing(as_: SignIn, person: Callable[..., User], case: Case) -> None:
    assert as_(person("tito", "tecnico_multiservicios")).get(url(task_at(case, "Ask"))).status_code == 403


def test_no_task_of_that_number_is_404(as_: SignIn, ana: User) -> None:
    assert as_(ana).get("/tareas/999999/").status_code == 404


def test_what_is_typed_is_kept_as_a_draft_and_given_back(as_: SignIn, ana: User, case: Case) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    assert client.post(url(task, "borrador/"), {"wish": "a medias"}).status_code == 204
    page = client.get(url(task)).content.decode()
    assert 'value="a medias"' in page
    assert "Recuperamos" in page


def test_two_people_in_one_task_are_told_about_each_other(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(url(task, "borrador/"), {"wish": "a medias"})
    assert "Ana está escribiendo también" in as_(bruno).get(url(task)).content.decode()
    assert "está escribiendo también" not in as_(ana).get(url(task)).content.decode()


def test_a_draft_is_of_one_person_and_ends_with_the_task(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    task = task_at(case, "Ask")
    as_(ana).post(url(task, "borrador/"), {"wish": "a medias"})
    assert "a medias" not in as_(bruno).get(url(task)).content.decode()
    as_(ana).post(url(task), {"wish": "internet"})
    assert not Draft.objects.exists()


def test_a_step_is_sent_back_with_a_reason(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    client, task = as_(hugo), task_at(case, "Check")
    assert "Pregunta" in client.get(url(task, "devolver/")).content.decode()
    client.post(url(task, "devolver/"), {"to_node": "Ask", "reason": "Falta el teléfono"})
    assert task_at(case, "Ask").is_open
    assert "Falta el teléfono" in as_(ana).get(f"/casos/{case.number}/historia/").content.decode()


def test_sending_back_asks_for_the_reason(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    answer = as_(hugo).post(url(task_at(case, "Check"), "devolver/"), {"to_node": "Ask", "reason": " "})
    assert answer.status_code == 422
    assert not Remark.objects.exists()


def test_a_file_goes_with_the_step(as_: SignIn, ana: User, case: Case) -> None:
    upload = SimpleUploadedFile("x.png", b"\x89PNG", content_type="image/png")
    assert as_(ana).post(url(task_at(case, "Ask")), {"wish": "internet", "slip": upload}).status_code == 302


@pytest.mark.parametrize("data", [{"wish": "x" * 5000}, {}, {"wish": "\x00"}])
def test_impossible_answers_are_refused_in_place(as_: SignIn, ana: User, case: Case, data: dict[str, Any]) -> None:
    assert as_(ana).post(url(task_at(case, "Ask")), data).status_code == 422


def test_the_page_costs_few_queries(
    as_: SignIn, ana: User, case: Case, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    client.get(url(task))
    with django_assert_max_num_queries(9):
        client.get(url(task))
