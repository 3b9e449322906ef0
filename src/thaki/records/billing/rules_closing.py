"""The daily closing of deposits: what a day amounts to, and what is no longer as it was when the day was closed. Pure.

A closing is frozen: its lines are what stood that evening. Later changes are not written into it, they are told beside it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

REJECTED = "rejected"
COMPARED = ("slip_number", "amount_bob", "account", "operation", "state")  # what of a line the accounts hang on


@dataclass(frozen=True, slots=True)
class Line:
    """One deposit that Cobranzas decided that day, in plain values, as they are frozen."""

    id: int
    case: str
    customer: str
    slip_number: str
    account: str  # bank and number; the gateway for payments on the web page
    operation: str
    depositor: str
    amount_bob: str  # "399.00"
    paid_on: str  # ISO
    decided_at: str  # local time, "14:05"
    decided_by: str
    state: str
    reason: str  # why it was rejected
    written: str = ""  # the slip's number as it stands on the paper; closings of before did not keep it

    @property
    def slip(self) -> str:
        """The slip's number as people read it."""
        return self.written or self.slip_number

    @property
    def amount(self) -> Decimal:
        """The amount as a number."""
        return Decimal(self.amount_bob)

    @property
    def paid(self) -> date:
        """The date on the slip."""
        return date.fromisoformat(self.paid_on)

    @property
    def is_in(self) -> bool:
        """Whether its money came in."""
        return self.state != REJECTED


@dataclass(frozen=True, slots=True)
class Group:
    """How much came in by one way."""

    name: str
    count: int
    amount_bob: Decimal


def groups(lines: Iterable[Line], by: str) -> list[Group]:
    """The money that came in, by account or by operation, by name."""
    found: dict[str, list[Decimal]] = {}
    for line in lines:
        if line.is_in:
            found.setdefault(getattr(line, by), []).append(line.amount)
    return [Group(name, len(amounts), sum(amounts, Decimal(0))) for name, amounts in sorted(found.items())]


def total_bob(lines: Iterable[Line]) -> Decimal:
    """All that came in."""
    return sum((line.amount for line in lines if line.is_in), Decimal(0))


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as it was when the day was closed: `added`, `removed` or `changed` (then which fields)."""

    kind: str
    before: Line | None
    now: Line | None
    fields: tuple[str, ...] = ()

    @property
    def line(self) -> Line:
        """The line as it is now, or was."""
        line = self.now or self.before
        assert line is not None  # one of the two is there
        return line

    @property
    def amount_bob(self) -> Decimal:
        """What it changes of the day's total."""
        now = self.now.amount if self.now and self.now.is_in else Decimal(0)
        before = self.before.amount if self.before and self.before.is_in else Decimal(0)
        return now - before


def differences(closed: Sequence[Line], today: Sequence[Line]) -> list[Difference]:
    """What changed since the closing, in the order of the lines."""
    before, now = {line.id: line for line in closed}, {line.id: line for line in today}
    found = [Difference("removed", line, None) for line in closed if line.id not in now]
    for line in today:
        old = before.get(line.id)
        if old is None:
            found.append(Difference("added", None, line))
            continue
        fields = tuple(name for name in COMPARED if getattr(old, name) != getattr(line, name))
        if fields:
            found.append(Difference("changed", old, line, fields))
    return found


def frozen(lines: Iterable[Line], refunds: Iterable[Mapping[str, str]], waiting: int) -> dict[str, Any]:
    """The data of a closing, plain, ready for a JSON column."""
    return {"lines": [asdict(line) for line in lines], "refunds": [dict(each) for each in refunds], "waiting": waiting}


def thawed(data: Mapping[str, Any]) -> list[Line]:
    """The lines of a closing."""
    return [Line(**line) for line in data["lines"]]


def digest(data: Mapping[str, Any]) -> str:
    """SHA-256 of the closing's data in one canonical writing."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
