"""Claims: register, reiterate, solve, reopen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from thaki.people.prepared import Prepared
from thaki.records.claims import changes
from thaki.records.claims.models import Claim, Fault, Reiteration
from thaki.records.claims.rules import check_claimed_at
from thaki.records.numbers import next_number
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.customers.models import Customer, Subscription

LONGEST = 300
_LOCKED = Prepared(Claim, "m.id = %s", follow=("subscription",), lock=True)


@transaction.atomic
def register(
    *,
    customer: Customer,
    subscription: Subscription,
    fault: str,
    description: str = "",
    source: str = Claim.Source.PHONE,
    claimed_at: datetime | None = None,
    number: str = "",
    case_ref: str = "",
    by: User | None,
    now: datetime,
) -> Claim:
    """Register a claim on a service of the customer; refused in the future. `number`: the one another system gave it."""
    claimed_at = claimed_at or now
    check_claimed_at(claimed_at, now)
    check_service(customer, subscription)
    if fault not in Fault.values:
        raise RuleError("claim_fault", on="fault")
    if number and Claim.objects.filter(number=number).exists():
        raise RuleError("claim_number_used", on="number", number=number)
    claim = Claim.objects.create(
        number=number or next_number("REC", now, case_ref=case_ref),
        customer=customer,
        subscription=subscription,
        product=subscription.plan.kind,
        fault=fault,
        description=tidy(description)[:LONGEST],
        claimed_at=claimed_at,
        source=source,
        registered_by=by,
    )
    changes.failing(claim, now)
    return claim


def check_service(customer: Customer, subscription: Subscription) -> None:
    """It is a service of this customer."""
    if subscription.customer_id != customer.pk:
        raise RuleError("service_of_another", on="subscription", number=subscription.number)


@transaction.atomic
def reiterate(claim_id: int, *, note: str = "", by: User | None, now: datetime) -> Reiteration:
    """The customer called again about a claim that is open still."""
    claim = _LOCKED.get(claim_id)
    if not claim.is_open:
        raise RuleError("claim_solved", number=claim.number)
    return _again(claim, note=note, reopens=False, by=by, now=now)


@transaction.atomic
def reopen(claim_id: int, *, note: str = "", by: User | None, now: datetime) -> Claim:
    """What was solved fails again."""
    claim = _LOCKED.get(claim_id)
    if claim.is_open:
        raise RuleError("claim_open", number=claim.number)
    claim.reopened_at = now
    claim.save(update_fields=["reopened_at"])
    _again(claim, note=note, reopens=True, by=by, now=now)
    return claim


def _again(claim: Claim, *, note: str, reopens: bool, by: User | None, now: datetime) -> Reiteration:
    made, is_new = Reiteration.objects.get_or_create(
        claim=claim, at=now, defaults={"note": tidy(note)[:LONGEST], "reopens": reopens, "by": by}
    )
    if is_new:
        changes.failing(claim, now)
    return made


@transaction.atomic
def solve(claim_id: int, *, solution: str, by: User | None, now: datetime) -> Claim:
    """The fault is mended; says how."""
    claim = _LOCKED.get(claim_id)
    if not claim.is_open:
        raise RuleError("claim_solved", number=claim.number)
    if not tidy(solution):
        raise RuleError("solution_missing", on="solution")
    claim.solved_at, claim.solution = now, tidy(solution)[:LONGEST]
    claim.save(update_fields=["solved_at", "solution"])
    return claim
