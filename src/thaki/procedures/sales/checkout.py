"""The sale's electronic payment (GVD 11.2): the page that the customer is sent to, and what its receipt does.

A receipt marks the payment as received and completes nothing: step 11 is ended by a person, and web payments pass 12 too.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases import operations as cases
from thaki.cases import store
from thaki.cases.models import Case
from thaki.cases.registry import Work
from thaki.integrations.payments import embedded
from thaki.integrations.payments.port import Receipt, get_payments, receive_with
from thaki.procedures.sales import money
from thaki.procedures.sales.contact import sign_of_life
from thaki.procedures.sales.form_parts import customer_link
from thaki.procedures.sales.models import PaymentRoute, Sale
from thaki.records.billing import operations
from thaki.records.billing.models import Payment


def renew(work: Work) -> None:
    """A page for what is due now; an open one for the same amount is kept, any other of the sale closes. The caller saves."""
    sale: Sale = work.record
    due = money.due_of(sale, work.case.number)
    if due <= 0:
        return
    made = get_payments().create_checkout(
        reference=work.case.number,
        amount_bob=due,
        description=_("%(plan)s: instalación y primer mes") % {"plan": sale.plan},
        return_url=customer_link(work),
        now=work.now,
    )
    sale.checkout = made.token


def close(work: Work) -> None:
    """The page can no longer be paid: the customer pays in another way. The caller saves."""
    sale: Sale = work.record
    if sale.checkout:
        get_payments().cancel_checkout(sale.checkout, now=work.now)
    sale.checkout = ""


def address(sale: Sale, *, now: datetime) -> str:
    """Where the customer pays; "" when no page is open."""
    found = get_payments().checkout(sale.checkout, now=now) if sale.checkout else None
    return found.url if found is not None and found.state == "open" else ""


def receive(receipt: Receipt) -> None:
    """A receipt of the gateway arrives, for a case of ours or somebody else's. Registered with the payments room."""
    case = Case.objects.filter(number=receipt.reference, procedure="sales").first()
    if case is None:
        return
    now = max(timezone.now(), receipt.paid_at)
    with transaction.atomic():
        store.lock_and_read(case.pk)
        sale = Sale.objects.select_for_update(of=("self",)).get(pk=case.pk)
        payment = book(sale, case, receipt, now=now)
        sale.save(update_fields=["payment", "payment_route"])
        cases.note(case.pk, by=None, now=now, receipt=receipt.number, payment=payment.pk)


def book(sale: Sale, case: Case, receipt: Receipt, *, now: datetime) -> Payment:
    """Note the payment that a receipt tells of; the caller saves the sale."""
    payment = operations.register_payment(
        case_ref=case.number,
        form=Payment.Form.WEB,
        slip_number=receipt.number,
        amount_bob=receipt.amount_bob,
        paid_on=timezone.localdate(receipt.paid_at),
        operation_type=Payment.Operation.QR if receipt.method == "qr" else Payment.Operation.CARD,
        customer=sale.customer,
        depositor=receipt.payer,
        by=None,
        now=now,
    )
    sale.payment_route = PaymentRoute.WEB
    money.point(sale, case.number)
    sign_of_life(case, now=now)
    return payment


def rehearse_payment(work: Work) -> None:
    """In a rehearsal nobody is at the page: the embedded provider is paid in the customer's place, and its receipt booked."""
    sale: Sale = work.record
    paid = embedded.pay(sale.checkout, method="card", payer=str(sale.customer), now=work.now)
    receipt = embedded.EmbeddedPayments().read_receipt(*embedded.message_of(paid))
    book(sale, work.case, receipt, now=work.now)


def register() -> None:
    """Tell the payments room who takes its receipts."""
    receive_with(receive)
