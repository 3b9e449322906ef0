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


class Withheld(StrEnum):
    """What RET's indicator says of a month."""

    MET = "CUMPLE"
    NOT_MET = "NO CUMPLE"


@dataclass(frozen=True, slots=True)
class Withdrawals:
    """RET's indicator: withdrawals asked for in the month against those of the month before."""

    current: int
    previous: int
    change_percent: Decimal | None  # rounded to one place for reading; None without a before
    verdict: Withheld


def withdrawals(current: int, previous: int) -> Withdrawals:
    """The indicator of RET part III.2: "bajas mes presente menor a bajas mes anterior". Equal is not met (R-B14)."""
    verdict = Withheld.MET if current < previous else Withheld.NOT_MET
    return Withdrawals(current, previous, change(Decimal(current), Decimal(previous)), verdict)


class Fulfilment(StrEnum):
    """What a meta says of what was sold."""

    MET = "cumplida"
    SHORT = "no cumplida"
    NO_GOAL = "sin meta"


@dataclass(frozen=True, slots=True)
class GoalResult:
    """A meta of the month beside what was sold."""

    percent: Decimal | None  # rounded to one place for reading; None without a meta
    missing: int  # sales that are still wanting; 0 once it is met
    verdict: Fulfilment


def goal_result(sold: int, goal: int) -> GoalResult:
    """How far a meta was met: compared before rounding, as the indicator is; a meta of 0 is none."""
    if goal <= 0:
        return GoalResult(None, 0, Fulfilment.NO_GOAL)
    percent = (Decimal(sold) * 100 / goal).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return GoalResult(percent, max(0, goal - sold), Fulfilment.MET if sold >= goal else Fulfilment.SHORT)


def forecast(so_far: Decimal, days_gone: int, days_in_all: int) -> Decimal | None:
    """What a month comes to at the pace so far, by working days; None before the first one is over.

    `so_far` may be a count or an amount. Once all days are gone it is what there is.
    """
    if days_gone <= 0 or days_in_all <= 0:
        return None
    if days_gone >= days_in_all:
        return so_far
    return (so_far * days_in_all / days_gone).quantize(Decimal("0.01"), ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole in per cent, rounded to one place; None of nothing."""
    if whole <= 0:
        return None
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


def change(now: Decimal, before: Decimal) -> Decimal | None:
    """By how many per cent something grew (or, below zero, shrank), rounded to one place; None without a before."""
    if before <= 0:
        return None
    return ((now - before) * 100 / before).quantize(Decimal("0.1"), ROUND_HALF_UP)
