"""The database away: a clear 503 and recovery by itself; and the headers that every page carries."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from thaki.config.middleware import content_security_policy
from thaki.people.access import public


@public("a test's page")
def counts(request: HttpRequest) -> HttpResponse:
    """A page that needs the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 41 + 1")
        return HttpResponse(str(cursor.fetchone()[0]))


@public("a test's page")
def breaks(request: HttpRequest) -> HttpResponse:
    """A page with an error of its own."""
    raise ValueError("not the database")


urlpatterns = [path("counts", counts), path("breaks", breaks)]


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def away(transactional_db: None) -> Iterator[pytest.MonkeyPatch]:
    """The server is gone, until the fixture's `undo` brings it back; what psycopg does about it is real."""
    connection.close()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "/nonexistent")
        yield patch


pytestmark = pytest.mark.urls(__name__)


def test_without_the_database_the_page_says_so_with_503(client: Client, away: pytest.MonkeyPatch) -> None:
    response = client.get("/counts")
    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "La base de datos no responde" in response.content.decode()
    assert 'http-equiv="refresh"' in response.content.decode()


def test_it_recovers_by_itself(client: Client, away: pytest.MonkeyPatch) -> None:
    assert client.get("/counts").status_code == 503
    away.undo()
    assert client.get("/counts").content == b"42"


def test_what_was_being_sent_is_not_sent_again_by_the_page(client: Client, away: pytest.MonkeyPatch) -> None:
    page = client.post("/counts").content.decode()
    assert "http-equiv" not in page
    assert "lo que escribió sigue en el formulario" in page


def test_an_error_raised_by_the_session_is_answered_the_same_way(client: Client, away: pytest.MonkeyPatch) -> None:
    client.cookies["sessionid"] = "x" * 32
    assert client.get("/counts").status_code == 503


def test_programs_get_json(client: Client, away: pytest.MonkeyPatch) -> None:
    response = client.get("/counts", headers={"Accept": "application/json"})
    assert response.json() == {"error": "La base de datos no responde."}


def test_another_error_stays_a_500(client: Client, db: None) -> None:
    assert client.get("/breaks").status_code == 500


def test_every_page_has_the_safe_headers(client: Client, db: None) -> None:
    response = client.get("/counts")
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Referrer-Policy"] == "same-origin"


def test_scripts_come_from_ourselves_alone_and_only_named_servers_are_let_in() -> None:
    policy = content_security_policy(
        tile_server="https://{s}.tiles.example/{z}/{x}/{y}.png", sign_in_server="https://id.example/realms/x"
    )
    assert "script-src 'self';" in policy
    assert "img-src 'self' data: blob: https://*.tiles.example;" in policy
    assert "form-action 'self' https://id.example;" in policy


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/contratar/?q=%00", "/mi-solicitud/%00/"])
def test_an_address_with_a_nul_names_nothing(address: str) -> None:
    assert Client(raise_request_exception=False).get(address).status_code == 404
