"""The board and the list of prospects: by state, the late first, lost by reason, stretch after stretch, and as a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from python_calamine import CalamineWorkbook
from tests.integration.sales.conftest import NOW, Walk

from thaki.cases import operations
from thaki.cases.models import Task
from thaki.people.models import User
from thaki.procedures.sales.models import Sale, UnservedRequest
from thaki.records.prospects.models import Prospect

Login = Callable[[str], Client]
LIST = "/ventas/prospectos/"


@pytest.fixture
def login(people: dict[str, User]) -> Login:
    def make(name: str) -> Client:
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def in_base(count: int) -> list[Prospect]:
    made = [
        Prospect(
            name=f"Campaña {chr(65 + n // 26)}{chr(65 + n % 26)}",
            phone=f"7{n:07}",
            channel="facebook",
            standing="base",
            received_at=NOW - timedelta(minutes=n),
        )
        for n in range(count)
    ]
    for prospect in made:
        prospect.refresh_keys()
    return Prospect.objects.bulk_create(made)


def test_a_sale_is_live_until_its_case_ends_however_it_ends(walk_of: Callable[..., Walk]) -> None:
    business, cancelled = walk_of(phone="70000001"), walk_of(phone="70000002")
    assert business.sale.live
    operations.cancel_case(cancelled.case.pk, reason="Prueba", by=cancelled.people["ventas1"], now=cancelled.now)
    assert not Sale.objects.get(pk=cancelled.case.pk).live
    assert Sale.objects.get(pk=business.case.pk).live


def test_the_board_counts_each_state_and_tells_the_lost_by_reason(walk_of: Callable[..., Walk], login: Login) -> None:
    walk_of(phone="70000001")
    walk_of(phone="70000002", name="Ana Visitada").to(2)
    lost = walk_of(phone="70000003", name="Lucía Perdida")
    lost.act("sales.contact_attempt", channel="call", result="not_interested")
    Sale.objects.filter(pk=lost.case.pk).update(executive=lost.people["ejecutivo1"])
    UnservedRequest.objects.update(arrived_at=timezone.now())
    in_base(2)
    board = text(login("ventas1"), LIST)
    assert "Ana Visitada" in board
    assert "No está interesado" in board
    assert "Campaña AA" in board
    assert "Lucía Perdida" not in board  # told by its reason, not among those under way
    assert "Lucía Perdida" in text(login("ventas1"), LIST + "?hito=perdidos&motivo=not_interested")
    assert "Lucía Perdida" not in text(login("ventas1"), LIST + "?hito=perdidos&motivo=no_answer")


def test_the_late_come_first_and_may_be_all_that_is_shown(walk_of: Callable[..., Walk], login: Login) -> None:
    soon, late = walk_of(phone="70000001", name="Pronto Uno"), walk_of(phone="70000002", name="Tarde Dos")
    Task.objects.filter(case=soon.case).update(due_at=timezone.now() + timedelta(hours=1))
    Task.objects.filter(case=late.case).update(due_at=timezone.now() - timedelta(hours=1))
    shown = text(login("ejecutivo1"), LIST + "?vista=lista")
    assert shown.index("Tarde Dos") < shown.index("Pronto Uno")
    assert "Pronto Uno" not in text(login("ejecutivo1"), LIST + "?vista=lista&atraso=1")


def test_the_list_goes_on_behind_the_last_row_and_shows_everybody_once(login: Login, people: dict[str, User]) -> None:
    made = in_base(120)
    client, address, seen = login("ventas1"), LIST + "?hito=base", list[str]()
    while address:
        answer = client.get(address)
        page = answer.context["page"]
        seen += [card.name for card in page.rows]
        address = page.following
    assert seen == [prospect.name for prospect in reversed(made)]  # the oldest first


@pytest.mark.parametrize("mark", ["x", "bm8", "WyJhIiwxXQ", "W251bGwsbnVsbF0", "WzEsMl0", "9" * 500])
def test_nonsense_in_the_address_is_the_beginning(login: Login, mark: str) -> None:
    in_base(1)
    assert "Campaña AA" in text(login("ventas1"), f"{LIST}?hito=base&desde={mark}&ejecutivo=x&dias=7")


def test_the_list_is_a_file_and_no_cell_of_it_is_a_formula(walk: Walk, login: Login) -> None:
    Prospect.objects.update(campaign="=HYPERLINK(1)")
    answer: Any = login("ventas1").get(LIST + "lista.csv?hito=nuevos")
    rows = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert len(rows) == 2
    assert "María Elena Rojas Vargas;71234567" in rows[1]
    assert ";'=HYPERLINK(1);" in rows[1]
    book = CalamineWorkbook.from_object(BytesIO(login("ventas1").get(LIST + "lista.xlsx").content))
    assert book.get_sheet_by_index(0).to_python()[3][1] == "María Elena Rojas Vargas"


@pytest.mark.parametrize("address", [LIST, LIST + "?vista=lista", LIST + "?hito=base", LIST + "?hito=perdidos"])
def test_no_page_asks_more_because_it_is_longer(
    walk_of: Callable[..., Walk], login: Login, django_assert_max_num_queries: Any, address: str
) -> None:
    for n in range(6):
        walk_of(phone=f"7000001{n}", email=f"p{n}@example.bo")
    in_base(30)
    client = login("ventas1")
    with django_assert_max_num_queries(12):
        client.get(address)
