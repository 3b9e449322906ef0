"""KPI formulas of the signed procedures; pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum


class Verdict(StrEnum):
    """What the parameter says of the value."""

    APPROVED = "APROBADO"
    OBSERVED = "OBSERVADO"
    NO_BASE = "sin base"  # the month before had no volume (R-A15)


@dataclass(frozen=True, slots=True)
class BillingVolume:
    """GVD's indicator: billing volume of the month ÷ billing volume of the month before × 100."""

    current_bob: Decimal
    previous_bob: Decimal
    threshold_percent: Decimal
    percent: Decimal | None  # rounded to two places for reading; None without a base
    verdict: Verdict


def billing_volume(
    current_bob: Decimal, previous_bob: Decimal, threshold_percent: Decimal = Decimal(98)
) -> BillingVolume:
    """The indicator of GVD part III.2: ≥ 98 % APROBADO, less OBSERVADO; compared before rounding (R-A15)."""
    if previous_bob <= 0:
        return BillingVolume(current_bob, previous_bob, threshold_percent, None, Verdict.NO_BASE)
    approved = current_bob * 100 >= threshold_percent * previous_bob
    percent = (current_bob * 100 / previous_bob).quantize(Decimal("0.01"), ROUND_HALF_UP)
    verdict = Verdict.APPROVED if approved else Verdict.OBSERVED
    return BillingVolume(current_bob, previous_bob, threshold_percent, percent, verdict)
