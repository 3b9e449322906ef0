"""The screens of the money: the steps' own, the cashier's queue, the deposits, and the recurring control."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from tests.integration.sales.billing import accept, an_account, bring_papers, choose, send_slip, the_payment
from tests.integration.sales.conftest import NOW, Walk
from tests.integration.sales.test_step_11_prepaid import pay_on_the_web
from tests.integration.sales.test_step_12_deposit import send_waiting

from thaki.cases.models import Task
from thaki.people.models import User
from thaki.procedures.sales import bank_qr
from thaki.records.billing.models import Invoice, Payment, RecurringBill, Refund


@pytest.fixture(autouse=True)
def plain_static(settings: object) -> None:
    """No manifest of static files is needed to render a page."""
    settings.STORAGES = {  # type: ignore[attr-defined]  # pytest-django's settings take any name
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def same_clock() -> Iterator[None]:
    """The server's clock is that of the walks."""
    with time_machine.travel(NOW):
        yield


def signed_in(user: User) -> Client:
    """A browser of that person's."""
    client = Client()
    client.force_login(user)
    return client


def screen(walk: Walk, task: Task) -> str:
    """The task's page, as whoever has it sees it."""
    response = signed_in(walk.who(task)).get(reverse("task", args=[task.pk]))
    assert response.status_code == 200
    return str(response.content.decode())


def test_the_screen_of_9_shows_the_three_papers_and_the_model_of_the_letter(walk: Walk) -> None:
    walk.to(9)
    page = screen(walk, walk.task(9))
    assert all(
        word in page for word in ("Carnet de identidad", "Ubicación", "Carta de solicitud", "carta-solicitud.pdf")
    )
    response = signed_in(walk.people["ejecutivo1"]).get(reverse("sales_billing:letter_model", args=[walk.case.number]))
    assert response.content.startswith(b"%PDF")


def test_the_screen_of_10_says_what_each_form_costs_now(walk: Walk) -> None:
    bring_papers(walk)
    assert "Bs\xa0399,00" in screen(walk, walk.task(10))


def test_the_screen_of_11_shows_the_accounts_with_their_qr_and_the_payment_page(walk: Walk) -> None:
    an_account()
    choose(walk, "prepaid")
    page = screen(walk, walk.task(11))
    assert all(word in page for word in ("1-2345678", "<svg", "/pago/", walk.case.number))


def test_a_rejected_deposit_says_why_at_11(walk: Walk) -> None:
    send_slip(walk)
    walk.done(12, {"decision": "reject", "reason": "not_found"})
    assert "No aparece en la cuenta" in screen(walk, walk.task(11))


def test_the_screen_of_12_shows_slip_comparison_and_drafts(walk: Walk) -> None:
    send_slip(walk)
    page = screen(walk, walk.task(12))
    assert all(
        word in page
        for word in (
            "data-slip",
            "Coincide en todo",
            "Transferencia bancaria</td>",
            "cajas@comteco.example",
            'data-key="a"',
        )
    )


def test_the_comparison_follows_what_is_typed(walk: Walk) -> None:
    send_slip(walk)
    client = signed_in(walk.people["cobranzas1"])
    typed = {"found_amount_bob": "300", "found_paid_on": "2026-11-23", "found_slip_number": "45821"}
    response = client.get(reverse("sales_billing:compare", args=[walk.case.number]), typed)
    assert "No coincide" in response.content.decode()


def test_the_comparison_is_for_cobranzas_only(walk: Walk) -> None:
    send_slip(walk)
    response = signed_in(walk.people["cajero1"]).get(reverse("sales_billing:compare", args=[walk.case.number]))
    assert response.status_code == 403


def test_the_refund_screen_asks_whether_the_money_came(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.withdraw", withdrawal_reason="changed_mind")
    task = Task.objects.get(case=walk.case, node="Refund_Withdrawn", state="open")
    assert "¿Llegó el dinero" in screen(walk, task)


# ---------------------------------------------------------------- Cajas
@pytest.fixture
def at_16(walk: Walk) -> Walk:
    """An invoice waits for its printer."""
    send_slip(walk)
    accept(walk)
    send_waiting(walk)
    return walk


def test_the_batch_prints_one_pdf_and_ends_step_16(at_16: Walk) -> None:
    invoice = Invoice.objects.get(case_ref=at_16.case.number)
    client = signed_in(at_16.people["cajero1"])
    assert invoice.number in client.get(reverse("sales_billing:queue")).content.decode()
    response = client.post(reverse("sales_billing:print"), {"invoice": [invoice.pk], "complete": "1"})
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "17" in at_16.open_steps
    invoice.refresh_from_db()
    assert (invoice.printed_by, invoice.copies) == (at_16.people["cajero1"], 0)


def test_an_invoice_is_not_printed_before_cajas_was_told(walk: Walk) -> None:
    """Else its step 16 would open after it was done, and stay open with nothing in the queue."""
    send_slip(walk)
    accept(walk)
    client = signed_in(walk.people["cajero1"])
    number = Invoice.objects.get(case_ref=walk.case.number).number
    assert number not in client.get(reverse("sales_billing:queue")).content.decode()
    send_waiting(walk)
    assert number in client.get(reverse("sales_billing:queue")).content.decode()


def test_a_reprint_is_counted_as_a_copy_and_entered_into_the_history(at_16: Walk) -> None:
    invoice = Invoice.objects.get(case_ref=at_16.case.number)
    client = signed_in(at_16.people["cajero1"])
    for _each in range(2):
        client.post(reverse("sales_billing:print"), {"invoice": [invoice.pk]})
    invoice.refresh_from_db()
    assert invoice.copies == 1
    assert at_16.case.history.filter(kind="noted", data__notes__copy=1).exists()


def test_an_agency_sees_and_prints_only_its_own(at_16: Walk) -> None:
    cashier = at_16.people["cajero1"]
    cashier.agency = "Agencia Sur"
    cashier.save()
    invoice = Invoice.objects.get(case_ref=at_16.case.number)
    client = signed_in(cashier)
    assert invoice.number not in client.get(reverse("sales_billing:queue")).content.decode()
    client.post(reverse("sales_billing:print"), {"invoice": [invoice.pk]})
    invoice.refresh_from_db()
    assert invoice.printed_at is None


def test_printed_invoices_are_archived_together_and_found_again(at_16: Walk) -> None:
    at_16.done(16, {"printed": "on"})
    invoice = Invoice.objects.get(case_ref=at_16.case.number)
    client = signed_in(at_16.people["cajero1"])
    client.post(reverse("sales_billing:archive_batch"), {"invoice": [invoice.pk]})
    invoice.refresh_from_db()
    assert invoice.archived_at is not None
    assert invoice.number in client.get(reverse("sales_billing:archive"), {"q": "rojas"}).content.decode()


def test_the_screens_of_16_and_17_offer_the_printer(at_16: Walk) -> None:
    assert "Imprimir el original" in screen(at_16, at_16.task(16))
    at_16.done(16, {"printed": "on"})
    assert "copia" in screen(at_16, at_16.task(17))


# ---------------------------------------------------------------- Cobranzas
def test_the_deposits_page_leads_to_the_step_that_waits(walk: Walk) -> None:
    send_slip(walk)
    page = signed_in(walk.people["cobranzas1"]).get(reverse("sales_billing:deposits")).content.decode()
    assert reverse("sales_billing:validate_one", args=[walk.task(12).pk]) in page


def test_an_invoice_that_goes_by_whatsapp_has_its_message_ready(walk: Walk) -> None:
    choose(walk, "prepaid")
    pay_on_the_web(walk)
    walk.done(11, {"result": "sent", "route": "web"})
    walk.done(12, {"decision": "accept", "invoice_by": "whatsapp"})
    page = signed_in(walk.people["cobranzas1"]).get(reverse("sales_billing:deposits")).content.decode()
    assert "https://wa.me/59171234567" in page


def test_a_refund_of_what_was_over_is_settled_there(walk: Walk) -> None:
    send_slip(walk, amount_bob="450")
    accept(walk, over_as="refund")
    refund = Refund.objects.get(case_ref=walk.case.number)
    client = signed_in(walk.people["cobranzas1"])
    client.post(reverse("sales_billing:settle_refund", args=[refund.pk]), {"method": "transfer", "reference": "TRX 7"})
    refund.refresh_from_db()
    assert (refund.state, refund.reference) == ("paid", "TRX 7")


def test_a_payment_that_no_step_waits_for_is_decided_there(walk: Walk) -> None:
    send_slip(walk)
    walk.act("sales.change_payment_form")
    walk.done(10, {"payment_form": "postpaid", "explained": "on"})
    client = signed_in(walk.people["cobranzas1"])
    assert "Pagos sin uso" in client.get(reverse("sales_billing:deposits")).content.decode()
    client.post(reverse("sales_billing:verify", args=[the_payment(walk).pk]), {"arrived": "yes"})
    assert Payment.objects.get(case_ref=walk.case.number).state == "refund_due"
    assert Refund.objects.get(case_ref=walk.case.number).state == "due"


# ---------------------------------------------------------------- Facturación
def test_the_monthly_list_shows_who_is_due_and_notes_who_paid(walk: Walk) -> None:
    choose(walk, "postpaid")
    assert "249,00" in screen(walk, walk.task(18))
    walk.done(18, {"method": "debit", "day": "28", "from_month": "2026-11"})
    bill = RecurringBill.objects.get()
    client = signed_in(walk.people["facturacion1"])
    assert "María Elena" in client.get(reverse("sales_billing:recurring"), {"mes": "2026-11"}).content.decode()
    client.post(reverse("sales_billing:pay_bill", args=[bill.pk]), {"reference": "DEB 1"})
    bill.refresh_from_db()
    assert bill.paid_reference == "DEB 1"
    assert client.get(reverse("sales_billing:recurring_xlsx"), {"mes": "2026-11"}).content.startswith(b"PK")


def test_sales_sees_the_list_but_does_not_write_it(walk: Walk) -> None:
    client = signed_in(walk.people["ejecutivo1"])
    assert client.get(reverse("sales_billing:recurring")).status_code == 200
    assert client.post(reverse("sales_billing:issue_month")).status_code == 403


# ---------------------------------------------------------------- the QR
def test_the_qr_of_an_account_says_where_how_much_and_for_what(db: None) -> None:
    text = bank_qr.account_text(an_account(), Decimal("399"), "GVD-2026-000001")
    assert text.splitlines()[1:] == [
        "Banco: Banco Unión",
        "Cuenta: 1-2345678 (BOB)",
        "Monto: Bs 399,00",
        "Referencia: GVD-2026-000001",
    ]
