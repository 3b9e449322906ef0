"""When something happened on a visit, told by a telephone whose clock may be wrong. Pure.

A telephone without signal sends hours or days later what it noted. Its clock cannot be believed, but it is one clock: it says
when something happened and when it was sent, and the server knows when that arrived. The difference between the last two is how
far the telephone is ahead (`skew`), and taking it away leaves the server's time. That is what rules; what the telephone said is
kept beside it. Nothing happens before the order was made or after it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from thaki.records.reasons import RuleError

LARGE_SKEW = timedelta(minutes=5)  # from here on people are shown that the telephone's clock is wrong
FAILURES = ("absent", "refused", "plant_fault", "postponed")
PAPERS = ("service_sheet", "work_order", "damage_report")
MOST_POSTPONED = timedelta(days=15)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When and where, for the record."""

    at: datetime  # the server's time
    device_at: datetime | None = None  # what the telephone said
    lat: float | None = None
    lon: float | None = None


def skew_of(sent_device_at: datetime, received_at: datetime) -> timedelta:
    """How far the telephone's clock is ahead of the server's (negative: behind); the journey counts as no time."""
    return sent_device_at - received_at


def is_large(skew: timedelta) -> bool:
    """Whether somebody should set the telephone's clock."""
    return abs(skew) > LARGE_SKEW


def server_time(device_at: datetime, *, skew: timedelta, earliest: datetime, received_at: datetime) -> datetime:
    """The server's time of what the telephone noted, never before `earliest` nor after it was received."""
    return min(max(device_at - skew, earliest), received_at)


def check_failure(kind: str, *, at: datetime, note: str, proof: bool, until: datetime | None) -> None:
    """What each of the four kinds needs (R-B11)."""
    if kind not in FAILURES:
        raise RuleError("visit_failure_kind", on="failure")
    if kind == "absent" and not proof:
        raise RuleError("visit_absence_proof", on="proof")
    if kind in ("refused", "plant_fault") and not note.strip():
        raise RuleError("visit_failure_note", on="note")
    if kind != "postponed":
        return
    if until is None:
        raise RuleError("visit_postponed_until", on="until")
    if until <= at:
        raise RuleError("visit_postponed_past", on="until")
    if until - at > MOST_POSTPONED:
        raise RuleError("visit_postponed_far", on="until", days=MOST_POSTPONED.days)


def check_complete(
    *, arrived: bool, tasks: int, services: dict[str, bool], wanted: frozenset[str], papers: dict[str, bool]
) -> None:
    """RET 7 and 8: there, at least one Xpress task, every service tried and working, and what applies is signed.

    `services` is by a service's name whether it works, `wanted` the names of all of them; `papers` whether each is signed.
    """
    if not arrived:
        raise RuleError("visit_not_arrived", on="arrived_at")
    if not tasks:
        raise RuleError("visit_no_task", on="tasks")
    if untried := sorted(wanted - services.keys()):
        raise RuleError("visit_service_untried", on="services", names=", ".join(untried))
    if failing := sorted(name for name, works in services.items() if not works):
        raise RuleError("visit_service_fails", on="services", names=", ".join(failing))
    if not papers:
        raise RuleError("visit_no_paper", on="signatures")
    if unsigned := sorted(paper for paper, is_signed in papers.items() if not is_signed):
        raise RuleError("visit_unsigned", on="signatures", papers=", ".join(unsigned))
