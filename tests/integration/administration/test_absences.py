"""Absences of a team: by who supervises it, never twice on a day, never covered by who is away himself."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.integration.administration.conftest import person

from thaki.people.models import Absence, Team, User
from thaki.people.roles import Role

pytestmark = pytest.mark.django_db
PAGE = "/administracion/ausencias/"
DAYS = {"from_on": "2027-01-11", "to_on": "2027-01-15"}


@pytest.fixture
def chief(client: Client) -> User:
    """Supervises a team of two."""
    user = person("jefa", Role.RESPONSABLE_CANALES_DIGITALES)
    team = Team.objects.create(name="Ventas", role=Role.EJECUTIVO_VENTAS_DIGITALES.value, supervisor=user)
    for login in ("ana", "beto"):
        person(login, Role.EJECUTIVO_VENTAS_DIGITALES, team=team, first_name=login.title())
    client.force_login(user)
    return user


def of(login: str) -> User:
    return User.objects.get(username=login)


def test_a_supervisor_notes_the_absence_of_his_people_only(client: Client, chief: User) -> None:
    client.post(PAGE, DAYS | {"user": of("ana").pk, "substitute": of("beto").pk})
    assert Absence.objects.get().substitute == of("beto")
    stranger = person("otra", Role.CAJERO)
    page = client.post(PAGE, DAYS | {"user": stranger.pk})
    assert page.status_code == 422
    assert Absence.objects.count() == 1


def test_days_that_overlap_are_refused_with_the_ones_that_are_there(client: Client, chief: User) -> None:
    client.post(PAGE, DAYS | {"user": of("ana").pk})
    page = client.post(PAGE, {"user": of("ana").pk, "from_on": "2027-01-15", "to_on": "2027-01-20"})
    assert "Ya hay una ausencia del 11/01/2027 al 15/01/2027" in page.content.decode()


def test_the_database_refuses_what_overlaps(chief: User) -> None:
    Absence.objects.create(user=chief, from_on=date(2027, 1, 11), to_on=date(2027, 1, 15))
    Absence.objects.create(user=of("ana"), from_on=date(2027, 1, 11), to_on=date(2027, 1, 15))
    Absence.objects.create(user=chief, from_on=date(2027, 1, 16), to_on=date(2027, 1, 16))
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=chief, from_on=date(2027, 1, 15), to_on=date(2027, 1, 15))


def test_who_is_away_himself_stands_in_for_nobody(client: Client, chief: User) -> None:
    client.post(PAGE, DAYS | {"user": of("beto").pk})
    page = client.post(PAGE, DAYS | {"user": of("ana").pk, "substitute": of("beto").pk})
    assert "El suplente también está ausente" in page.content.decode()
    assert Absence.objects.count() == 1


def test_nobody_takes_back_the_absence_of_people_that_are_not_his(client: Client, chief: User) -> None:
    absence = Absence.objects.create(
        user=person("otra", Role.CAJERO), from_on=date(2027, 1, 11), to_on=date(2027, 1, 15)
    )
    assert client.post(f"{PAGE}{absence.pk}/retirar/").status_code == 404
    assert Absence.objects.exists()
