"""A completed step is taken back from the toast or from the case's page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.integration.web.conftest import done, task_at
from tests.toy import procedure as toy
from tests.toy.models import Toy

from thaki.cases import versions
from thaki.cases.models import Case
from thaki.people.models import User

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def in_force(request: pytest.FixtureRequest) -> None:
    """Tests with real transactions empty all tables before the next one."""
    marker = request.node.get_closest_marker("django_db")
    request.getfixturevalue("transactional_db" if marker.kwargs.get("transaction") else "db")
    versions.seed_one(toy.TOY)


@pytest.mark.django_db(transaction=True)
def test_the_toast_takes_the_step_back_and_gives_the_words_back(as_: SignIn, ana: User, case: Case) -> None:
    client, task = as_(ana), task_at(case, "Ask")
    page = client.post(f"/tareas/{task.pk}/", {"wish": "internet"}, follow=True).content.decode()
    address = f"/casos/{case.number}/deshacer/2/"
    assert f'action="{address}"' in page
    again = client.post(address, follow=True)
    assert again.redirect_chain[-1][0] == f"/tareas/{task.pk}/"
    assert 'value="internet"' in again.content.decode()
    assert Toy.objects.get(pk=case.pk).wish == ""
    assert "Deshizo" in client.get(f"/casos/{case.number}/historia/").content.decode()


@pytest.mark.django_db
def test_the_case_s_page_offers_it_to_who_did_the_step(as_: SignIn, ana: User, bruno: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    path, address = f"/casos/{case.number}/", f"/casos/{case.number}/deshacer/2/"
    assert address in as_(ana).get(path).content.decode()
    assert address not in as_(bruno).get(path).content.decode()


@pytest.mark.django_db
def test_it_says_why_not_once_somebody_went_on(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    done(case, "Check", hugo, verdict="no")
    page = as_(ana).post(f"/casos/{case.number}/deshacer/2/", follow=True)
    assert "El caso ya siguió: Hugo" in page.content.decode()


@pytest.mark.django_db
def test_nobody_undoes_for_another(as_: SignIn, ana: User, rita: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    page = as_(rita).post(f"/casos/{case.number}/deshacer/2/", follow=True)
    assert "Solo quien completó el paso" in page.content.decode()
    assert Toy.objects.get(pk=case.pk).wish == "internet"
