"""Contact attempts: what each may say, and when they lose the prospect. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from thaki.records.reasons import RuleError

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
