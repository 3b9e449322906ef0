"""Contact attempts and the four states of a sale. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from thaki.records.reasons import RuleError

MILESTONES = ("visited", "informed", "pre_sale", "sale")  # R-A6: the FreeLancer's chronology, in order
MAX_ATTEMPTS = 5  # R-A9
LOST_AT_ONCE = ("not_interested", "false_data")
FAILED = ("no_answer",)


def check_reachable(phone: str, email: str) -> None:
    """A prospect without telephone and e-mail cannot be reached, and is refused."""
    if not phone and not email:
        raise RuleError("prospect_unreachable", on="phone")


def check_attempt(result: str, at: datetime, call_back_at: datetime | None) -> None:
    """Only "call back" carries an hour, and it must be to come."""
    if result == "call_back" and call_back_at is None:
        raise RuleError("call_back_missing", on="call_back_at")
    if result != "call_back" and call_back_at is not None:
        raise RuleError("call_back_unwanted", on="call_back_at")
    if call_back_at is not None and call_back_at <= at:
        raise RuleError("call_back_past", on="call_back_at")


def lost_because(results: Sequence[str], max_attempts: int = MAX_ATTEMPTS) -> str:
    """Why the attempts so far (oldest first) send the case to step 19: "" while there is hope.

    A plain refusal or false data loses it at once; unanswered tries lose it when there were `max_attempts` since the customer was
    last talked to or gave an hour to call back.
    """
    if results and results[-1] in LOST_AT_ONCE:
        return results[-1]
    unanswered = 0
    for result in results:
        unanswered = unanswered + 1 if result in FAILED else 0
    return "no_answer" if unanswered >= max_attempts else ""


def check_milestone(milestone: str, stamps: Mapping[str, datetime | None], at: datetime) -> bool:
    """Whether a stamp is to be set: False when the first one stands (R-A6). Refuses one whose forerunner is missing or later."""
    if milestone not in MILESTONES:
        raise RuleError("milestone_unknown", milestone=milestone)
    if stamps.get(milestone) is not None:
        return False
    position = MILESTONES.index(milestone)
    if position:
        before = stamps.get(MILESTONES[position - 1])
        if before is None:
            raise RuleError("milestone_order", milestone=milestone, before=MILESTONES[position - 1])
        if at < before:
            raise RuleError("milestone_order", milestone=milestone, before=MILESTONES[position - 1])
    return True
