"""Which plans an address may have, and how long a Carta Comercial holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from thaki.records.reasons import Reason, RuleError, reason

# A plan's technology needs one of these at the address. Television and telephony ride on what is there.
SERVED_BY = {
    "FO": ("FO",),
    "HFC": ("HFC",),
    "ADSL": ("ADSL",),
    "WIRELESS": ("WIRELESS",),
    "TV": ("FO", "HFC"),
    "TEL": ("FO", "HFC", "ADSL", "WIRELESS"),
}
LETTER_DAYS = 15  # R-A14


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a plan can be sold at an address, and why not."""

    sellable: bool
    reason: Reason


def fit(technology: str, down_mbps: int, available: Mapping[str, int], max_mbps: int | None = None) -> Fit:
    """Hold a plan against what the address has: `available` maps access technology to its speed (Mbps).

    `max_mbps` is the maximum that Help Desk confirmed (R-A8); None when it set none.
    """
    offered = [available[t] for t in SERVED_BY[technology] if t in available]
    if not offered:
        return Fit(False, reason("plan_technology_missing", technology=technology))
    limit = max(offered) if max_mbps is None else min(max(offered), max_mbps)
    if down_mbps > limit:
        return Fit(False, reason("plan_too_fast", down_mbps=down_mbps, max_mbps=limit))
    return Fit(True, reason("plan_fits"))


def on_sale(valid_from_on: date, valid_to_on: date | None, today: date) -> bool:
    """Whether a plan is within its validity, both days included."""
    return valid_from_on <= today and (valid_to_on is None or today <= valid_to_on)


def valid_until(issued_on: date, days: int = LETTER_DAYS) -> date:
    """The last day on which the letter's prices hold: `days` after its issue."""
    if days < 1:
        raise RuleError("letter_days", on="valid_days")
    return issued_on + timedelta(days=days)


def check_letter_holds(state: str, valid_until_on: date, today: date) -> None:
    """A letter can be answered while it is open and its date has not passed (the day itself counts)."""
    if state in ("accepted", "refused"):
        raise RuleError("letter_answered", state=state)
    if state == "expired" or today > valid_until_on:
        raise RuleError("letter_expired", valid_until_on=valid_until_on)
