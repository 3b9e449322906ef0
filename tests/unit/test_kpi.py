"""GVD's indicator (R-A15): compared before rounding; no base when the month before billed nothing."""

from decimal import Decimal

import pytest

from thaki.reporting.kpi import (
    Fulfilment,
    Verdict,
    Withheld,
    billing_volume,
    change,
    forecast,
    goal_result,
    share,
    withdrawals,
)


@pytest.mark.parametrize(
    ("current", "previous", "verdict"),
    [
        ("98.00", "100.00", Verdict.APPROVED),
        ("97.99", "100.00", Verdict.OBSERVED),
        ("97.999", "100.00", Verdict.OBSERVED),  # rounds to 98.00, and is still less
        ("150", "100", Verdict.APPROVED),
        ("0", "100", Verdict.OBSERVED),
        ("500", "0", Verdict.NO_BASE),
        ("0", "0", Verdict.NO_BASE),
    ],
)
def test_the_verdict_is_taken_before_rounding(current: str, previous: str, verdict: Verdict) -> None:
    assert billing_volume(Decimal(current), Decimal(previous)).verdict is verdict


def test_the_percentage_is_rounded_for_reading() -> None:
    assert billing_volume(Decimal("97.999"), Decimal(100)).percent == Decimal("98.00")


def test_the_threshold_is_a_policy() -> None:
    assert billing_volume(Decimal(95), Decimal(100), Decimal(95)).verdict is Verdict.APPROVED


@pytest.mark.parametrize(
    ("sold", "goal", "verdict", "percent", "missing"),
    [
        (30, 30, Fulfilment.MET, "100.0", 0),
        (29, 30, Fulfilment.SHORT, "96.7", 1),
        (2999, 3000, Fulfilment.SHORT, "100.0", 1),  # rounds to 100, and is still short
        (0, 30, Fulfilment.SHORT, "0.0", 30),
        (45, 30, Fulfilment.MET, "150.0", 0),
    ],
)
def test_a_meta_is_met_before_rounding(sold: int, goal: int, verdict: Fulfilment, percent: str, missing: int) -> None:
    result = goal_result(sold, goal)
    assert (result.verdict, result.percent, result.missing) == (verdict, Decimal(percent), missing)


def test_no_meta_is_neither_met_nor_missed() -> None:
    assert goal_result(5, 0) == goal_result(5, -1)
    assert goal_result(5, 0).verdict is Fulfilment.NO_GOAL
    assert goal_result(5, 0).percent is None


def test_a_month_is_forecast_at_its_pace() -> None:
    assert forecast(Decimal(10), 5, 20) == Decimal("40.00")
    assert forecast(Decimal(10), 20, 20) == 10
    assert forecast(Decimal(10), 21, 20) == 10
    assert forecast(Decimal(0), 0, 20) is None
    assert forecast(Decimal(0), 3, 20) == 0


def test_parts_and_changes_of_nothing_are_unknown() -> None:
    assert share(1, 3) == Decimal("33.3")
    assert share(0, 0) is None
    assert change(Decimal(150), Decimal(100)) == Decimal("50.0")
    assert change(Decimal(50), Decimal(100)) == Decimal("-50.0")
    assert change(Decimal(5), Decimal(0)) is None


@pytest.mark.parametrize(
    ("current", "previous", "verdict", "percent"),
    [
        (9, 10, Withheld.MET, "-10.0"),
        (10, 10, Withheld.NOT_MET, "0.0"),
        (11, 10, Withheld.NOT_MET, "10.0"),
        (0, 1, Withheld.MET, "-100.0"),
        (0, 0, Withheld.NOT_MET, None),
    ],
)
def test_fewer_withdrawals_than_the_month_before_meet_it_and_as_many_do_not(
    current: int, previous: int, verdict: Withheld, percent: str | None
) -> None:
    found = withdrawals(current, previous)
    assert found.verdict is verdict
    assert found.change_percent == (None if percent is None else Decimal(percent))
