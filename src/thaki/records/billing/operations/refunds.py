"""Money to give back: due, then paid or credited (R-A4, R-A7)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from thaki.people.prepared import Prepared
from thaki.records.billing.models import Payment, Refund
from thaki.records.money import check_amount, format_bob
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User


def _left(payment: Payment) -> Decimal:
    """What of a payment no refund has taken yet."""
    taken = payment.refunds.aggregate(total=Sum("amount_bob"))["total"]
    return payment.amount_bob - (taken or Decimal(0))


def open_refund(
    payment: Payment, amount_bob: Decimal, *, reason: str, credited_by: User | None = None, now: datetime
) -> Refund:
    """Open a refund of part of a locked payment, or settle it at once as a credit by `credited_by`."""
    left = _left(payment)
    if amount_bob > left:
        raise RuleError("refund_exceeds", on="amount_bob", left=format_bob(left))
    settled = {"state": Refund.State.CREDITED, "settled_at": now, "settled_by": credited_by} if credited_by else {}
    return Refund.objects.create(
        case_ref=payment.case_ref,
        payment=payment,
        amount_bob=amount_bob,
        reason=tidy(reason)[:200],
        due_at=now,
        **settled,
    )


@transaction.atomic
def refund_due(
    payment_id: int, *, amount_bob: Decimal | None = None, reason: str, by: User | None, now: datetime
) -> Refund:
    """Open a refund of an accepted payment; without an amount, of all that is left of it."""
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    if not tidy(reason):
        raise RuleError("reason_missing", on="reason")
    if payment.state not in (Payment.State.ACCEPTED, Payment.State.REFUND_DUE):
        raise RuleError(
            "state_forbids",
            what=payment.slip_number,
            state=payment.get_state_display(),
            to=str(Payment.State.REFUND_DUE.label),
        )
    refund = open_refund(
        payment, check_amount(_left(payment) if amount_bob is None else amount_bob), reason=reason, now=now
    )
    if _left(payment) == 0:
        payment.state = Payment.State.REFUND_DUE
        payment.save(update_fields=["state"])
    return refund


@transaction.atomic
def refund_case(case_ref: str, *, reason: str, by: User | None, now: datetime) -> list[Refund]:
    """Open refunds of all money that a sale has in: after a withdrawal or an annulment. Twice is once."""
    payments = _ACCEPTED.all(case_ref, Payment.State.ACCEPTED)
    return [refund_due(p.pk, reason=reason, by=by, now=now) for p in payments if _left(p) > 0]


_ACCEPTED = Prepared(Payment, "m.case_ref = %s AND m.state = %s ORDER BY m.id", lock=True)


def _settle(refund_id: int, state: str, reference: str, *, by: User, now: datetime) -> Refund:
    """Settle a due refund; when a payment's refunds are all settled and take all of it, it is refunded."""
    payment = Payment.objects.select_for_update().get(
        refunds=refund_id
    )  # the payment first: one order for all who lock both
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.state != Refund.State.DUE:
        raise RuleError(
            "state_forbids", what=str(refund), state=refund.get_state_display(), to=str(Refund.State(state).label)
        )
    refund.state, refund.settled_at, refund.settled_by, refund.reference = state, now, by, reference
    refund.save(update_fields=["state", "settled_at", "settled_by", "reference"])
    still_due = payment.refunds.filter(state=Refund.State.DUE).exists()
    if payment.state == Payment.State.REFUND_DUE and not still_due:
        payment.state = Payment.State.REFUNDED
        payment.save(update_fields=["state"])
    return refund


@transaction.atomic
def pay_refund(refund_id: int, *, reference: str, by: User, now: datetime) -> Refund:
    """Cobranzas gave the money back, with the number of the transfer or voucher."""
    if not tidy(reference):
        raise RuleError("refund_reference", on="reference")
    return _settle(refund_id, Refund.State.PAID, tidy(reference)[:60], by=by, now=now)


@transaction.atomic
def credit_refund(refund_id: int, *, by: User, now: datetime) -> Refund:
    """The customer left the money as a credit to his account."""
    return _settle(refund_id, Refund.State.CREDITED, "", by=by, now=now)
