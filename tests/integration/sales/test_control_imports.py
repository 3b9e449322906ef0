"""Files of the recurring control: bills and payments, half of them wrong, and the same file brought again."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.sales.test_billing_pages import plain_static as plain_static

from thaki.people.models import User
from thaki.records.billing import operations
from thaki.records.billing.control_models import RecurringPayment
from thaki.records.billing.models import RecurringBill
from thaki.records.customers.models import Customer
from thaki.reporting import imports
from thaki.reporting.imports import jobs
from thaki.reporting.imports import operations as files
from thaki.reporting.imports.models import Import

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CASES = ("GVD-2026-000001", "GVD-2026-000002")


@pytest.fixture
def wilson(db: None) -> User:
    """Facturación's."""
    person = User.objects.create_user("wilson", roles=["division_facturacion"])
    for number, case in enumerate(CASES):
        customer = Customer.objects.create(
            code=f"C-{number}",
            given_names="Juan",
            surnames=f"Quispe {number}",
            ci_number=f"450000{number}",
            registered_at=NOW,
        )
        operations.enrol_recurring(
            case_ref=case, customer=customer, method="counter", day=10, from_month=date(2026, 11, 1),
            amount_bob=Decimal(249), by=person, now=NOW,
        )  # fmt: skip
    return person


def bring(code: str, text: str, by: User) -> Import:
    """The file, with the columns as proposed, run to its end."""
    kind = imports.kind_of(code)
    assert kind is not None
    found = files.receive(kind, text.encode(), name="archivo.csv", by=by, now=NOW)
    files.start(found.pk, kind, by=by, now=NOW)
    jobs.run_import(found.pk)
    found.refresh_from_db()
    return found


BILLS = """Caso;Periodo;Importe;Vencimiento;Nro factura
GVD-2026-000001;11/2026;249,00;10/11/2026;F-1
GVD-2026-000002;noviembre 2026;1.249,00;12/11/2026;F-2
GVD-2026-000009;11/2026;249,00;10/11/2026;F-3
GVD-2026-000001;13/2026;249,00;10/11/2026;F-4
"""
PAYMENTS = """Factura;Monto;Fecha de pago;Comprobante
F-1;249,00;09/11/2026;CAJ-1
F-2;1.000,00;09/11/2026;CAJ-2
F-1;249,00;10/11/2026;CAJ-3
F-2;abc;10/11/2026;CAJ-4
F-7;249,00;10/11/2026;CAJ-5
"""


def test_bills_come_in_once_and_wrong_rows_are_told(wilson: User) -> None:
    first, again = bring("recurring_bills", BILLS, wilson), bring("recurring_bills", BILLS, wilson)
    assert (first.accepted, first.refused) == (2, 2)
    assert sorted(RecurringBill.objects.values_list("number", "amount_bob")) == [
        ("F-1", Decimal(249)),
        ("F-2", Decimal(1249)),
    ]
    assert (again.accepted, RecurringBill.objects.count()) == (2, 2)


def test_payments_find_their_bills_and_a_file_brought_again_adds_nothing(wilson: User) -> None:
    bring("recurring_bills", BILLS, wilson)
    first, again = bring("recurring_payments", PAYMENTS, wilson), bring("recurring_payments", PAYMENTS, wilson)
    assert (first.accepted, first.refused) == (3, 2)
    assert (again.accepted, RecurringPayment.objects.count()) == (3, 3)
    one, two = RecurringBill.objects.get(number="F-1"), RecurringBill.objects.get(number="F-2")
    assert (one.paid_reference, two.paid_at) == ("CAJ-1", None)
    assert RecurringPayment.objects.get(reference="CAJ-3").fate == "paid_twice"


def test_the_page_lists_what_is_to_be_cleared_up_and_exports_what_is_filtered(wilson: User) -> None:
    bring("recurring_bills", BILLS, wilson)
    bring("recurring_payments", PAYMENTS, wilson)
    client = Client()
    client.force_login(wilson)
    page = client.get(reverse("sales_billing:recurring"), {"mes": "2026-11"}).content.decode()
    assert all(words in page for words in ("Cobro ya pagado", "CAJ-3", "entraron Bs"))
    overdue = {"mes": "2026-11", "estado": "overdue", "q": "quispe"}
    text = client.get(reverse("sales_billing:recurring_csv"), overdue).content.decode()
    assert "GVD-2026-000002" in text
    assert "GVD-2026-000001" not in text
    payment = RecurringPayment.objects.get(reference="CAJ-3")
    client.post(reverse("sales_billing:clear_payment", args=[payment.pk]), {"note": "Se devolvió"})
    payment.refresh_from_db()
    assert (payment.cleared_by, payment.cleared_note) == (wilson, "Se devolvió")
