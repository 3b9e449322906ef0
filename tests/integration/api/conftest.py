"""The API over sales: people, a case that has begun, and a caller with a token."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from tests.integration.sales.conftest import LEAD, files_of_their_own, fresh_versions, people

from thaki.api import tokens
from thaki.api.models import Scope, Token
from thaki.api.webhooks import events
from thaki.cases import runtime
from thaki.cases.models import Case
from thaki.people.models import User
from thaki.records.prospects import operations as prospects

__all__ = ["files_of_their_own", "fresh_versions", "people"]


@pytest.fixture(autouse=True)
def nobody_listens_yet() -> Iterator[None]:
    """Subscriptions of another test are not remembered, nor are these in tests of other rooms."""
    events._drop()
    yield
    events._drop()


class Caller:
    """A program with a token."""

    def __init__(self, user: User, *scopes: str, days: int = 30) -> None:
        self.user = user
        self.token: Token
        self.token, self.key = tokens.make(
            user=user, name="prueba", scopes=scopes or Scope.values, days=days, now=timezone.now()
        )
        self.client = Client()

    def get(self, path: str, expect: int = 200, **headers: str) -> Any:
        """The JSON of an answer with that status."""
        return self._told(self.client.get(f"/api/v1/{path}", headers=self._headers(headers)), expect)

    def post(self, path: str, body: Any = None, expect: int = 200, **headers: str) -> Any:
        """The same for a POST."""
        return self._told(self.send(path, body, **headers), expect)

    def send(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """The answer to a POST."""
        return self.client.post(  # type: ignore[return-value]  # the test client's own kind of response
            f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=self._headers(headers)
        )

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", **{name.replace("_", "-"): v for name, v in more.items()}}

    def _told(self, response: Any, expect: int) -> Any:
        assert response.status_code == expect, response.content.decode()
        if expect >= 400:
            assert response["Content-Type"] == "application/problem+json"
        return response.json()


@pytest.fixture
def caller(people: dict[str, User]) -> Callable[..., Caller]:
    """Makes callers: `caller("ejecutivo1", "cases:read")`."""

    def make(login: str, *scopes: str, **more: Any) -> Caller:
        return Caller(people[login], *scopes, **more)

    return make


@pytest.fixture
def opened(people: dict[str, User]) -> Callable[..., Case]:
    """Opens sales: `opened("Rosa Mamani", hours_ago=3)`."""

    def open_one(name: str = "María Elena Rojas Vargas", hours_ago: float = 0, **lead: Any) -> Case:
        now = timezone.now() - timedelta(hours=hours_ago)
        prospect, _new = prospects.receive(by=None, now=now, **{**LEAD, "name": name, **lead})
        return runtime.start("sales", {"prospect": prospect.pk}, by=None, now=now)

    return open_one


@pytest.fixture
def case(opened: Callable[..., Case]) -> Case:
    """A sale that has just begun."""
    return opened()
