"""Deposits, invoices and the recurring control. Pure.

Step 12 verifies "el monto, fecha, número de depósito, tipo de operación, nombre del depositante si corresponde":
`compare_deposit` is that sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rapidfuzz.fuzz import token_set_ratio

from thaki.records.money import format_bob
from thaki.records.reasons import Reason, RuleError, reason
from thaki.records.text import fold

BANK_DAYS = 3  # a transfer may be posted up to so many days after the slip's date (weekends)
OLDEST_SLIP_DAYS = 60
DEPOSITOR_LIKENESS = 80  # token_set_ratio; "J. QUISPE MAMANI" stands for "Juan Quispe Mamani"


class Verdict(StrEnum):
    """What the deposit is, all in all."""

    MATCH = "match"
    SHORT = "short"
    OVER = "over"
    MISMATCH = "mismatch"


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit as somebody tells it: the customer's slip, the bank's line, or the gateway's receipt."""

    amount_bob: Decimal
    paid_on: date
    slip_number: str
    operation_type: str = ""
    depositor: str = ""


@dataclass(frozen=True, slots=True)
class FieldFinding:
    """One compared field: what the slip says, what the bank account shows, and whether they agree."""

    name: str  # amount_bob | paid_on | slip_number | operation_type | depositor
    ok: bool
    expected: str
    found: str
    reason: Reason

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be kept with the payment."""
        return {
            "name": self.name,
            "ok": self.ok,
            "expected": self.expected,
            "found": self.found,
            "reason": self.reason.to_json(),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The verdict, its findings, and the difference: negative what is missing, positive what is over."""

    verdict: Verdict
    findings: tuple[FieldFinding, ...]
    difference_bob: Decimal = field(default=Decimal(0))

    @property
    def missing_bob(self) -> Decimal:
        """What still has to be paid."""
        return max(-self.difference_bob, Decimal(0))

    @property
    def over_bob(self) -> Decimal:
        """What was paid beyond the amount due."""
        return max(self.difference_bob, Decimal(0))

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be kept with the payment."""
        return {
            "verdict": self.verdict.value,
            "difference_bob": str(self.difference_bob),
            "findings": [f.to_json() for f in self.findings],
        }


def normal_slip(text: str, *, on: str = "slip_number") -> str:
    """A slip number as it is compared and stored: capitals and digits only, leading zeros dropped (banks print them or not)."""
    bare = re.sub(r"[^A-Z0-9]", "", text.upper().strip())
    bare = bare.lstrip("0") if bare.isdigit() else bare
    if not 3 <= len(bare) <= 40:
        raise RuleError("slip_number", on=on)
    return bare


def check_paid_on(paid_on: date, today: date) -> date:
    """A slip's date is not in the future, and not so old that it cannot be this sale's."""
    if paid_on > today:
        raise RuleError("paid_in_future", on="paid_on")
    if (today - paid_on).days > OLDEST_SLIP_DAYS:
        raise RuleError("paid_too_long_ago", on="paid_on", days=OLDEST_SLIP_DAYS)
    return paid_on


def compare_deposit(
    told: Deposit, found: Deposit, *, due_bob: Decimal, depositor_applies: bool = False, bank_days: int = BANK_DAYS
) -> Comparison:
    """Hold what the customer told (slip) against what was found (account), and the amount found against the amount due.

    Any field that does not agree makes a mismatch: it may be another's deposit. A sum that agrees with the slip but not with the
    price is short or over. The depositor counts only where it applies (he need not be the customer).
    """
    findings = [
        _amount(told, found),
        _paid_on(told, found, bank_days),
        _plain("slip_number", _slip(told.slip_number), _slip(found.slip_number)),
    ]
    if told.operation_type or found.operation_type:
        findings.append(_plain("operation_type", told.operation_type, found.operation_type))
    if depositor_applies:
        findings.append(_depositor(told.depositor, found.depositor))
    difference = found.amount_bob - due_bob
    if not all(f.ok for f in findings):
        return Comparison(Verdict.MISMATCH, tuple(findings), difference)
    verdict = Verdict.MATCH if difference == 0 else Verdict.SHORT if difference < 0 else Verdict.OVER
    return Comparison(verdict, tuple(findings), difference)


def _slip(text: str) -> str:
    """A slip number normalised for comparing; what cannot be one compares as typed."""
    try:
        return normal_slip(text)
    except RuleError:
        return text.strip().upper()


def _plain(name: str, told: str, found: str) -> FieldFinding:
    """Two values that must be the same."""
    same = told == found
    return FieldFinding(name, same, told, found, reason("deposit_agrees" if same else f"deposit_{name}_differs"))


def _amount(told: Deposit, found: Deposit) -> FieldFinding:
    """The slip's amount is the account's."""
    same = told.amount_bob == found.amount_bob
    why = reason("deposit_agrees" if same else "deposit_amount_differs")
    return FieldFinding("amount_bob", same, format_bob(told.amount_bob), format_bob(found.amount_bob), why)


def _paid_on(told: Deposit, found: Deposit, bank_days: int) -> FieldFinding:
    """The account shows it on the slip's day or within the days that banks take."""
    days = (found.paid_on - told.paid_on).days
    ok = 0 <= days <= bank_days
    code = "deposit_agrees" if days == 0 else "deposit_posted_later" if ok else "deposit_date_differs"
    return FieldFinding("paid_on", ok, f"{told.paid_on:%d/%m/%Y}", f"{found.paid_on:%d/%m/%Y}", reason(code, days=days))


def _depositor(told: str, found: str) -> FieldFinding:
    """The names are the same person's, as banks shorten them."""
    like = round(token_set_ratio(fold(told), fold(found))) if told and found else 0
    ok = like >= DEPOSITOR_LIKENESS
    return FieldFinding(
        "depositor", ok, told, found, reason("deposit_agrees" if ok else "deposit_depositor_differs", like=like)
    )


def split_fits(total_bob: Decimal, shares: Mapping[str, Decimal], share_bob: Decimal) -> None:
    """A slip split over sales by name never pays more than its total (R-A7)."""
    left = total_bob - sum(shares.values(), Decimal(0))
    if share_bob > left:
        raise RuleError("split_exceeds_slip", on="amount_bob", left=format_bob(max(left, Decimal(0))))


PAYMENT_MOVES = {
    "received": ("accepted", "rejected"),
    "accepted": ("refund_due",),
    "refund_due": ("refunded", "accepted"),  # accepted again: the refund was put to the customer's account instead
    "rejected": (),
    "refunded": (),
}

# --- months of the recurring control ---------------------------------------------------------------------------------


def first_of_month(day: date) -> date:
    """The month that a day belongs to."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the following month."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def due_on(month: date, day: int) -> date:
    """The day of a month on which a bill falls due; days are 1 to 28, which every month has."""
    if not 1 <= day <= 28:
        raise RuleError("recurring_day", on="day")
    return month.replace(day=day)


def bill_state(paid_at: datetime | None, due: date, today: date) -> str:
    """paid | pending | overdue (from the day after it fell due)."""
    if paid_at is not None:
        return "paid"
    return "overdue" if today > due else "pending"


# --- the CUF of an electronic invoice --------------------------------------------------------------------------------

# The fields of the Código Único de Factura and their widths, from the tax service's public specification (SIAT).
_CUF_WIDTHS = (
    ("nit", 13),
    ("instant", 17),
    ("branch", 4),
    ("mode", 1),
    ("emission", 1),
    ("invoice_type", 1),
    ("sector", 2),
    ("number", 10),
    ("point_of_sale", 4),
)


def check_digit_11(digits: str) -> str:
    """Modulus 11 with weights 2 to 9 from the right, as the CUF uses it (10 becomes 1, 11 becomes 0)."""
    total = sum(int(d) * (2 + i % 8) for i, d in enumerate(reversed(digits)))
    rest = total % 11
    return "1" if rest == 10 else str(rest)


def cuf(*, nit: str, issued_at: datetime, number: int, control: str, branch: int = 0, point_of_sale: int = 0) -> str:
    """The CUF of an invoice: its fields in base 16 followed by the control code of the day.

    `issued_at` is local time; milliseconds are its last three digits. Mode 1 is electronic, emission 1 online, type 1 with tax
    credit, sector 22 telecommunications.
    """
    values = {
        "nit": nit,
        "instant": f"{issued_at:%Y%m%d%H%M%S}{issued_at.microsecond // 1000:03d}",
        "branch": branch,
        "mode": 1,
        "emission": 1,
        "invoice_type": 1,
        "sector": 22,
        "number": number,
        "point_of_sale": point_of_sale,
    }
    digits = "".join(str(values[name]).rjust(width, "0") for name, width in _CUF_WIDTHS)
    return f"{int(digits + check_digit_11(digits)):X}{control}"
