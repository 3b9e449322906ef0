"""Rules of prepaid money (GVD steps 10 to 12): what is due, and whether a deposit found in the bank is the one expected. Pure.

Cobranzas holds three things side by side: what the sale *expects* (amount due, days in which it can have been paid), what the slip
*declares* (as the executive or the customer wrote it down) and what was *found* in COMTECO's account or at the gateway. What was
found decides; the declared data must agree with it, field by field, and each field says why (R-A7).

Codes and parameters come out, never sentences: `payment_texts.py` puts them into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from thaki.records.text import fold

NOTHING = Decimal("0.00")
DEPOSITOR_APPLIES = frozenset({"transfer", "qr", "deposit"})  # a card's or a gateway's receipt names nobody (step 12: "si corresponde")
_PARTICLES = frozenset({"de", "del", "la", "las", "los", "y", "vda"})


class Verdict(StrEnum):
    """What a deposit turns out to be (R-A7)."""

    MATCH = "match"
    SHORT = "short"  # back to 11 for the difference
    OVER = "over"  # accepted, with a refund or a credit
    MISMATCH = "mismatch"  # back to 11 with the reason


class Level(StrEnum):
    """How one field fares."""

    GOOD = "good"
    NOTE = "note"  # worth a look, refuses nothing
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the sale waits for."""

    amount_bob: Decimal  # still due: parts already accepted are taken off
    from_on: date  # the day the case was opened: nobody pays a sale before it exists
    today_on: date
    payer: str = ""  # the customer's name
    slack_days: int = 3  # a bank may post a transfer of the weekend on the next working day


@dataclass(frozen=True, slots=True)
class Slip:
    """The data of a deposit, as a slip declares them or as they were found in the bank."""

    amount_bob: Decimal
    paid_on: date
    number: str
    operation: str  # billing.Payment.Operation
    depositor: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One field of the comparison: how it fares, and why (a code of `payment_texts.py` with its parameters)."""

    field: str  # amount, date, number, operation, depositor
    level: Level
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The whole: a verdict, a finding a field, and found less expected (negative: it is short)."""

    verdict: Verdict
    findings: tuple[Finding, ...]
    difference_bob: Decimal = NOTHING

    @property
    def worst(self) -> Finding | None:
        """The first finding that refuses the deposit; None when none does."""
        return next((f for f in self.findings if f.level is Level.BAD), None)


def amount_due(tariff_bob: Decimal, installation_bob: Decimal, accepted_bob: Decimal = NOTHING) -> Decimal:
    """What a prepaid customer still has to pay: installation and the first month, less what Cobranzas already accepted."""
    return max(NOTHING, tariff_bob + installation_bob - accepted_bob)


def normal_number(text: str) -> str:
    """A slip number as it is stored and compared: capitals and digits only (`billing.Payment.slip_number`)."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def same_number(one: str, other: str) -> bool:
    """Whether two slip numbers are the same; banks print the same number with and without zeros in front."""
    return normal_number(one).lstrip("0") == normal_number(other).lstrip("0")


def same_person(one: str, other: str) -> bool:
    """Whether two names may be one person's: at least two words in common, or every word of the shorter one.

    Banks cut names off and turn them round (`QUISPE MAMANI ANA`), so order does not count.
    """
    first, second = _words(one), _words(other)
    common = len(first & second)
    return bool(common) and common >= min(2, len(first), len(second))


def compare(expected: Expected, declared: Slip, found: Slip | None) -> Comparison:
    """Hold what was found against the slip and what the sale expects; `found` None: nothing of the kind is in the bank."""
    if found is None:
        return Comparison(Verdict.MISMATCH, (Finding("number", Level.BAD, "not_found", {"number": declared.number}),))
    findings = (
        _amount(expected, declared, found),
        _date(expected, declared, found),
        _number(declared, found),
        _operation(declared, found),
        _depositor(expected, declared, found),
    )
    difference = found.amount_bob - expected.amount_bob
    return Comparison(_verdict(findings, difference), findings, difference)


def _verdict(findings: Iterable[Finding], difference: Decimal) -> Verdict:
    # An amount that is short is no mismatch by itself: the money is there. Any other bad field is one.
    if any(f.level is Level.BAD and f.code != "amount_short" for f in findings):
        return Verdict.MISMATCH
    if difference < 0:
        return Verdict.SHORT
    return Verdict.OVER if difference > 0 else Verdict.MATCH


def _amount(expected: Expected, declared: Slip, found: Slip) -> Finding:
    params = {"expected": expected.amount_bob, "declared": declared.amount_bob, "found": found.amount_bob}
    if found.amount_bob < expected.amount_bob:
        return Finding("amount", Level.BAD, "amount_short", params | {"difference": expected.amount_bob - found.amount_bob})
    if found.amount_bob > expected.amount_bob:
        return Finding("amount", Level.NOTE, "amount_over", params | {"difference": found.amount_bob - expected.amount_bob})
    if found.amount_bob != declared.amount_bob:
        return Finding("amount", Level.NOTE, "amount_declared_differs", params)
    return Finding("amount", Level.GOOD, "amount_good", params)


def _date(expected: Expected, declared: Slip, found: Slip) -> Finding:
    params = {"declared": declared.paid_on, "found": found.paid_on, "from": expected.from_on}
    if found.paid_on > expected.today_on:
        return Finding("date", Level.BAD, "date_future", params)
    if found.paid_on < expected.from_on:
        return Finding("date", Level.BAD, "date_before_sale", params)
    apart = abs((found.paid_on - declared.paid_on).days)
    if not apart:
        return Finding("date", Level.GOOD, "date_good", params)
    if apart <= timedelta(days=expected.slack_days).days:
        return Finding("date", Level.NOTE, "date_posted_later", params | {"days": apart})
    return Finding("date", Level.BAD, "date_differs", params | {"days": apart})


def _number(declared: Slip, found: Slip) -> Finding:
    params = {"declared": declared.number, "found": found.number}
    if same_number(declared.number, found.number):
        return Finding("number", Level.GOOD, "number_good", params)
    return Finding("number", Level.BAD, "number_differs", params)


def _operation(declared: Slip, found: Slip) -> Finding:
    params = {"declared": declared.operation, "found": found.operation}
    if declared.operation == found.operation:
        return Finding("operation", Level.GOOD, "operation_good", params)
    return Finding("operation", Level.BAD, "operation_differs", params)


def _depositor(expected: Expected, declared: Slip, found: Slip) -> Finding:
    """The name counts only where the operation has one; that somebody else pays for the customer is no fault."""
    params = {"declared": declared.depositor, "found": found.depositor, "payer": expected.payer}
    if found.operation not in DEPOSITOR_APPLIES or not found.depositor:
        return Finding("depositor", Level.GOOD, "depositor_not_applicable", params)
    if declared.depositor and not same_person(declared.depositor, found.depositor):
        return Finding("depositor", Level.BAD, "depositor_differs", params)
    if expected.payer and not same_person(expected.payer, found.depositor):
        return Finding("depositor", Level.NOTE, "depositor_is_another", params)
    return Finding("depositor", Level.GOOD, "depositor_good", params)


def _words(name: str) -> frozenset[str]:
    return frozenset(word for word in fold(name).split() if word not in _PARTICLES and len(word) > 1)


def relocated(old: tuple[float, float] | None, new: tuple[float, float]) -> bool:
    """Whether a pin changed at step 9 (R-A11: back to 5); the fifth decimal is a metre, less is the noise of the map."""
    return old is None or any(round(a, 5) != round(b, 5) for a, b in zip(old, new, strict=True))


def refund_parts(payments: Iterable[tuple[int, Decimal, Decimal]]) -> tuple[tuple[int, Decimal], ...]:
    """What is still to be given back of each payment: (id, amount, already given back) -> (id, rest), the settled left out."""
    return tuple((key, amount - back) for key, amount, back in payments if amount > back)
