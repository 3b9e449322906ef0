"""Control de calidad de digitación: what was agreed held against what is keyed (steps 20 to 22). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from thaki.records.network.rules import distance_m
from thaki.records.reasons import Reason, RuleError, reason
from thaki.records.text import fold

PIN_TOLERANCE_M = 50  # the same house, for a pin placed by hand


@dataclass(frozen=True, slots=True)
class SaleData:
    """The data of a sale, as agreed along the case or as keyed at 22."""

    customer_name: str = ""
    customer_ci: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    plan_code: str = ""
    technology: str = ""
    down_mbps: int = 0
    tariff_bob: Decimal = Decimal(0)
    installation_bob: Decimal = Decimal(0)
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    payment_form: str = ""
    invoice_name: str = ""
    invoice_tax_id: str = ""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What the case knows beside the sale's data."""

    data: SaleData
    max_mbps: int | None = None  # Help Desk's maximum; None when it set none
    letter_accepted: bool = False
    requirements_complete: bool = False
    paid_bob: Decimal = Decimal(0)  # accepted payments
    due_bob: Decimal = Decimal(0)  # what had to be paid before (prepaid); 0 when postpaid
    open_order: str = ""  # the number of an order of this sale still open


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the control: green (`ok`) or red, with what was expected, what was found, and the reason."""

    check: str
    ok: bool
    reason: Reason
    expected: str = ""
    found: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data, to be kept with the order."""
        return {
            "check": self.check,
            "ok": self.ok,
            "reason": self.reason.to_json(),
            "expected": self.expected,
            "found": self.found,
        }


# (field, how it is compared): the table is the control.
_COMPARED: tuple[tuple[str, str], ...] = (
    ("customer_name", "text"),
    ("customer_ci", "exact"),
    ("contact_phone", "exact"),
    ("contact_email", "caseless"),
    ("plan_code", "exact"),
    ("technology", "exact"),
    ("down_mbps", "exact"),
    ("tariff_bob", "exact"),
    ("installation_bob", "exact"),
    ("address", "text"),
    ("payment_form", "exact"),
    ("invoice_name", "text"),
    ("invoice_tax_id", "exact"),
)
_OPTIONAL = frozenset({"contact_email", "down_mbps", "installation_bob"})


def _same(how: str, agreed: Any, keyed: Any) -> bool:
    """Whether two values are the same for this comparison."""
    if how == "text":
        return fold(str(agreed)) == fold(str(keyed))
    if how == "caseless":
        return str(agreed).strip().casefold() == str(keyed).strip().casefold()
    return bool(agreed == keyed)


def keying_findings(agreement: Agreement, keyed: SaleData) -> tuple[Finding, ...]:
    """Every check of the control, red ones too, in the order of the form."""
    agreed = agreement.data
    findings = [_compare(name, how, getattr(agreed, name), getattr(keyed, name)) for name, how in _COMPARED]
    findings.append(_pin(agreed, keyed))
    findings.append(_speed(agreement, keyed))
    findings.append(_flag("letter_accepted", agreement.letter_accepted))
    findings.append(_flag("requirements_complete", agreement.requirements_complete))
    findings.append(_payment(agreement, keyed))
    findings.append(
        Finding(
            "open_order",
            not agreement.open_order,
            reason("order_open" if agreement.open_order else "order_none", number=agreement.open_order),
        )
    )
    return tuple(findings)


def _compare(name: str, how: str, agreed: Any, keyed: Any) -> Finding:
    """One field agreed against the same field keyed."""
    if not keyed and agreed == keyed and name in _OPTIONAL:
        return Finding(name, True, reason("keyed_not_needed"))
    if keyed in ("", 0) and name not in _OPTIONAL:
        return Finding(name, False, reason("keyed_missing"), str(agreed))
    same = _same(how, agreed, keyed)
    return Finding(name, same, reason("keyed_as_agreed" if same else "keyed_differs"), str(agreed), str(keyed))


def _pin(agreed: SaleData, keyed: SaleData) -> Finding:
    """The place keyed is the place whose coverage was checked."""
    if agreed.lat is None or agreed.lon is None or keyed.lat is None or keyed.lon is None:
        return Finding("pin", False, reason("keyed_missing"))
    apart = distance_m(agreed.lat, agreed.lon, keyed.lat, keyed.lon)
    expected, found = f"{agreed.lat:.5f}, {agreed.lon:.5f}", f"{keyed.lat:.5f}, {keyed.lon:.5f}"
    ok = apart <= PIN_TOLERANCE_M
    why = reason("keyed_as_agreed") if ok else reason("pin_apart", distance_m=apart, tolerance_m=PIN_TOLERANCE_M)
    return Finding("pin", ok, why, expected, found)


def _speed(agreement: Agreement, keyed: SaleData) -> Finding:
    """The plan's speed lies within what Help Desk confirmed."""
    limit = agreement.max_mbps
    ok = limit is None or keyed.down_mbps <= limit
    why = reason("speed_confirmed") if ok else reason("plan_too_fast", down_mbps=keyed.down_mbps, max_mbps=limit)
    return Finding("max_mbps", ok, why, "" if limit is None else str(limit), str(keyed.down_mbps))


def _flag(check: str, ok: bool) -> Finding:
    """A condition that the case has met or not."""
    return Finding(check, ok, reason(f"{check}_{'yes' if ok else 'no'}"))


def _payment(agreement: Agreement, keyed: SaleData) -> Finding:
    """Prepaid: the money is in. Postpaid: none was due."""
    ok = keyed.payment_form == "postpaid" or agreement.paid_bob >= agreement.due_bob
    why = reason(
        "payment_in" if ok else "payment_missing",
        missing_bob=str(max(agreement.due_bob - agreement.paid_bob, Decimal(0))),
    )
    return Finding("payment", ok, why, str(agreement.due_bob), str(agreement.paid_bob))


def passes(findings: Sequence[Finding]) -> bool:
    """Whether the order may be entered: everything green."""
    return all(f.ok for f in findings)


# state -> the states that may follow
ORDER_MOVES = {
    "acknowledged": ("in_progress", "completed", "cancelled"),
    "in_progress": ("completed", "cancelled"),
    "completed": (),
    "cancelled": (),
}
CONTRACT_MOVES = {
    "drafted": ("printed", "signed"),  # signed without print: accepted on the customer's link
    "printed": ("printed", "signed"),
    "signed": ("archived",),
    "archived": (),
}


def check_move(moves: dict[str, tuple[str, ...]], state: str, to: str, *, what: str) -> None:
    """The table allows it, or the reason says why not."""
    if to not in moves[state]:
        raise RuleError("state_forbids", what=what, state=state, to=to)
