"""What the administrator does with people and teams, and what the database refuses."""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client

from thaki.people import operations, queries
from thaki.people.models import Absence, Agency, Team, User, history_of
from thaki.people.roles import Role

pytestmark = pytest.mark.django_db
PERSON = {
    "first_name": "Noelia",
    "last_name": "Choque",
    "username": "ejecutiva",
    "email": "Ejecutiva@comteco.example",
    "phone": "707 11003",
    "roles": [Role.EJECUTIVO_VENTAS_DIGITALES.value],
}


@pytest.fixture
def admin(client: Client) -> User:
    user = User.objects.create_user("admin", roles=[Role.ADMINISTRADOR.value], password="unguessable")
    client.force_login(user)
    return user


def person(login: str, *roles: Role, **values: Any) -> User:
    return User.objects.create_user(login, roles=[role.value for role in roles], **values)


def test_a_person_is_entered_and_the_password_shown_once(client: Client, admin: User) -> None:
    page = client.post("/personas/nueva/", PERSON | {"access": "shown"})
    made = User.objects.get(username="ejecutiva")
    password = page.context["password"]
    assert password in page.content.decode() and made.check_password(password)
    assert (made.email, made.phone) == ("ejecutiva@comteco.example", "70711003")
    assert page.headers["Cache-Control"] == "no-store"


def test_a_seven_digit_telephone_is_told_what_it_lacks(client: Client, admin: User) -> None:
    page = client.post("/personas/nueva/", PERSON | {"phone": "4251234"})
    assert "le falta el 4" in page.content.decode()


def test_one_address_belongs_to_one_person(client: Client, admin: User) -> None:
    person("otra", Role.CAJERO, email="ejecutiva@comteco.example")
    assert "ya tiene este correo" in client.post("/personas/nueva/", PERSON).content.decode()


def test_a_change_is_in_the_history_with_who_made_it(client: Client, admin: User) -> None:
    other = person("cajera", Role.CAJERO)
    Agency.objects.create(name="Quillacollo")
    client.post(f"/personas/{other.pk}/", PERSON | {"username": "cajera", "office": "Quillacollo"})
    last = history_of(User).filter(pgh_obj=other).order_by("pgh_id").last()
    assert last is not None
    assert (last.office_id, last.pgh_context.metadata["user"]) == ("Quillacollo", admin.pk)
    assert "Cambió:" in client.get(f"/personas/{other.pk}/").content.decode()


def test_the_last_administrator_stays_one(client: Client, admin: User) -> None:
    page = client.post(f"/personas/{admin.pk}/", PERSON | {"username": "admin"})
    assert "al menos una persona activa" in page.content.decode()
    client.post(f"/personas/{admin.pk}/ingreso/", {"active": "0"})
    admin.refresh_from_db()
    assert admin.is_active and admin.has_role(Role.ADMINISTRADOR)


def test_a_new_password_closes_the_open_sessions(client: Client, admin: User) -> None:
    other = person("cajera", Role.CAJERO, password="unguessable")
    elsewhere = Client()
    elsewhere.force_login(other)
    client.post(f"/personas/{other.pk}/clave/")
    assert elsewhere.get("/perfil/").status_code == 302


def test_people_are_found_by_parts_of_their_names(admin: User) -> None:
    found = person("ana", Role.CAJERO, first_name="Ana María", last_name="Quispe")
    person("luis", Role.CAJERO, first_name="Luis", last_name="Quispe")
    assert list(queries.find_users("quis ana")) == [found]
    assert queries.find_users(role=Role.CAJERO.value).count() == 2


def test_a_team_has_a_supervisor_who_sees_its_people(client: Client, admin: User) -> None:
    one, other = person("uno", Role.CAJERO), person("dos", Role.CAJERO)
    asked = {"name": "Cajas", "role": Role.CAJERO.value, "supervisor": admin.pk, "members": [one.pk, other.pk]}
    client.post("/equipos/nuevo/", asked)
    assert set(queries.supervised_by(admin)) == {one, other}
    client.post(f"/equipos/{Team.objects.get().pk}/", asked | {"members": [one.pk]})
    assert set(queries.supervised_by(admin)) == {one}


def test_a_substitute_stands_in_on_those_days_only(client: Client, admin: User) -> None:
    other = person("cajera", Role.CAJERO)
    client.post("/perfil/", {"from_on": "2026-11-23", "to_on": "2026-11-24", "substitute": other.pk})
    assert list(queries.substituted_by(other, date(2026, 11, 24))) == [admin]
    assert not queries.substituted_by(other, date(2026, 11, 25)).exists()


def test_nobody_removes_the_absence_of_another(client: Client, admin: User) -> None:
    other = person("cajera", Role.CAJERO)
    day = date(2026, 11, 23)
    absence = operations.record_absence(user=other, from_on=day, to_on=day, substitute=None, by=other)
    client.post(f"/perfil/ausencias/{absence.pk}/retirar/")
    assert Absence.objects.exists()


@pytest.mark.parametrize(
    "values", [{"roles": ["presidente"]}, {"phone": "4251234"}, {"phone": "91234567"}], ids=["role", "7 digits", "9…"]
)
def test_the_database_refuses(values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="x", **values)


def test_the_database_refuses_an_absence_that_ends_before_it_starts(admin: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Absence.objects.create(user=admin, from_on=date(2026, 11, 24), to_on=date(2026, 11, 23))


def test_the_gallery_and_the_lists_stand(client: Client, admin: User) -> None:
    pages = [
        "/galeria/",
        "/personas/",
        f"/personas/{admin.pk}/",
        "/equipos/",
        "/equipos/nuevo/",
        "/politicas/",
        "/perfil/",
    ]
    assert [client.get(page).status_code for page in pages] == [200] * len(pages)
    assert client.get("/no-existe/").status_code == 404


def test_an_invited_person_chooses_his_password_by_the_link_and_only_once(client: Client, admin: User) -> None:
    page = client.post("/personas/nueva/", PERSON | {"access": "link"})
    link, made = page.context["link"], User.objects.get(username="ejecutiva")
    assert link in page.content.decode() and not made.has_usable_password()
    assert link in mail.outbox[0].body and mail.outbox[0].to == ["ejecutiva@comteco.example"]
    stranger, path = Client(), urlsplit(link).path
    chosen = stranger.get(path, follow=True).redirect_chain[-1][0]
    stranger.post(chosen, {"password1": "colibri-azul-77", "password2": "colibri-azul-77"})
    made.refresh_from_db()
    assert made.check_password("colibri-azul-77")
    assert "password1" not in Client().get(path, follow=True).content.decode()


def test_nobody_chooses_the_password_of_the_demonstration(client: Client, admin: User) -> None:
    link = client.post("/personas/nueva/", PERSON | {"access": "link"}).context["link"]
    stranger = Client()
    chosen = stranger.get(urlsplit(link).path, follow=True).redirect_chain[-1][0]
    stranger.post(chosen, {"password1": "thaki-demo", "password2": "thaki-demo"})
    assert not User.objects.get(username="ejecutiva").has_usable_password()


def test_the_second_factor_is_taken_away_and_told(client: Client, admin: User) -> None:
    other = person("cajera", Role.CAJERO, password="unguessable")
    Authenticator.objects.create(user=other, type="totp", data={})
    client.post(f"/personas/{other.pk}/segundo-factor/")
    assert not Authenticator.objects.exists() and User.objects.get(pk=other.pk).check_password("unguessable")
    assert "Se quitó el segundo factor" in client.get(f"/personas/{other.pk}/").content.decode()
