"""The control of recurring payment: what a payment is of a bill, and which month people mean. Pure.

A payment that finds no bill is not lost: it is kept with the reason, and listed until somebody clears it up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from thaki.records.billing.rules import first_of_month
from thaki.records.reasons import RuleError
from thaki.records.text import fold


class Fate(StrEnum):
    """What became of a payment."""

    APPLIED = "applied"  # it pays its bill, or a part of it
    OVER = "over"  # it pays its bill, and more than was missing
    PAID_TWICE = "paid_twice"  # its bill was paid already
    ENDED = "ended"  # the enrolment has ended and owes nothing
    NO_BILL = "no_bill"  # nothing is due, or not in that month


CLEAR = (Fate.APPLIED,)  # nobody has to look at these


@dataclass(frozen=True, slots=True)
class Settled:
    """A payment held against the bill that it is for."""

    fate: Fate
    pays: bool  # with it the bill is paid
    over_bob: Decimal = Decimal(0)
    missing_bob: Decimal = Decimal(0)


def settle(amount: Decimal, *, bill: Decimal | None, before: Decimal, paid: bool, ended: bool) -> Settled:
    """What a payment does: `bill` is the bill's amount (None: there is none), `before` what came in for it already."""
    if bill is None:
        return Settled(Fate.ENDED if ended else Fate.NO_BILL, pays=False, over_bob=amount)
    if paid:
        return Settled(Fate.PAID_TWICE, pays=False, over_bob=amount)
    difference = before + amount - bill
    if difference > 0:
        return Settled(Fate.OVER, pays=True, over_bob=difference)
    return Settled(Fate.APPLIED, pays=difference == 0, missing_bob=-difference)


MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
_ISO = re.compile(r"^(\d{4})[-/](\d{1,2})(?:[-/]\d{1,2})?(?:[ T].*)?$")
_SPANISH = re.compile(r"^(?:\d{1,2}[/-])?(\d{1,2})[/-](\d{4})$")
_WORDS = re.compile(r"^([a-z]+)\.?(?: de)? (\d{4})$")


def month_of_text(text: str, *, on: str) -> date:
    """`2026-11`, `11/2026`, `01/11/2026`, `noviembre de 2026`, `nov 2026`: the first day of the month."""
    bare = " ".join(text.split())
    try:
        if found := _ISO.match(bare):
            return first_of_month(date(int(found[1]), int(found[2]), 1))
        if found := _SPANISH.match(bare):
            return date(int(found[2]), int(found[1]), 1)
        if found := _WORDS.match(fold(bare)):
            return date(int(found[2]), _named(found[1]), 1)
    except ValueError as error:
        raise RuleError("control_month", on=on, text=text[:40]) from error
    raise RuleError("control_month", on=on, text=text[:40])


def _named(word: str) -> int:
    """The number of a month by its name or the beginning of it; `setiembre` is said too."""
    word = word.replace("setiembre", "septiembre")
    found = [at for at, name in enumerate(MONTHS, start=1) if len(word) >= 3 and name.startswith(word)]
    if len(found) != 1:
        raise ValueError(word)
    return found[0]
