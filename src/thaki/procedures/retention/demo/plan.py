"""Which retentions the demonstration has and how far each has come. Pure: a seed in, plans out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

# Where a case waits when the demonstration opens -> (how many, days ago that it began: from, to).
OPEN_AT: dict[str, tuple[int, float, float]] = {
    "Step_1": (6, 0.02, 0.2), "Confirm_Request": (3, 0.05, 0.3), "Authorise_Exception": (2, 0.1, 0.4), "Step_2": (6, 0.05, 0.3),
    "Step_3": (9, 0.1, 0.6), "Authorise_Amount": (3, 0.1, 0.5), "Step_4": (4, 0.1, 0.5), "Step_5": (4, 0.15, 0.6),
    "Step_6": (10, 0.15, 1.2), "Step_7": (12, 0.4, 1.5), "Step_8": (3, 1.2, 1.9), "Wait_Resume": (2, 1.2, 1.8),
    "Wait_Quality": (5, 1.8, 2.6), "Step_9": (7, 4.5, 6.5), "Wait_Recurrence": (11, 6, 29), "Step_10": (5, 32, 34),
    "Propose_Recurrence": (1, 16, 18), "Decide_Recurrence": (1, 18, 21), "Step_11": (6, 0.1, 0.5), "Step_12": (4, 0.1, 0.5),
    "Step_13": (2, 0.15, 0.6), "Step_14": (4, 0.1, 0.6),
}  # fmt: skip
# How those ended that did: (way, outcome of it) -> (how many, days ago that they began: from, to).
ENDED: tuple[tuple[str, str, int, float, float], ...] = (
    ("damage", "kept", 9, 36, 75),
    ("courtesy", "agreed", 10, 3, 60),
    ("compensation", "agreed", 5, 3, 60),
    ("damage", "leaves_3", 2, 3, 60),
    ("damage", "leaves_7", 2, 4, 60),
    ("damage", "leaves_10", 1, 12, 60),
    ("leave", "withdrawn", 2, 2, 60),
    ("compensation", "refused", 2, 3, 60),
    ("barred", "stands", 2, 2, 60),
    ("barred", "dropped", 3, 2, 60),
    ("damage", "relapsed", 1, 14, 25),
    ("damage", "recurred", 1, 24, 30),
)
# Hours that people take, from and to.
HOURS: dict[str, tuple[float, float]] = {
    "Step_1": (0.05, 0.2), "Confirm_Request": (0.05, 0.2), "Authorise_Exception": (0.2, 1.2), "Step_2": (0.05, 0.2),
    "Step_3": (0.1, 0.4), "Authorise_Amount": (0.2, 1.2), "Step_4": (0.05, 0.2), "Step_5": (0.05, 0.2), "Step_6": (0.3, 2),
    "Step_7": (3, 12), "Step_8": (0.5, 1.5), "Step_9": (1, 6), "Step_10": (1, 8), "Propose_Recurrence": (2, 10),
    "Decide_Recurrence": (5, 20), "Step_11": (0.1, 0.3), "Step_12": (0.1, 0.3), "Step_13": (0.05, 0.2), "Step_14": (0.1, 0.3),
}  # fmt: skip
BARRED = frozenset({"Confirm_Request", "Authorise_Exception"})
OF_PETITION = {"Step_11": "courtesy", "Step_12": "compensation", "Step_13": "compensation", "Step_14": "courtesy"}
SPENT = frozenset({"Propose_Recurrence", "Decide_Recurrence"})


@dataclass(frozen=True, slots=True)
class CasePlan:
    """What one case does."""

    way: str  # damage, courtesy, compensation, leave, barred
    stop_at: str  # the node at which it waits, "" when it goes to its end
    end: str  # what it heads for
    age: timedelta  # how long ago it began
    offer: str = "removal"  # of the way of damage
    days: int = 4  # of a compensation
    relapses: int = 0  # how often 9 finds the fault there still
    absent: bool = False  # the first visit found nobody
    customer: int = 0


def plans(rng: Random) -> Iterator[CasePlan]:
    """Every case, the oldest first: history is made in its order."""
    made = [_open(rng, node, n) for node, (count, _from, _to) in OPEN_AT.items() for n in range(count)]
    made += [_ended(rng, *row) for row in ENDED for _n in range(row[2])]
    return iter(sorted(made, key=lambda plan: -plan.age))


def hours(rng: Random, node: str) -> timedelta:
    """How long somebody takes over a step."""
    low, high = HOURS[node]
    return timedelta(hours=rng.uniform(low, high))


def _open(rng: Random, node: str, number: int) -> CasePlan:
    _count, low, high = OPEN_AT[node]
    way = "barred" if node in BARRED else OF_PETITION.get(node, "damage")
    plan = CasePlan(way, node, "", timedelta(days=rng.uniform(low, high)), _offer(rng), rng.randint(2, 6))
    if node == "Authorise_Amount":
        return replace(plan, offer="compensation", days=30)
    if node == "Step_4":
        return replace(plan, offer="removal")
    if node == "Step_6" and number == 0:
        return replace(plan, absent=True, age=timedelta(days=1.6))
    return replace(plan, relapses=3 if node in SPENT else 0)


def _ended(rng: Random, way: str, end: str, _count: int, low: float, high: float) -> CasePlan:
    relapses = {"relapsed": 1, "recurred": 3}.get(end, 0)
    return CasePlan(
        way,
        "",
        end,
        timedelta(days=rng.uniform(low, high)),
        _offer(rng),
        rng.randint(2, 6),
        relapses,
        rng.random() < 0.05,
    )


def _offer(rng: Random) -> str:
    return "compensation" if rng.random() < 0.3 else "removal"
