"""Which cases the demonstration has and how far each has come. Pure: a seed in, plans out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

# How many cases wait at each signed step (or at a refund) when the demonstration opens.
OPEN_AT = {
    "1": 30, "2": 12, "3": 12, "4": 10, "5": 8, "6": 8, "7": 16, "8": 26, "9": 24, "10": 10, "11": 14, "12": 14,
    "16": 8, "17": 8, "18": 8, "19": 22, "20": 4, "21": 8, "22": 8, "23": 10, "24": 8, "25": 20,
    "refund": 4,
}  # fmt: skip
# How many have ended, and how.
ENDED = {"closed": 78, "handed_over": 10, "unserved": 16, "annulled": 4}
# Hours that people take over a step, from and to.
HOURS: dict[str, tuple[float, float]] = {
    "1": (0.05, 1.5), "2": (0.02, 0.1), "3": (0.05, 0.3), "4": (0.02, 0.1), "5": (0.02, 0.1), "6": (0.02, 0.1),
    "7": (0.2, 3), "8": (1, 30), "9": (4, 70), "10": (0.05, 2), "11": (1, 40), "12": (0.5, 6), "16": (0.5, 8), "17": (1, 20),
    "18": (1, 20), "19": (3, 30), "20": (1, 8), "21": (0.1, 1), "22": (0.1, 0.5), "23": (2, 40), "24": (0.1, 2), "25": (20, 90),
    "": (3, 30),
}  # fmt: skip
MAIN_WAY = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "21", "22", "23", "24", "25")
DAYS = 90
CLOSED_TIME = 1.8  # nights and weekends lie between the hours that people work


@dataclass(frozen=True, slots=True)
class CasePlan:
    """What one case of the demonstration does."""

    stop_at: str  # the signed step at which it waits, "refund", or "" when it goes to its end
    end: str  # the outcome that it heads for
    lost_at: str  # the step from which it goes to 19, "" for none
    payment: str  # prepaid_transfer, prepaid_web or postpaid
    existing: bool  # the prospect is a customer already
    age: timedelta  # how long ago it began


def plans(rng: Random) -> Iterator[CasePlan]:
    """Every case, the oldest first: history is made in its order."""
    made = [_open(rng, step) for step, count in OPEN_AT.items() for _ in range(count)]
    made += [_ended(rng, outcome) for outcome, count in ENDED.items() for _ in range(count)]
    return iter(sorted(made, key=lambda plan: -plan.age))


def hours(rng: Random, step: str) -> timedelta:
    """How long somebody takes over a step."""
    low, high = HOURS[step]
    return timedelta(hours=rng.uniform(low, high))


def _open(rng: Random, step: str) -> CasePlan:
    lost_at = rng.choice(("7", "8", "7", "8", "3", "9")) if step == "19" else "11" if step == "refund" else ""
    end = "annulled" if step == "20" else "closed"
    before = MAIN_WAY[: _reached(step)]
    age = timedelta(hours=CLOSED_TIME * sum(sum(HOURS[s]) / 2 for s in before) + rng.uniform(0.1, 20))
    return CasePlan(step, end, lost_at, _payment(rng, step), rng.random() < 0.18, age)


def _reached(step: str) -> int:
    if step == "19":
        return 8
    if step in ("16", "17", "18", "refund"):
        return 12
    return MAIN_WAY.index(step) if step in MAIN_WAY else len(MAIN_WAY)


def _payment(rng: Random, step: str) -> str:
    if step in ("16", "17"):
        return "prepaid_transfer"
    if step == "18":
        return "postpaid"
    if step in ("11", "12", "refund"):
        return rng.choice(("prepaid_transfer", "prepaid_transfer", "prepaid_web"))
    return rng.choice(("prepaid_transfer", "prepaid_web", "postpaid", "postpaid"))


def _ended(rng: Random, outcome: str) -> CasePlan:
    lost_at = rng.choice(("7", "8")) if outcome == "unserved" else ""
    age = timedelta(days=rng.uniform(22, DAYS))
    return CasePlan("", outcome, lost_at, _payment(rng, ""), rng.random() < 0.18, age)
