"""The lists of operations ask the database no more because they are longer, and never more than fifteen times."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client
from tests.integration.retention.operating import DAY, NOW, everybody, rest_is_blank, walk

from thaki.cases import versions
from thaki.people.models import User

pytestmark = pytest.mark.django_db
MOST = 15
ANEW = 1  # policies, which a process reads anew each second, fall into one count and not into another


@pytest.fixture(autouse=True)
def blank(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with rest_is_blank():
        versions.seed(NOW)
        yield


@pytest.fixture
def people() -> dict[str, User]:
    return everybody()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often the database was asked, prepared statements included."""
    count = [0]
    execute = psycopg.Cursor.execute

    def counted(self: Any, *args: Any, **kwargs: Any) -> Any:
        count[0] += 1
        return execute(self, *args, **kwargs)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    return count


def times(client: Client, address: str, asked: list[int]) -> int:
    client.get(address)  # what a process reads once
    asked[0] = 0
    assert client.get(address).status_code == 200
    return asked[0]


@pytest.mark.parametrize(
    "address", ["/retencion/ordenes/", "/retencion/ordenes/?por=tecnico", "/retencion/ordenes/mapa/"]
)
def test_a_longer_board_asks_no_more(client: Client, people: dict[str, User], asked: list[int], address: str) -> None:
    walk(people, 1).to_dispatch()
    client.force_login(people["supervisor1"])
    short = times(client, address, asked)
    for number in (2, 3, 4):
        walk(people, number).to_dispatch()
    assert times(client, address, asked) <= short + ANEW <= MOST


def test_a_longer_list_of_controls_asks_no_more(client: Client, people: dict[str, User], asked: list[int]) -> None:
    walk(people, 1).to_controls().later(2 * DAY)
    client.force_login(people["incidentes1"])
    short = times(client, "/retencion/control/calidad/", asked)
    for number in (2, 3):
        walk(people, number).to_controls().later(2 * DAY)
    assert times(client, "/retencion/control/calidad/", asked) <= short + ANEW <= MOST
