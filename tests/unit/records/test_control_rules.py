"""What a payment is of a bill, and which month people mean."""

from datetime import date
from decimal import Decimal

import pytest

from thaki.records.billing.rules_control import Fate, month_of_text, settle
from thaki.records.reasons import RuleError


def test_a_payment_pays_its_bill_a_part_of_it_or_more() -> None:
    whole = settle(Decimal(249), bill=Decimal(249), before=Decimal(0), paid=False, ended=False)
    assert (whole.fate, whole.pays) == (Fate.APPLIED, True)
    part = settle(Decimal(100), bill=Decimal(249), before=Decimal(0), paid=False, ended=False)
    assert (part.fate, part.pays, part.missing_bob) == (Fate.APPLIED, False, Decimal(149))
    rest = settle(Decimal(150), bill=Decimal(249), before=Decimal(100), paid=False, ended=False)
    assert (rest.fate, rest.pays, rest.over_bob) == (Fate.OVER, True, Decimal(1))


def test_what_finds_no_bill_is_kept_with_its_reason() -> None:
    assert settle(Decimal(9), bill=Decimal(9), before=Decimal(9), paid=True, ended=False).fate == Fate.PAID_TWICE
    assert settle(Decimal(9), bill=None, before=Decimal(0), paid=False, ended=True).fate == Fate.ENDED
    assert settle(Decimal(9), bill=None, before=Decimal(0), paid=False, ended=False).over_bob == Decimal(9)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11", "11/2026", "01/11/2026", "2026-11-30", "2026-11-21 15:30",
        "Noviembre de 2026", "NOV 2026", "nov. 2026", " 11-2026 ",
    ],
)  # fmt: skip
def test_a_month_is_understood_however_it_is_written(text: str) -> None:
    assert month_of_text(text, on="month") == date(2026, 11, 1)


@pytest.mark.parametrize("text", ["", "13/2026", "ma 2026", "2026", "noviembre", "00/2026"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(RuleError):
        month_of_text(text, on="month")


def test_september_is_said_in_two_ways() -> None:
    assert month_of_text("setiembre 2026", on="month") == month_of_text("septiembre 2026", on="month")
