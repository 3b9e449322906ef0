"""Step 25: the board of orders, giving its tasks to somebody, and the T.I. report with its differences before it is applied."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.sales.conftest import Walk
from tests.integration.sales.ending import followed, ordered, sold_prepaid

from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.procedures.sales import order_board
from thaki.procedures.sales.order_board import Filters
from thaki.records.orders.models import ProductOrder
from thaki.reporting.imports import jobs
from thaki.reporting.imports.models import Import

BOARD = "/ventas/seguimiento/"


@pytest.fixture
def at_25(walk: Walk) -> Walk:
    return followed(sold_prepaid(walk))


@pytest.fixture
def chief(people: dict[str, User], client: Client) -> Client:
    client.force_login(people["ventas1"])
    return client


def brought(chief: Client, *lines: str) -> Import:
    content = "\n".join(["Nro. de orden;Estado;Fecha;Motivo", *lines]).encode()
    chief.post("/importaciones/nueva/ti-orders/", {"file": SimpleUploadedFile("ti.csv", content, "text/csv")})
    return Import.objects.latest("pk")


def applied(chief: Client, found: Import) -> Import:
    chief.post(f"{BOARD}informe-ti/{found.pk}/")
    jobs.run_import(found.pk)
    found.refresh_from_db()
    return found


# ---------------------------------------------------------------- the board
def test_a_sale_stands_under_the_state_of_its_order(at_25: Walk) -> None:
    columns = {column.state: column for column in order_board.board(Filters(), now=at_25.now)}
    order = ProductOrder.objects.get()
    assert [card.order for card in columns[order.state].cards] == [order]
    assert [task.step for task in columns[order.state].cards[0].tasks][:1] == ["25"]  # before 16, which waits too
    assert sum(column.total for column in columns.values()) == 1


def test_what_is_late_says_so_and_can_be_asked_for_alone(at_25: Walk) -> None:
    later = at_25.now + timedelta(days=60)
    assert sum(column.late for column in order_board.board(Filters(late=True), now=later)) == 1
    Task.objects.update(due_at=None)
    assert sum(column.total for column in order_board.board(Filters(late=True), now=later)) == 0


@pytest.mark.parametrize("query", ["", "?atraso=1", "?ejecutivo=99999&q=x", "?ejecutivo=zz", "?q=OS-2026"])
def test_the_board_is_there_empty_and_not(at_25: Walk, chief: Client, query: str) -> None:
    assert chief.get(BOARD + query).status_code == 200


@pytest.mark.parametrize(("total", "shown", "following"), [(3, 3, 0), (50, 20, 60), (500, 180, 200), (500, 200, 0)])
def test_a_column_offers_more_while_there_is_more(total: int, shown: int, following: int) -> None:
    assert order_board.Column("x", "X", total, 0, (None,) * shown).next == following  # type: ignore[arg-type]


def test_more_of_a_column_is_shown_when_asked(at_25: Walk, chief: Client) -> None:
    state = ProductOrder.objects.get().state
    page = chief.get(f"{BOARD}?columna={state}&tarjetas=40").content.decode()
    assert at_25.case.number in page


def test_a_closed_sale_has_left_it(at_25: Walk) -> None:
    Case.objects.filter(pk=at_25.case.pk).update(state="ended", outcome="closed", ended_at=at_25.now)
    assert order_board.open_sales(Filters()).count() == 0


def test_cards_are_given_to_somebody_and_who_cannot_have_one_is_told(
    at_25: Walk, chief: Client, people: dict[str, User]
) -> None:
    task = Task.objects.get(case=at_25.case, step="25", state="open")
    other = User.objects.create_user(username="ventas2", first_name="Otra", roles=["responsable_ventas_digitales"])
    chief.post(f"{BOARD}reasignar/?atraso=1", {"task": [str(task.pk)], "to": str(other.pk)})
    task.refresh_from_db()
    assert task.assignee == other
    answer = chief.post(f"{BOARD}reasignar/", {"task": [str(task.pk)], "to": str(people["cajero1"].pk)}, follow=True)
    task.refresh_from_db()
    assert task.assignee == other
    assert "1 no:" in answer.content.decode()


@pytest.mark.parametrize("asked", [{}, {"task": "x", "to": "1"}, {"task": "1", "to": "999999"}])
def test_giving_nothing_or_to_nobody_says_what_to_do(chief: Client, asked: dict[str, str]) -> None:
    assert "Marque al menos una" in chief.post(f"{BOARD}reasignar/", asked, follow=True).content.decode()


# ---------------------------------------------------------------- the T.I. report
def test_the_differences_are_shown_order_by_order_and_nothing_has_changed(at_25: Walk, chief: Client) -> None:
    order = ProductOrder.objects.get()
    found = brought(chief, f"{order.number};ATENDIDO/CERRADA;;", "OS-NADA;ANULADA;;", f"{order.number};perdida;;")
    page = chief.get(f"{BOARD}informe-ti/{found.pk}/").content.decode()
    assert f"se cierra la venta {at_25.case.number}" in page
    assert "No hay ninguna orden OS-NADA" in page
    assert "No se conoce ese estado" in page
    assert "Aplicar 1 cambio" in page
    order.refresh_from_db()
    assert order.state != "completed"


def test_an_attended_order_closes_its_sale(at_25: Walk, chief: Client) -> None:
    order = ProductOrder.objects.get()
    done = applied(chief, brought(chief, f"{order.number.lower()};Atendido / Cerrada;;"))
    at_25.sale.refresh_from_db()
    order.refresh_from_db()
    assert (done.state, done.accepted, done.refused) == ("done", 1, 0)
    assert (order.state, at_25.sale.follow_up) == ("completed", "attended")
    assert "25" not in at_25.open_steps


def test_an_annulled_one_waits_for_a_decision_with_its_day_and_reason(at_25: Walk, chief: Client) -> None:
    order = ProductOrder.objects.get()
    done = applied(chief, brought(chief, f"{order.number};ANULADA;20/11/2025;Sin facilidades"))
    order.refresh_from_db()
    assert (order.state, order.annul_reason, done.noted) == ("cancelled", "Sin facilidades", 1)
    assert "25" in at_25.open_steps


def test_an_order_attended_before_25_waits_for_it(walk: Walk, chief: Client) -> None:
    ordered(sold_prepaid(walk))
    order = ProductOrder.objects.get()
    applied(chief, brought(chief, f"{order.number};CERRADA;;"))
    order.refresh_from_db()
    assert (order.state, "23" in walk.open_steps) == ("completed", True)


def test_the_same_report_twice_changes_nothing_more(at_25: Walk, chief: Client) -> None:
    order = ProductOrder.objects.get()
    applied(chief, brought(chief, f"{order.number};CERRADA;;"))
    again = brought(chief, f"{order.number};CERRADA;;")
    assert "Nada cambia" in chief.get(f"{BOARD}informe-ti/{again.pk}/").content.decode()


def test_half_wrong_the_right_half_is_applied(at_25: Walk, chief: Client) -> None:
    order = ProductOrder.objects.get()
    lines = [
        f"{order.number};CERRADA;;",
        "OS-1;CERRADA;;",
        f"{order.number};INGRESADA;;",
        f"{order.number};CERRADA;01/01/2099;",
    ]
    done = applied(chief, brought(chief, *lines))
    assert (done.accepted, done.refused) == (1, 3)


def test_only_who_follows_up_brings_it(people: dict[str, User], client: Client) -> None:
    client.force_login(people["jefeventas1"])
    assert client.get("/importaciones/nueva/ti-orders/").status_code == 403
