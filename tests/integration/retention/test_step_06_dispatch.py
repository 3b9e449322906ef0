"""Step 6: the order is printed and goes to a technician; the customer knows who comes and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from tests.integration.retention.operating import DAY, HOUR, NOW, Walk, everybody, rest_is_blank, walk

from thaki.cases import versions
from thaki.cases.models import CaseDocument, HistoryEvent
from thaki.cases.runtime import AnswerInvalid
from thaki.channels.email.models import OutboundMail
from thaki.people.models import User
from thaki.procedures.retention import giving, order_board
from thaki.records.reasons import RuleError
from thaki.records.work_orders.models import WorkOrder

pytestmark = pytest.mark.django_db


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
def one(people: dict[str, User]) -> Walk:
    return walk(people).to_dispatch()


def at(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S%z}"


def test_it_prints_the_sheet_and_the_technician_has_the_order(one: Walk) -> None:
    one.done("Step_6", {"technician": "tecnico2"})
    assert (one.order.assigned_to, one.order.prints, one.order.state) == (one.people["tecnico2"], 1, "printed")
    assert [row.kind for row in CaseDocument.objects.filter(case=one.case)] == ["orden_trabajo"]
    assert one.nodes == {"Step_7"}


def test_nobody_named_is_who_has_the_fewest_orders(one: Walk, people: dict[str, User]) -> None:
    one.done("Step_6", {"technician": "tecnico1"})
    other = walk(people, 2).to_dispatch()
    other.done("Step_6", {})
    assert other.order.assigned_to == people["tecnico2"]


def test_the_customer_is_told_the_name_and_the_hour(one: Walk) -> None:
    since = NOW + 3 * HOUR
    one.done("Step_6", {"technician": "tecnico1", "since": at(since)})
    assert (one.order.agreed_from, one.order.agreed_to) == (since, since + 2 * HOUR)
    mail = OutboundMail.objects.get(case=one.case)
    assert mail.to == "lucia1@correo.example"
    assert "Tecnico Prueba 1" in mail.text
    assert "el 23/11/2026 de 13:00 a 15:00" in mail.text


def test_an_hour_after_the_24_is_refused_beside_its_field(one: Walk) -> None:
    with pytest.raises(AnswerInvalid) as refused:
        one.done("Step_6", {"technician": "tecnico1", "since": at(NOW + 2 * DAY)})
    assert "postergó" in str(refused.value.form.errors["since"])
    assert one.order.assigned_to is None


def test_the_hour_is_agreed_later_and_told_again(one: Walk) -> None:
    one.done("Step_6", {"technician": "tecnico1"})
    one.act("retention.agree_hour", "supervisor1", since=at(NOW + 4 * HOUR), until=at(NOW + 5 * HOUR))
    assert one.order.state == "scheduled"
    assert OutboundMail.objects.filter(case=one.case).count() == 2
    assert one.nodes == {"Step_7"}


def test_without_an_address_nobody_is_mailed(people: dict[str, User]) -> None:
    one = walk(people, mail=False).to_dispatch()
    one.done("Step_6", {"technician": "tecnico1"})
    assert not OutboundMail.objects.exists()


def test_reassigning_takes_the_task_along_and_tells_the_customer(one: Walk, people: dict[str, User]) -> None:
    one.done("Step_6", {"technician": "tecnico1"})
    giving.give(one.order, to=people["tecnico2"], by=people["supervisor1"], now=NOW + HOUR)
    assert one.task("Step_7").assignee == one.order.assigned_to == people["tecnico2"]
    assert OutboundMail.objects.filter(case=one.case).count() == 2
    assert HistoryEvent.objects.filter(case=one.case, data__notes__technician=people["tecnico2"].pk).exists()


def test_it_is_not_taken_from_who_is_at_the_door(one: Walk, people: dict[str, User]) -> None:
    one.done("Step_6", {"technician": "tecnico1"})
    WorkOrder.objects.filter(pk=one.order.pk).update(state="on_site", arrived_at=NOW)
    with pytest.raises(RuleError):
        giving.give(one.order, to=people["tecnico2"], by=people["supervisor1"], now=NOW)


# ---------------------------------------------------------------- the board
def test_the_board_has_the_vip_first_and_then_what_is_due_first(people: dict[str, User]) -> None:
    late = walk(people, 1, now=NOW - 26 * HOUR).to_dispatch()
    later = walk(people, 2, now=NOW - 25 * HOUR).to_dispatch()
    vip = walk(people, 3, now=NOW - 24.5 * HOUR, vip=True).to_dispatch()
    fresh = walk(people, 4).to_dispatch()
    board = order_board.board(order_board.Filters(), now=NOW)
    columns = {column.key: [card.order for card in column.cards] for column in board.columns}
    assert columns["late"] == [vip.order, late.order, later.order]
    assert columns["ample"] == [fresh.order]
    assert (board.total, board.late, board.unprinted, board.unassigned) == (4, 3, 4, 4)


def test_the_board_by_technician_has_a_column_for_each(one: Walk, people: dict[str, User]) -> None:
    one.done("Step_6", {"technician": "tecnico1"})
    board = order_board.board(order_board.Filters(by="tecnico"), now=NOW)
    assert {column.label: column.total for column in board.columns} == {
        "Sin técnico": 0,
        "Tecnico Prueba 1": 1,
        "Tecnico Prueba 2": 0,
    }


def test_the_board_is_filtered_by_what_the_address_says(one: Walk) -> None:
    for query, found in (
        ({"q": one.order.number}, 1),
        ({"q": "nadie"}, 0),
        ({"zona": "Centro"}, 0),
        ({"tecnico": "0"}, 1),
    ):
        assert order_board.board(order_board.read_filters(query), now=NOW).total == found


def test_the_pages_of_the_supervisor(one: Walk, client: Client, people: dict[str, User]) -> None:
    client.force_login(people["supervisor1"])
    for address in ("/retencion/ordenes/", "/retencion/ordenes/?por=tecnico", "/retencion/ordenes/mapa/"):
        assert one.order.number in client.get(address).content.decode()
    given = client.post("/retencion/ordenes/asignar/", {"order": one.order.pk, "to": people["tecnico1"].pk})
    assert given.status_code == 302
    assert one.order.assigned_to == people["tecnico1"]
    printed = client.post("/retencion/ordenes/imprimir/", {"what": "unprinted"})
    assert printed["Content-Type"] == "application/pdf"
    assert printed.content.startswith(b"%PDF")
    assert one.order.prints == 1
    assert one.nodes == {"Step_7"}


def test_printing_all_twice_says_that_nothing_is_left(one: Walk, client: Client, people: dict[str, User]) -> None:
    client.force_login(people["supervisor1"])
    client.post("/retencion/ordenes/imprimir/", {"what": "unprinted"})
    again = client.post("/retencion/ordenes/imprimir/", {"what": "unprinted"}, follow=True)
    assert "Elija al menos una orden" in again.content.decode()


def test_the_adviser_does_not_give_orders(one: Walk, client: Client, people: dict[str, User]) -> None:
    client.force_login(people["asesor1"])
    assert client.post("/retencion/ordenes/asignar/", {"order": one.order.pk}).status_code == 403
