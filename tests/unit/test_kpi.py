"""GVD's indicator (R-A15): compared before rounding; no base when the month before billed nothing."""

from decimal import Decimal

import pytest

from thaki.reporting.kpi import Verdict, billing_volume


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
