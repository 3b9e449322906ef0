"""Deciding a billing claim: Facturación takes the bill off, or a part of it, or lets it wait for the bill (RET 4 and 13).

A claim is for one service and one month. While that month's bill is not issued it waits, and `bill_issued` applies it the moment
that it is (R-B13). What was paid already is not given back here: it stands in the customer's favour.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from thaki.records.billing.service_models import BillingClaim, ServiceBill
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User

State = BillingClaim.State


@transaction.atomic
def apply(claim_id: int, *, by: User | None, now: datetime) -> BillingClaim:
    """Apply a claim to its month's bill; while there is none it waits for it. Applying twice is once."""
    claim = _locked(claim_id)
    if claim.state == State.APPLIED:
        return claim
    _check_undecided(claim)
    bill = (
        ServiceBill.objects.select_for_update(no_key=True)
        .filter(subscription=claim.subscription_id, month=claim.month)
        .first()
    )
    if bill is None:
        claim.state = State.WAITING_BILL
        claim.save(update_fields=["state"])
        return claim
    _take_off(claim, bill, by, now)
    return claim


@transaction.atomic
def reject(claim_id: int, *, note: str, by: User | None, now: datetime) -> BillingClaim:
    """Refuse a claim, with the reason; the month is free for another one."""
    claim = _locked(claim_id)
    _check_undecided(claim)
    words = tidy(note)[:300]
    if not words:
        raise RuleError("reason_missing", on="note")
    claim.state, claim.note, claim.applied_at, claim.applied_by = State.REJECTED, words, now, by
    claim.save(update_fields=["state", "note", "applied_at", "applied_by"])
    return claim


@transaction.atomic
def bill_issued(bill: ServiceBill, *, by: User | None, now: datetime) -> BillingClaim | None:
    """A month's bill was issued: the claim that waited for it is applied. One that Facturación has not seen stays hers."""
    waiting = BillingClaim.objects.select_for_update(no_key=True).filter(
        subscription=bill.subscription_id, month=bill.month, state=State.WAITING_BILL
    )
    claim = waiting.first()
    if claim is not None:
        _take_off(claim, bill, by, now)
    return claim


def _locked(claim_id: int) -> BillingClaim:
    return BillingClaim.objects.select_for_update(no_key=True).get(pk=claim_id)


def _check_undecided(claim: BillingClaim) -> None:
    if claim.state not in (State.REGISTERED, State.WAITING_BILL):
        raise RuleError("billing_claim_decided", claim=claim.number, state=claim.get_state_display().lower())


def _take_off(claim: BillingClaim, bill: ServiceBill, by: User | None, now: datetime) -> None:
    """Removal: nothing of the bill is owed. Compensation: its amount less, never below nothing."""
    if claim.kind == BillingClaim.Kind.REMOVAL:
        bill.removed_at = bill.removed_at or now
    else:
        bill.adjusted_bob = min(bill.amount_bob, bill.adjusted_bob + claim.amount_bob)
    bill.save(update_fields=["removed_at", "adjusted_bob"])
    claim.state, claim.bill, claim.applied_at, claim.applied_by = State.APPLIED, bill, now, by
    claim.save(update_fields=["state", "bill", "applied_at", "applied_by"])


def owed_bob(bill: ServiceBill) -> Decimal:
    """What is owed of a bill, paid or not: nothing of a removed one."""
    return Decimal(0) if bill.removed_at is not None else bill.amount_bob - bill.adjusted_bob
