"""The sale's money on top of the billing records: what it costs, what is in, and which payment the sale points at.

Called inside `deliver`, with case and sale locked; the caller saves the sale.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet, Sum

from thaki.cases.registry import Work
from thaki.people.prepared import Prepared
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.rules_payment import amount_due
from thaki.records.billing import operations, queries
from thaki.records.billing.models import MONEY_STATES, BankAccount, Payment, Refund
from thaki.records.billing.rules import Deposit, compare_deposit, normal_slip
from thaki.records.reasons import RuleError
from thaki.records.text import tidy


class Seen:
    """The sale's money as forms and screens read it, each thing asked once; whatever changes money asks the records anew."""

    def __init__(self, sale: Sale, case_ref: str) -> None:
        self.case_ref = case_ref
        self.price_bob = price_of(sale)

    @cached_property
    def payments(self) -> list[Payment]:
        """All payments of the sale, the latest first."""
        return list(queries.payments_of(self.case_ref).prefetch_related("refunds"))

    @cached_property
    def accounts(self) -> list[BankAccount]:
        """Where customers transfer to."""
        return list(queries.bank_accounts())

    @property
    def waiting(self) -> Payment | None:
        """The payment that Cobranzas has to decide on."""
        return next((payment for payment in self.payments if payment.state == Payment.State.RECEIVED), None)

    @property
    def paid_bob(self) -> Decimal:
        """Accepted money less what is to go back of it."""
        accepted = [payment for payment in self.payments if payment.state == Payment.State.ACCEPTED]
        return sum((p.amount_bob - sum(r.amount_bob for r in p.refunds.all()) for p in accepted), Decimal(0))

    @property
    def due_bob(self) -> Decimal:
        """What is still missing."""
        return max(self.price_bob - self.paid_bob, Decimal(0))


def seen(work: Work) -> Seen:
    """The money of the sale that is being shown or answered, kept with the record that this request read."""
    known = work.record.__dict__
    if "money_seen" not in known:
        known["money_seen"] = Seen(work.record, work.case.number)
    found: Seen = known["money_seen"]
    return found


def price_of(sale: Sale) -> Decimal:
    """What the prepaid customer pays in all, as agreed in the letter."""
    return amount_due(sale.tariff_bob or Decimal(0), sale.installation_bob or Decimal(0))


def due_of(sale: Sale, case_ref: str) -> Decimal:
    """What is still missing: parts that Cobranzas accepted are taken off (R-A7)."""
    return queries.due_bob(case_ref, price_of(sale))


def held(case_ref: str) -> QuerySet[Payment]:
    """The payments whose money is, or may be, in; the latest first."""
    return queries.payments_of(case_ref).filter(state__in=MONEY_STATES)


def held_bob(case_ref: str) -> Decimal:
    """What they amount to, less what was given back of them."""
    amount = held(case_ref).aggregate(total=Sum("amount_bob"))["total"] or Decimal(0)
    settled = Refund.objects.filter(payment__in=held(case_ref)).exclude(state=Refund.State.DUE)
    return amount - (settled.aggregate(total=Sum("amount_bob"))["total"] or Decimal(0))


_POINTED = Prepared(Payment, "m.case_ref = %s ORDER BY (m.state = ANY(%s)) DESC, m.received_at DESC, m.id DESC LIMIT 1")


def point(sale: Sale, case_ref: str) -> None:
    """Let the sale point at a payment that holds money if there is one (the fact `money_in`), else at its latest."""
    sale.payment = _POINTED.first(case_ref, list(MONEY_STATES))


def told_by(payment: Payment) -> Deposit:
    """A payment as the slip (or the gateway's receipt) tells it."""
    return Deposit(payment.amount_bob, payment.paid_on, payment.slip, payment.operation_type, payment.depositor)


def correct(payment: Payment, found: Deposit) -> None:
    """Write the slip's data as Cobranzas reads them, where they had been noted wrong; a used number is refused."""
    number = normal_slip(found.slip_number)
    used = queries.slip_in_use(number, but=payment.pk)
    if used is not None:
        raise RuleError("slip_used", on="slip_number", slip_number=number, case_ref=used.case_ref)
    payment.slip_number, payment.amount_bob, payment.paid_on = number, found.amount_bob, found.paid_on
    payment.slip_written = tidy(found.slip_number)[:60]
    payment.operation_type, payment.depositor = found.operation_type, found.depositor
    payment.save(update_fields=["slip_number", "slip_written", "amount_bob", "paid_on", "operation_type", "depositor"])


def take_in(payment: Payment, work: Work) -> None:
    """Accept a payment as it is, because its money did come and has to go back."""
    deposit = told_by(payment)
    comparison = compare_deposit(deposit, deposit, due_bob=payment.amount_bob)
    operations.accept_payment(payment.pk, comparison=comparison, by=work.by, now=work.now)


def return_all(work: Work, *, reason: str) -> list[Refund]:
    """Open refunds of all that the sale has in; slips not yet verified stay with Cobranzas until they are."""
    opened = operations.refund_case(work.case.number, reason=reason, by=work.by, now=work.now)
    if opened:
        work.note(refunds=[refund.pk for refund in opened])
    point(work.record, work.case.number)
    return opened
