"""Cajas: copies that say when and by whom, deliveries with a proof, what was not handed over, and the day of an agency."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from tests.integration.sales.billing import accept, send_slip
from tests.integration.sales.conftest import NOW, Walk
from tests.integration.sales.test_billing_pages import plain_static as plain_static
from tests.integration.sales.test_billing_pages import signed_in
from tests.integration.sales.test_step_12_deposit import send_waiting

from thaki.cases.runtime import AnswerInvalid
from thaki.procedures.sales import invoice_pdf
from thaki.records.billing import cashier, operations
from thaki.records.billing.models import Invoice


@pytest.fixture(autouse=True)
def same_clock() -> Iterator[None]:
    """The server's clock is that of the walks."""
    with time_machine.travel(NOW):
        yield


@pytest.fixture
def at_17(walk: Walk) -> Walk:
    """An invoice is printed and waits for its owner."""
    send_slip(walk)
    accept(walk)
    send_waiting(walk)
    walk.done(16, {"printed": "on"})
    return walk


def invoice(walk: Walk) -> Invoice:
    return Invoice.objects.get(case_ref=walk.case.number)


def test_every_print_is_kept_with_who_and_when_and_the_paper_says_it(at_17: Walk) -> None:
    cashier_ = at_17.people["cajero1"]
    (copy,) = operations.print_invoices([invoice(at_17).pk], by=cashier_, now=NOW + timedelta(hours=1))
    assert list(invoice(at_17).prints.order_by("pk").values_list("copy_number", "printed_by")) == [
        (0, cashier_.pk),
        (1, cashier_.pk),
    ]
    sheet = invoice_pdf.sheet(copy)
    assert (sheet["copy"], sheet["copy_number"]) == (True, 1)
    assert sheet["printed"] == "23/11/2026 11:00, Cajero Prueba"


def test_the_customer_himself_signs_with_his_own_carnet(at_17: Walk) -> None:
    at_17.done(17, {"archived": "on", "delivered_how": "in_hand"})
    done = invoice(at_17)
    assert done.delivered_id.startswith("4567890")
    assert (done.delivered_proof, done.delivered_by) == ("paper", at_17.people["cajero1"])


def test_whoever_takes_it_for_him_says_who_he_is(at_17: Walk) -> None:
    taken = {"archived": "on", "delivered_how": "in_hand", "delivered_to": "Pedro Rojas"}
    with pytest.raises(AnswerInvalid) as refused:
        at_17.done(17, taken)
    assert "delivered_id" in refused.value.form.errors
    at_17.done(17, taken | {"delivered_id": "3344556 CB", "delivered_proof": "confirmed"})
    assert (invoice(at_17).delivered_to, invoice(at_17).delivered_id) == ("Pedro Rojas", "3344556 CB")


def test_what_was_not_handed_over_is_listed_with_the_telephone_until_it_is(at_17: Walk) -> None:
    client = signed_in(at_17.people["cajero1"])
    address = reverse("sales_billing:undelivered")
    page = client.get(address).content.decode()
    assert invoice(at_17).number in page
    assert "tel:+59171234567" in page
    assert client.get(reverse("sales_billing:undelivered_xlsx")).content.startswith(b"PK")
    at_17.done(17, {"archived": "on", "delivered_how": "in_hand"})
    assert "Todo está entregado" in client.get(address).content.decode()


def test_the_agencys_day_tells_originals_copies_and_deliveries_apart(at_17: Walk) -> None:
    operations.print_invoices([invoice(at_17).pk], by=at_17.people["cajero1"], now=NOW)
    at_17.done(17, {"archived": "on", "delivered_how": "in_hand"})
    day = cashier.agency_day(NOW.date(), "Agencia Central")
    assert (len(day.originals), len(day.copies), len(day.delivered)) == (1, 1, 1)
    assert cashier.agency_day(NOW.date(), "Agencia Sur").originals == []
    client = signed_in(at_17.people["cajero1"])
    page = client.get(reverse("sales_billing:agency_day")).content.decode()
    assert "COPIA 1" in page
    assert client.get(reverse("sales_billing:agency_day_xlsx")).content.startswith(b"PK")


def test_an_agencys_lists_show_only_its_own(at_17: Walk) -> None:
    other = at_17.people["cajero1"]
    other.agency = "Agencia Sur"
    other.save()
    page = signed_in(other).get(reverse("sales_billing:undelivered"), {"agencia": "Agencia Central"})
    assert invoice(at_17).number not in page.content.decode()
