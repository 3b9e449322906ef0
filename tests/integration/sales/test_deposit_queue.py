"""The validation queue of step 12: one deposit after another, two Encargados at once, nothing lost."""

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.integration.sales.billing import accept, send_slip, the_payment
from tests.integration.sales.conftest import NOW, Walk
from tests.integration.sales.test_billing_pages import plain_static as plain_static
from tests.integration.sales.test_billing_pages import signed_in

from thaki.cases import operations
from thaki.people.models import User


@pytest.fixture(autouse=True)
def same_clock() -> Iterator[None]:
    """The server's clock is that of the walks."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def other(walk: Walk) -> User:
    """A second Encargado."""
    return User.objects.create_user(username="cobranzas2", first_name="Rita", roles=["encargado_cobranzas"])


@pytest.fixture
def client(walk: Walk) -> Client:
    """The first Encargado's browser."""
    send_slip(walk)
    return signed_in(walk.people["cobranzas1"])


def one(walk: Walk) -> str:
    """The address of the sale's deposit in the queue."""
    return reverse("sales_billing:validate_one", args=[walk.task(12).pk])


def test_the_door_says_what_waits_and_opens_the_first(walk: Walk, client: Client) -> None:
    door = reverse("sales_billing:validate")
    assert walk.case.number in client.get(door).content.decode()
    assert client.post(door)["Location"] == one(walk)
    assert walk.task(12).assignee == walk.people["cobranzas1"]


def test_a_deposit_shows_the_slip_the_comparison_and_its_place(walk: Walk, client: Client) -> None:
    page = client.get(one(walk)).content.decode()
    assert all(words in page for words in ("Depósito 1 de 1", "data-slip", "Coincide en todo", 'data-key="a"'))


def test_accepting_does_step_12_and_comes_back_when_the_queue_is_empty(walk: Walk, client: Client) -> None:
    response = client.post(one(walk), {"decision": "accept", "agency": "Agencia Central"})
    assert response["Location"] == reverse("sales_billing:validate")
    assert the_payment(walk).state == "accepted"
    assert "Ningún depósito por validar" in client.get(response["Location"]).content.decode()


def test_what_the_step_refuses_comes_back_in_place(walk: Walk, client: Client) -> None:
    response = client.post(one(walk), {"decision": "accept", "found_amount_bob": "300", "agency": "Agencia Central"})
    assert response.status_code == 422
    assert "Hay datos que no coinciden" in response.content.decode()


def test_the_second_to_finish_is_told_who_was_first_and_keeps_what_he_typed(
    walk: Walk, client: Client, other: User
) -> None:
    address = one(walk)
    operations.complete(walk.task(12).pk, by=other, now=NOW, data={"decision": "accept", "agency": "Agencia Central"})
    response = client.post(address, {"decision": "reject", "note": "Llamé al banco"})
    page = response.content.decode()
    assert response.status_code == 409
    assert "Rita ya completó" in page
    assert "Llamé al banco" in page


def test_what_a_colleague_has_is_not_in_ones_queue(walk: Walk, client: Client, other: User) -> None:
    operations.claim(walk.task(12).pk, by=other, now=NOW)
    page = client.get(reverse("sales_billing:validate")).content.decode()
    assert "Rita tiene 1 depósito" in page
    assert walk.case.number not in page
    assert client.get(one(walk)).status_code == 302


def test_leaving_one_for_later_frees_it_and_keeps_the_draft(walk: Walk, client: Client) -> None:
    task = walk.task(12)
    client.post(reverse("sales_billing:validate"))
    operations.save_draft(task.pk, {"note": ["Falta confirmar"]}, by=walk.people["cobranzas1"], now=NOW)
    client.post(reverse("sales_billing:leave", args=[task.pk]))
    assert walk.task(12).assignee is None
    assert "Falta confirmar" in client.get(one(walk)).content.decode()


def test_a_deposit_that_was_decided_leads_back_to_the_queue(walk: Walk, client: Client) -> None:
    address = one(walk)
    accept(walk)
    assert client.get(address)["Location"] == reverse("sales_billing:validate")
    assert client.get(reverse("sales_billing:validate_one", args=[999999])).status_code == 404
