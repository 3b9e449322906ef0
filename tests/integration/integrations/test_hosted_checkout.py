"""11.2: the customer pays on the hosted page, and the signed receipt comes upward once."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from thaki.integrations.payments import embedded, operations, port
from thaki.integrations.payments.models import HostedCheckout, TakenReceipt
from thaki.integrations.payments.port import Checkout, Receipt, get_payments
from thaki.integrations.payments.rules import check_card_number, check_cvv, check_expiry, signature_of
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
CARD = {
    "action": "card",
    "payer": "Juan Quispe",
    "card_number": "4111 1111 1111 1111",
    "expiry": "12/40",
    "cvv": "123",
}


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Receipt]]:
    """The receipts that came upward."""
    receipts: list[Receipt] = []
    monkeypatch.setattr(port, "_receivers", [receipts.append])
    yield receipts


@pytest.fixture
def checkout() -> Checkout:
    """An open checkout of Bs 339."""
    return create()


def create(amount: str = "339.00", **other: Any) -> Checkout:
    """Asks the provider for a checkout."""
    given = {
        "reference": "GVD-2026-000001",
        "amount_bob": Decimal(amount),
        "description": "Fibra Hogar 60",
        "return_url": "/mi/enlace/",
        "now": timezone.now(),
    }
    return get_payments().create_checkout(**{**given, **other})


def page(checkout: Checkout) -> str:
    """The address of the hosted page."""
    return reverse("payments:checkout", args=[checkout.token])


def state(checkout: Checkout) -> str:
    """How far the checkout is."""
    found = get_payments().checkout(checkout.token, now=timezone.now())
    assert found is not None
    return found.state


def test_the_page_shows_what_is_to_be_paid(client: Client, checkout: Checkout) -> None:
    shown = client.get(page(checkout)).content.decode()
    assert "Bs 339,00" in shown.replace("\xa0", " ")
    assert "GVD-2026-000001" in shown
    assert "<svg" in shown


def test_the_address_cannot_be_guessed(client: Client, checkout: Checkout) -> None:
    assert len(checkout.token) >= 40
    assert client.get(reverse("payments:checkout", args=["x" * 43])).status_code == 404


def test_a_card_pays_and_the_receipt_comes_upward(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    assert client.post(page(checkout), CARD).status_code == 302
    (receipt,) = taken
    assert (receipt.reference, receipt.amount_bob, receipt.method) == ("GVD-2026-000001", Decimal("339.00"), "card")
    assert "Recibo" in client.get(page(checkout)).content.decode()
    assert state(checkout) == "paid"


def test_a_qr_pays(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    client.post(page(checkout), {"action": "qr", "payer": "Ana Flores"})
    assert [r.method for r in taken] == ["qr"]


def test_of_the_card_only_the_last_digits_are_kept(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    client.post(page(checkout), CARD)
    kept = HostedCheckout.objects.values().get()
    assert kept["card_end"] == "1111"
    assert "41111111" not in json.dumps(kept, default=str)


def test_sent_twice_it_is_paid_once(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    client.post(page(checkout), CARD)
    again = client.post(page(checkout), CARD)
    assert (again.status_code, len(taken)) == (422, 1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"card_number": "4111 1111 1111 1112"}, "número de tarjeta"),
        ({"expiry": "13/30"}, "vencida"),
        ({"expiry": "01/20"}, "vencida"),
        ({"cvv": "12"}, "código de seguridad"),
        ({"payer": "4111"}, "nombre"),
        ({"card_number": "4000000000000002"}, "rechazada"),
        ({"action": "gold"}, "Bs 339,00"),
    ],
)
def test_what_is_wrong_is_said_in_place_and_nothing_is_paid(
    client: Client, checkout: Checkout, taken: list[Receipt], change: dict[str, str], said: str
) -> None:
    answer = client.post(page(checkout), {**CARD, **change})
    assert answer.status_code == 422
    assert said.lower() in answer.content.decode().replace("\xa0", " ").lower()
    assert (taken, state(checkout)) == ([], "open")


def test_after_its_time_it_cannot_be_paid(client: Client, taken: list[Receipt]) -> None:
    late = create(now=timezone.now() - timedelta(hours=49))
    assert client.post(page(late), CARD).status_code == 422
    assert "venció" in client.get(page(late)).content.decode()
    assert (taken, state(late)) == ([], "expired")


def test_the_customer_can_cancel(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    client.post(page(checkout), {"action": "cancel"})
    client.post(page(checkout), CARD)
    assert (taken, state(checkout)) == ([], "cancelled")


def test_asking_again_gives_the_same_page_and_another_amount_closes_it(checkout: Checkout) -> None:
    assert create().token == checkout.token
    assert create("100.00").token != checkout.token
    assert state(checkout) == "cancelled"


def test_the_page_refuses_a_form_without_its_token(checkout: Checkout) -> None:
    assert Client(enforce_csrf_checks=True).post(page(checkout), CARD).status_code == 403


# --- the signed message ------------------------------------------------------------------------------------------------


def paid_message(checkout: Checkout) -> tuple[bytes, str]:
    """The message of a paid checkout that nobody was told of yet."""
    paid = embedded.pay(checkout.token, method="qr", payer="Ana", now=timezone.now())
    return embedded.message_of(paid)


def notify(client: Client, body: bytes, signature: str) -> int:
    """A provider's call."""
    address = reverse("payments:notice")
    answer = client.post(address, body, content_type="application/json", headers={"X-Signature-256": signature})
    return answer.status_code


def test_a_signed_message_is_taken_once(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    body, signature = paid_message(checkout)
    assert [notify(client, body, signature) for _ in range(2)] == [200, 200]
    assert len(taken) == 1


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=" + "0" * 64, "ñ"])
def test_a_message_that_is_not_signed_is_not_believed(
    client: Client, checkout: Checkout, taken: list[Receipt], signature: str
) -> None:
    body, _right = paid_message(checkout)
    assert (notify(client, body, signature), taken) == (403, [])


def test_a_message_changed_on_the_way_is_not_believed(client: Client, checkout: Checkout, taken: list[Receipt]) -> None:
    body, signature = paid_message(checkout)
    assert notify(client, body.replace(b"339.00", b"339.01"), signature) == 403


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"paid_at": "x", "amount_bob": "y"}'])
def test_a_signed_message_that_cannot_be_read_is_refused(client: Client, body: bytes, taken: list[Receipt]) -> None:
    assert notify(client, body, signature_of(body, embedded.secret())) == 400


def test_an_endless_message_is_refused(client: Client) -> None:
    assert notify(client, b"x" * 100_000, "") == 413


def test_a_receipt_that_was_refused_comes_again(
    checkout: Checkout, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(receipt: Receipt) -> None:
        raise RuntimeError("the case is busy")

    monkeypatch.setattr(port, "_receivers", [refuse])
    assert client.post(page(checkout), CARD).status_code == 302  # the customer has paid, whatever our trouble is
    assert not TakenReceipt.objects.exists()
    receipts: list[Receipt] = []
    monkeypatch.setattr(port, "_receivers", [receipts.append])
    assert operations.tell_again(now=timezone.now()) == 1
    assert operations.tell_again(now=timezone.now()) == 0
    assert len(receipts) == 1


# --- cards -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["4111111111111111", "5555-5555-5555-4444", "3782 822463 10005"])
def test_a_right_card_number_passes(number: str) -> None:
    assert check_card_number(number).isdigit()


@pytest.mark.parametrize("number", ["", "4111", "4111111111111112", "4111a11111111111"])
def test_a_wrong_card_number_does_not(number: str) -> None:
    with pytest.raises(RuleError):
        check_card_number(number)


def test_a_card_is_good_through_its_month() -> None:
    assert check_expiry("11/26", date(2026, 11, 30)) == (2026, 11)
    assert check_expiry("1 / 2027", date(2026, 11, 30)) == (2027, 1)
    for text in ("10/26", "11/50", "0/27", "nunca"):
        with pytest.raises(RuleError):
            check_expiry(text, date(2026, 11, 30))


@pytest.mark.parametrize("text", ["12", "12345", "abc", ""])
def test_the_code_is_three_or_four_digits(text: str) -> None:
    with pytest.raises(RuleError):
        check_cvv(text)
