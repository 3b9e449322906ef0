"""Payments: received with the slip or the gateway's receipt, then accepted or rejected by Cobranzas (steps 11 and 12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone

from thaki.records.billing.models import Payment, Refund
from thaki.records.billing.operations.refunds import open_refund
from thaki.records.billing.rules import (
    PAYMENT_MOVES,
    Comparison,
    Verdict,
    check_paid_on,
    normal_slip,
    split_fits,
)
from thaki.records.money import check_amount
from thaki.records.orders.rules import check_move
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User

State = Payment.State


@dataclass(frozen=True, slots=True)
class Accepted:
    """An accepted payment: what is still missing (short), or the refund or credit that what is over became."""

    payment: Payment
    missing_bob: Decimal
    refund: Refund | None = None


def _hold_slip(slip: str) -> None:
    """Let one transaction at a time decide about a slip number, so that the second one is told and does not crash."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))", [f"slip:{slip}"])


@transaction.atomic
def register_payment(
    *,
    case_ref: str,
    form: str,
    slip_number: str,
    amount_bob: Decimal,
    paid_on: date,
    operation_type: str,
    slip_total_bob: Decimal | None = None,
    by: User | None,
    now: datetime,
    **other: Any,
) -> Payment:
    """Note money that the customer says he paid; raises `RuleError("slip_used")` naming the sale that has the slip.

    Give `slip_total_bob` to use a share of a slip that Cobranzas splits over sales by name; `depositor` then says whose.
    `other`: customer, account, bank, depositor, document.
    """
    slip = normal_slip(slip_number)
    check_amount(amount_bob)
    check_paid_on(paid_on, timezone.localdate(now))
    _hold_slip(slip)
    using = list(Payment.objects.filter(slip_number=slip).exclude(state=State.REJECTED))
    _check_slip(slip, using, case_ref, amount_bob, slip_total_bob)
    return Payment.objects.create(
        case_ref=case_ref,
        form=form,
        slip_number=slip,
        slip_written=tidy(slip_number)[:60],
        amount_bob=amount_bob,
        paid_on=paid_on,
        operation_type=operation_type,
        is_split=slip_total_bob is not None,
        slip_total_bob=slip_total_bob,
        received_at=now,
        received_by=by,
        **other,
    )


def _check_slip(slip: str, using: list[Payment], case_ref: str, amount: Decimal, total: Decimal | None) -> None:
    """One slip pays once; a split one pays several sales, each once, and never more than its total (R-A7)."""
    for payment in using:
        if total is None or not payment.is_split or payment.case_ref == case_ref:
            raise RuleError("slip_used", on="slip_number", slip_number=slip, case_ref=payment.case_ref)
        if payment.slip_total_bob != total:
            raise RuleError("split_total_differs", on="slip_total_bob", total=payment.slip_total_bob)
    if total is not None:
        split_fits(total, {p.case_ref: p.amount_bob for p in using}, amount)


@transaction.atomic
def split_slip(payment_id: int, *, share_bob: Decimal, slip_total_bob: Decimal, by: User, now: datetime) -> Payment:
    """Cobranzas makes a received payment a share of its slip, so that other sales can use the rest."""
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    _hold_slip(payment.slip_number)
    if payment.state != State.RECEIVED:
        raise RuleError(
            "state_forbids", what=payment.slip_number, state=payment.get_state_display(), to=str(State.RECEIVED.label)
        )
    check_amount(share_bob, on="share_bob")
    split_fits(slip_total_bob, {}, share_bob)
    payment.is_split, payment.slip_total_bob, payment.amount_bob = True, slip_total_bob, share_bob
    payment.save(update_fields=["is_split", "slip_total_bob", "amount_bob"])
    return payment


def _decide(payment_id: int, to: str, *, by: User | None, now: datetime) -> Payment:
    """The payment, locked and moved to its decided state, not yet saved."""
    payment = Payment.objects.select_for_update().get(pk=payment_id)
    check_move(PAYMENT_MOVES, payment.state, to, what=payment.slip_number)
    payment.state, payment.decided_at, payment.decided_by = to, now, by
    return payment


@transaction.atomic
def accept_payment(
    payment_id: int, *, comparison: Comparison, over_becomes: str = "refund", by: User | None, now: datetime
) -> Accepted:
    """Cobranzas accepts a deposit (step 12). A mismatch is refused here: it is rejected, or its data are corrected first.

    Short: accepted, and the answer says what is missing (back to 11 for the difference). Over: what is over becomes a refund due
    or, with `over_becomes="credit"`, a credit to the customer's account. The amount is what the account shows.
    """
    if comparison.verdict == Verdict.MISMATCH:
        raise RuleError("deposit_mismatch")
    payment = _decide(payment_id, State.ACCEPTED, by=by, now=now)
    payment.finding = comparison.to_json()
    payment.save(update_fields=["state", "decided_at", "decided_by", "finding"])
    if comparison.verdict != Verdict.OVER:
        return Accepted(payment, comparison.missing_bob)
    credited_by = by if over_becomes == "credit" else None
    refund = open_refund(payment, comparison.over_bob, reason="Pago en exceso", credited_by=credited_by, now=now)
    return Accepted(payment, Decimal(0), refund)


@transaction.atomic
def reject_payment(
    payment_id: int, *, reason: str, comparison: Comparison | None = None, by: User | None, now: datetime
) -> Payment:
    """Cobranzas rejects a deposit with the reason that the customer is told; its slip number is free again."""
    if not tidy(reason):
        raise RuleError("reject_reason", on="reason")
    payment = _decide(payment_id, State.REJECTED, by=by, now=now)
    payment.reject_reason = tidy(reason)[:200]
    payment.finding = comparison.to_json() if comparison else {}
    payment.save(update_fields=["state", "decided_at", "decided_by", "reject_reason", "finding"])
    return payment
