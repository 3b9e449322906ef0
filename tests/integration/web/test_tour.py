"""The first-visit tour: due once a person, wherever he signs in, and again when he asks for it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.web import tour

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tour, "OFFER", True)


@pytest.fixture
def cashier() -> User:
    return User.objects.create_user("cajera", roles=[Role.CAJERO.value])


def at_a_machine(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def begins(client: Client, query: str = "") -> bool:
    return 'id="tk-tour"' in client.get(reverse("my_work") + query).content.decode()


def test_it_is_offered_on_the_first_visit_and_not_elsewhere(cashier: User) -> None:
    client = at_a_machine(cashier)
    assert begins(client)
    assert 'id="tk-tour"' not in client.get(reverse("people:profile")).content.decode()


def test_once_seen_or_skipped_no_machine_begins_it_again(cashier: User) -> None:
    assert at_a_machine(cashier).post(reverse("help_tour")).status_code == 204
    assert not begins(at_a_machine(cashier))


def test_it_can_be_asked_for_again(cashier: User) -> None:
    User.objects.update(toured_at=timezone.now())
    client = at_a_machine(cashier)
    assert "/?recorrido=1" in client.get(reverse("help")).content.decode()
    assert begins(client, "?recorrido=1")


def test_seeing_it_is_no_change_of_the_person(cashier: User) -> None:
    from thaki.people.models import history_of

    before = history_of(User).count()
    at_a_machine(cashier).post(reverse("help_tour"))
    assert history_of(User).count() == before


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_each_post_has_three_to_six_stops(role: Role) -> None:
    assert 3 <= len(tour.stops(User(roles=[role.value]), leads=False)) <= 6
