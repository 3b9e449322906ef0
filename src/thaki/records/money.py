"""Bolivianos: exact amounts, as people type them and as they are shown. Pure."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from thaki.records.reasons import RuleError

CENT = Decimal("0.01")
LARGEST = Decimal("9999999999.99")  # what numeric(12,2) holds
_BOB = re.compile(r"^(?:bs\.?|bob)?\s*", re.IGNORECASE)
_GROUPED = re.compile(r"^\d{1,3}(\.\d{3})+(,\d{1,2})?$")
_PLAIN = re.compile(r"^\d+([.,]\d{1,2})?$")


def bob(value: Decimal | int | str) -> Decimal:
    """An amount with exactly two decimals, halves up."""
    return Decimal(value).quantize(CENT, ROUND_HALF_UP)


def parse_bob(text: str, *, on: str = "amount_bob") -> Decimal:
    """An amount typed by a person: `Bs 1.234,50`, `1234.5`, `250`. Refuses negatives and what could be read two ways."""
    bare = _BOB.sub("", text.strip()).replace(" ", "")
    if _GROUPED.match(bare):
        bare = bare.replace(".", "")
    elif not _PLAIN.match(bare):
        raise RuleError("amount_unreadable", on=on, text=text)
    try:
        amount = bob(bare.replace(",", "."))
    except InvalidOperation as error:
        raise RuleError("amount_unreadable", on=on, text=text) from error
    return check_amount(amount, on=on)


def check_amount(amount: Decimal, *, on: str = "amount_bob") -> Decimal:
    """A payable amount: more than zero, whole cents, and it fits its column."""
    if amount <= 0:
        raise RuleError("amount_not_positive", on=on)
    if amount != amount.quantize(CENT):
        raise RuleError("amount_has_fractions_of_a_cent", on=on)
    if amount > LARGEST:
        raise RuleError("amount_too_large", on=on)
    return amount


def format_bob(amount: Decimal) -> str:
    """`Bs 1.234,50`, as shown in Bolivia."""
    english = f"{bob(amount):,.2f}"
    return "Bs " + english.translate(str.maketrans(",.", ".,"))
