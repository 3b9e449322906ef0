"""Rules of prepaid money (GVD steps 10 to 12) on top of those of the records: what is due, and what a verdict leads to. Pure.

The comparison itself, field by field, is `records.billing.rules.compare_deposit`. Here stands what the sale makes of it (R-A7):
a deposit that matches is accepted; one that is over is accepted with a refund or a credit; a short one stays as a part payment
and the sale goes back to 11 for the difference; one that does not match goes back to 11 with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from thaki.records.billing.rules import Verdict

NOTHING = Decimal("0.00")
# A card's or a gateway's receipt names nobody ("si corresponde").
DEPOSITOR_APPLIES = frozenset({"transfer", "qr", "deposit"})


class DepositReason(StrEnum):
    """Why step 12 sends a deposit back to 11."""

    SHORT = "short"
    NOT_FOUND = "not_found"
    AMOUNT = "amount_bob"
    DATE = "paid_on"
    NUMBER = "slip_number"
    OPERATION = "operation_type"
    DEPOSITOR = "depositor"
    OTHER = "other"


class Money(StrEnum):
    """What becomes of the money of the deposit."""

    ACCEPTED = "accepted"  # it pays the sale, whole or in part
    REJECTED = "rejected"  # it is not (known to be) in


@dataclass(frozen=True, slots=True)
class Outcome:
    """What step 12 does: the fact `deposit`, the money, and why it is not good."""

    good: bool
    money: Money
    reason: str = ""


class Undecidable(ValueError):
    """The decision does not fit what was found; `code` says why, `field` where."""

    def __init__(self, code: str, field: str) -> None:
        super().__init__(code)
        self.code, self.field = code, field


def amount_due(tariff_bob: Decimal, installation_bob: Decimal, accepted_bob: Decimal = NOTHING) -> Decimal:
    """What a prepaid customer still has to pay: installation and the first month, less what Cobranzas already accepted."""
    return max(NOTHING, tariff_bob + installation_bob - accepted_bob)


def depositor_applies(operation: str, declared: str) -> bool:
    """Whether the depositor's name is verified: the operation has one, and the slip declares it (step 12: "si corresponde")."""
    return operation in DEPOSITOR_APPLIES and bool(declared)


def decide(
    accept: bool, verdict: Verdict | None, *, bad_field: str = "", over_as: str = "", reason: str = ""
) -> Outcome:
    """What a decision of Cobranzas leads to, given the verdict on what was found (None: nothing found in the account).

    `bad_field` is the first field that does not agree. Raises Undecidable when the decision does not fit.
    """
    return _accept(verdict, over_as) if accept else _reject(verdict, bad_field, reason)


def _accept(verdict: Verdict | None, over_as: str) -> Outcome:
    if verdict is Verdict.OVER and not over_as:
        raise Undecidable("over_needs_a_way", "over_as")
    if verdict in (Verdict.MATCH, Verdict.OVER):
        return Outcome(True, Money.ACCEPTED)
    raise Undecidable("accept_short" if verdict is Verdict.SHORT else "accept_mismatch", "decision")


def _reject(verdict: Verdict | None, bad_field: str, reason: str) -> Outcome:
    if verdict is None or reason == DepositReason.NOT_FOUND:
        return Outcome(False, Money.REJECTED, DepositReason.NOT_FOUND)
    if verdict is Verdict.SHORT:
        return Outcome(False, Money.ACCEPTED, DepositReason.SHORT)
    if verdict is Verdict.MISMATCH:
        return Outcome(False, Money.REJECTED, reason or bad_field)
    if not reason:
        raise Undecidable("reject_needs_reason", "reason")
    return Outcome(False, Money.REJECTED, reason)


def relocated(old: tuple[float, float] | None, new: tuple[float, float]) -> bool:
    """Whether a pin changed at step 9 (R-A11: back to 5); the fifth decimal is a metre, less is the noise of the map."""
    return old is None or any(round(a, 5) != round(b, 5) for a, b in zip(old, new, strict=True))
