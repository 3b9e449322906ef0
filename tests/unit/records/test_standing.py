"""Step 1: is he VIP, and may he be made an offer (R-B1, R-B6)."""

from datetime import date
from decimal import Decimal

import pytest

from thaki.records.customers.rules_standing import Listed, eligible, vip

TODAY = date(2026, 11, 21)
LEAST = Decimal(500)


def months(*amounts: str) -> dict[date, Decimal]:
    """Bills of November, October, September… in that order."""
    return {date(2026, 11 - n, 1): Decimal(amount) for n, amount in enumerate(amounts)}


@pytest.mark.parametrize(
    ("amounts", "holds"),
    [
        (("500", "500", "500"), True),
        (("499.99", "500", "500"), False),  # compared before it is rounded
        (("499.99", "500.01", "500"), True),
        (("1500", "0", "0"), True),
        (("100", "100", "100", "9000"), False),  # only the last three
        (("520",), True),
        ((), False),
    ],
)
def test_vip_by_the_average_of_the_last_three_bills(amounts: tuple[str, ...], holds: bool) -> None:
    assert vip("regular", months(*amounts), today=TODAY, least_bob=LEAST).holds is holds


def test_vip_by_segment_whatever_he_is_billed() -> None:
    standing = vip("vip", {}, today=TODAY, least_bob=LEAST)
    assert standing.holds
    assert [why.code for why in standing.why] == ["vip_segment"]


def test_a_bill_of_a_month_to_come_is_not_looked_at() -> None:
    billed = {date(2026, 12, 1): Decimal(9000), date(2026, 11, 1): Decimal(100)}
    standing = vip("regular", billed, today=TODAY, least_bob=LEAST)
    assert not standing.holds
    assert standing.months == (date(2026, 11, 1),)


def test_who_is_not_vip_is_told_by_how_much() -> None:
    (why,) = vip("regular", months("300", "300", "300"), today=TODAY, least_bob=LEAST).why
    assert why.params == {"average": "300.00", "least": "500"}


def test_a_product_withdrawn_for_arrears_excludes() -> None:
    standing = eligible(["4251234"], [], today=TODAY)
    assert not standing.holds
    assert standing.why[0].params == {"count": 1, "numbers": "4251234"}


@pytest.mark.parametrize(
    ("listed_on", "cleared_on", "holds"),
    [
        (date(2026, 11, 21), None, False),
        (date(2026, 11, 22), None, True),
        (date(2026, 1, 1), date(2026, 11, 22), False),
        (date(2026, 1, 1), date(2026, 11, 21), True),
    ],
)
def test_the_central_de_riesgos_excludes_while_he_is_on_it(
    listed_on: date, cleared_on: date | None, holds: bool
) -> None:
    assert eligible([], [Listed("Banco", listed_on, cleared_on)], today=TODAY).holds is holds


def test_a_debt_is_said_and_excludes_nobody() -> None:
    standing = eligible([], [], debts=2, today=TODAY)
    assert standing.holds
    assert [why.code for why in standing.why] == ["eligible_clean", "eligible_owes"]


def test_both_reasons_are_given() -> None:
    standing = eligible(["1"], [Listed("Banco", TODAY)], today=TODAY)
    assert [why.code for why in standing.why] == ["arrears_withdrawn", "risk_listed"]
