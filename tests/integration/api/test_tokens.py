"""A token opens what its person may and its scopes name, until it ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.api.conftest import Caller

from thaki.api import tokens
from thaki.api.models import Token
from thaki.cases.models import Case
from thaki.people import policies
from thaki.people.models import User

pytestmark = pytest.mark.django_db


def test_without_a_token_nothing_is_told(case: Case) -> None:
    answer = Client().get("/api/v1/cases")
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "no_token"


def test_a_token_that_does_not_exist_opens_nothing() -> None:
    answer = Client().get("/api/v1/cases", headers={"Authorization": "Bearer thk_invented"})
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")


def test_only_a_hash_of_the_key_is_kept(caller: Callable[..., Caller]) -> None:
    made = caller("ejecutivo1")
    kept = "".join(str(value) for value in Token.objects.values_list().get())
    assert made.key not in kept
    assert made.key.startswith(made.token.hint)


def test_its_last_use_is_noted(caller: Callable[..., Caller]) -> None:
    made = caller("ejecutivo1")
    made.get("cases")
    made.token.refresh_from_db()
    assert made.token.last_used_at is not None


def test_a_scope_that_it_has_not_is_refused_by_name(caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1", "tasks:read").get("cases", 403)
    assert told["code"] == "missing_scope"
    assert "cases:read" in told["detail"]


def test_scopes_give_no_more_than_the_person_may(caller: Callable[..., Caller]) -> None:
    assert caller("ejecutivo1", "reports:read").get("reports", 403)["code"] == "not_allowed"


def test_an_expired_token_opens_nothing(caller: Callable[..., Caller]) -> None:
    made = caller("ejecutivo1")
    long_ago = timezone.now() - timedelta(days=60)
    Token.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=30))
    assert made.get("cases", 401)["code"] == "expired_token"


def test_who_may_not_sign_in_any_more_has_no_tokens(caller: Callable[..., Caller]) -> None:
    made = caller("ejecutivo1")
    User.objects.filter(pk=made.user.pk).update(is_active=False)
    assert made.get("cases", 401)["code"] == "invalid_token"


def test_a_token_revoked_in_the_middle_reads_no_further_page(
    caller: Callable[..., Caller], opened: Callable[..., Case]
) -> None:
    for hours, name in enumerate(("Rosa", "Juana", "Marta")):
        opened(name, hours_ago=hours)
    made = caller("ejecutivo1")
    first = made.get("cases?limit=2")
    assert first["next"]
    assert tokens.revoke(made.token.pk, by=made.user, now=timezone.now())
    assert made.get(f"cases?limit=2&cursor={first['next']}", 401)["code"] == "revoked_token"


def test_nobody_revokes_the_token_of_another(caller: Callable[..., Caller], people: dict[str, User]) -> None:
    made = caller("ejecutivo1")
    assert not tokens.revoke(made.token.pk, by=people["ejecutivo2"], now=timezone.now())
    made.get("cases")


def test_more_than_the_limit_is_told_when_to_come_back(caller: Callable[..., Caller]) -> None:
    made = caller("ejecutivo1")
    policies.set("api.requests_per_minute", 2, by=None, reason="prueba", now=timezone.now())
    codes = [made.client.get("/api/v1/tasks", headers={"Authorization": f"Bearer {made.key}"}) for _ in range(3)]
    assert [answer.status_code for answer in codes] == [200, 200, 429]
    assert codes[1]["X-RateLimit-Remaining"] == "0"
    assert 0 < int(codes[2]["Retry-After"]) <= 60


def test_errors_speak_the_language_that_is_asked_for(caller: Callable[..., Caller]) -> None:
    made = caller("ejecutivo1", "tasks:read")
    assert made.get("cases", 403, Accept_Language="es")["title"] == "La clave no alcanza"
    answer = made.client.get(
        "/api/v1/cases", headers={"Authorization": f"Bearer {made.key}", "Accept-Language": "en-GB,en;q=0.8"}
    )
    assert answer["Content-Language"] == "en"


def test_the_page_shows_a_key_once_and_revokes_it(people: dict[str, User]) -> None:
    browser = Client()
    browser.force_login(people["ejecutivo1"], backend="django.contrib.auth.backends.ModelBackend")
    shown = browser.post("/perfil/claves/", {"name": "Planilla", "scopes": ["cases:read"], "days": "30"})
    key = shown.context["made"][1]
    assert key in shown.content.decode()
    assert key not in browser.get("/perfil/claves/").content.decode()
    header = {"Authorization": f"Bearer {key}"}
    assert Client().get("/api/v1/cases", headers=header).status_code == 200
    browser.post(f"/perfil/claves/{Token.objects.get().pk}/retirar/")
    assert Client().get("/api/v1/cases", headers=header).json()["code"] == "revoked_token"


def test_a_token_without_a_scope_is_not_made(people: dict[str, User]) -> None:
    browser = Client()
    browser.force_login(people["ejecutivo1"], backend="django.contrib.auth.backends.ModelBackend")
    assert browser.post("/perfil/claves/", {"name": "Planilla", "days": "30"}).status_code == 422
    assert not Token.objects.exists()
