"""How people get in, and what keeps others out."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth import authenticate
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from thaki.people.backends import DEMO_PASSWORD
from thaki.people.demo import PEOPLE, ensure_people
from thaki.people.models import User
from thaki.people.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "camino-largo-7"


@pytest.fixture(autouse=True)
def no_attempts_counted() -> None:
    cache.clear()


@pytest.fixture
def cashier() -> User:
    roles = [Role.CAJERO.value]
    return User.objects.create_user("cajera", "cajera@comteco.example", PASSWORD, roles=roles, first_name="Lidia")


def sign_in(client: Client, login: str, password: str) -> str:
    """The address at which the attempt ends."""
    response = client.post("/cuenta/login/", {"login": login, "password": password})
    return response.headers.get("Location", "/cuenta/login/")


@pytest.mark.parametrize("login", ["cajera", "cajera@comteco.example", "CAJERA@comteco.example"])
def test_by_login_or_address(client: Client, cashier: User, login: str) -> None:
    assert sign_in(client, login, PASSWORD) == "/inicio/"


def test_a_wrong_password_says_nothing_of_who_exists(client: Client, cashier: User) -> None:
    known = client.post("/cuenta/login/", {"login": "cajera", "password": "otra"}).content.decode()
    unknown = client.post("/cuenta/login/", {"login": "nadie", "password": "otra"}).content.decode()
    errors = [page[page.index("tk-errors") :][:300].replace("cajera", "nadie") for page in (known, unknown)]
    assert errors[0] == errors[1]


def test_who_tries_too_often_has_to_wait(client: Client, cashier: User) -> None:
    for _attempt in range(6):
        client.post("/cuenta/login/", {"login": "cajera", "password": "otra"})
    assert sign_in(client, "cajera", PASSWORD) == "/cuenta/login/"


def test_who_was_deactivated_stays_out(client: Client, cashier: User) -> None:
    client.force_login(cashier)
    User.objects.filter(pk=cashier.pk).update(is_active=False)
    assert client.get("/perfil/").status_code == 302
    assert sign_in(client, "cajera", PASSWORD) != "/inicio/"


def test_the_second_factor_is_asked_for(client: Client, cashier: User) -> None:
    TOTP.activate(cashier, generate_totp_secret())
    assert sign_in(client, "cajera", PASSWORD) == "/cuenta/2fa/authenticate/"
    assert client.get("/perfil/").status_code == 302


def test_a_forgotten_password_is_replaced_by_mail(client: Client, cashier: User) -> None:
    client.post("/cuenta/password/reset/", {"email": "cajera@comteco.example"})
    assert mail.outbox[0].to == ["cajera@comteco.example"]
    assert "/cuenta/password/reset/key/" in str(mail.outbox[0].body)


def test_nobody_registers_himself(client: Client) -> None:
    page = client.post("/cuenta/signup/", {"username": "yo", "password1": PASSWORD, "email": "yo@x.example"})
    assert "administrador" in page.content.decode()
    assert not User.objects.exists()


def test_the_demos_password_opens_a_demo(settings: Settings) -> None:
    settings.DEMO = True
    ensure_people()
    assert authenticate(None, username="cajero1", password=DEMO_PASSWORD) is not None


def test_the_demos_password_opens_nothing_else(settings: Settings, client: Client) -> None:
    settings.DEMO = False
    ensure_people()
    assert authenticate(None, username="cajero1", password=DEMO_PASSWORD) is None
    assert sign_in(client, "cajero1", DEMO_PASSWORD) == "/cuenta/login/"


def test_the_demo_has_a_login_for_every_role_and_is_made_once() -> None:
    assert {role for person in PEOPLE for role in person.roles} == set(Role)
    assert ensure_people() == ensure_people()
    assert User.objects.count() == len(PEOPLE)


def test_a_new_password_may_not_be_the_demos(client: Client, cashier: User) -> None:
    client.force_login(cashier)
    asked = {"oldpassword": PASSWORD, "password1": DEMO_PASSWORD, "password2": DEMO_PASSWORD}
    assert "la de la demostración" in client.post("/cuenta/password/change/", asked).content.decode()


def test_the_pages_speak_spanish_until_somebody_chooses_english(client: Client, cashier: User) -> None:
    assert "Ingreso del personal" in client.get("/cuenta/login/", headers={"accept-language": "en"}).content.decode()
    client.force_login(cashier)
    client.post("/preferencias/", {"language": "en", "theme": "dark", "next": "/perfil/"})
    page = client.get("/perfil/").content.decode()
    assert '<html lang="en" data-theme="dark" data-bs-theme="dark">' in page
    cashier.refresh_from_db()
    assert (cashier.language, cashier.theme) == ("en", "dark")


def test_the_choice_never_leads_away(client: Client) -> None:
    response = client.post("/preferencias/", {"theme": "dark", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


def test_a_page_left_open_too_long_says_what_to_do(cashier: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cashier)
    page = strict.post("/perfil/", {"from_on": "2026-11-23"})
    assert (page.status_code, "Vuelva atrás" in page.content.decode()) == (403, True)


def test_a_refusal_says_why_in_spanish(client: Client, cashier: User) -> None:
    client.force_login(cashier)
    page = client.get("/personas/")
    assert (page.status_code, "pida el rol al administrador" in page.content.decode()) == (403, True)
