"""The figures of the monthly evaluation (RET 15, R-B5): what each offer, each Xpress task and each technician brought; pure.

Every case of the month is told as an `Ended`; a recurrence is charged to the offer, the tasks and the technician of the order
that it followed, which need not be those of the case's last one. A case counts as *kept* only once step 10 found it good (R-B3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Fell:
    """One recurrence: the fault was there again after an order."""

    tasks: tuple[str, ...] = ()  # codes of the Xpress tasks done on that order
    technician: int | None = None
    found_by: str = "claim"  # claim | quality | control


@dataclass(frozen=True, slots=True)
class Ended:
    """One case of the month."""

    number: str
    offer: str  # the code of the offer that was accepted; "" when none was
    kept: bool
    left: bool  # a baja
    pending: bool = False  # whether it stays is not known yet: its 30 days run
    reason: str = ""  # of the baja
    cost_bob: Decimal = ZERO  # what it cost COMTECO: offer, billing adjustment, courtesy
    tasks: tuple[str, ...] = ()  # every Xpress task done in its orders
    technicians: tuple[int, ...] = ()
    fell: tuple[Fell, ...] = ()
    orders: int = 0


@dataclass(slots=True)
class Line:
    """The figures of one offer, task or technician."""

    key: str
    cases: int = 0
    kept: int = 0
    left: int = 0
    pending: int = 0
    recurrences: int = 0
    cost_bob: Decimal = ZERO

    @property
    def kept_percent(self) -> Decimal | None:
        """Of the cases of which it is known, how many stayed."""
        return share(self.kept, self.cases - self.pending)

    @property
    def cost_of_kept_bob(self) -> Decimal | None:
        """What each customer kept cost; None when none was."""
        return (self.cost_bob / self.kept).quantize(Decimal("0.01"), ROUND_HALF_UP) if self.kept else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The month."""

    total: Line
    offers: tuple[Line, ...]
    tasks: tuple[Line, ...]
    technicians: tuple[Line, ...]
    reasons: tuple[tuple[str, int], ...] = field(default=())  # of the bajas, the most frequent first


def evaluate(cases: Iterable[Ended]) -> Evaluation:
    """Count the cases of a month."""
    ended = list(cases)
    total = Line("")
    for case in ended:
        _count(total, case)
    total.recurrences = sum(len(case.fell) for case in ended)
    return Evaluation(
        total,
        _lines(ended, lambda case: (case.offer,), lambda case, _fell: (case.offer,)),
        _lines(ended, lambda case: case.tasks, lambda _case, fell: fell.tasks),
        _lines(ended, lambda case: map(str, case.technicians), lambda _case, fell: _of(fell.technician)),
        _reasons(ended),
    )


def _of(technician: int | None) -> tuple[str, ...]:
    return () if technician is None else (str(technician),)


def _lines(
    cases: Sequence[Ended],
    of_case: Callable[[Ended], Iterable[str]],
    of_fall: Callable[[Ended, Fell], Iterable[str]],
) -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for case in cases:
        for key in dict.fromkeys(of_case(case)):
            _count(lines.setdefault(key, Line(key)), case)
        for fell in case.fell:
            for key in dict.fromkeys(of_fall(case, fell)):
                lines.setdefault(key, Line(key)).recurrences += 1
    return tuple(sorted(lines.values(), key=lambda line: (-line.cases, line.key)))


def _count(line: Line, case: Ended) -> None:
    line.cases += 1
    line.kept += case.kept
    line.left += case.left
    line.pending += case.pending
    line.cost_bob += case.cost_bob


def _reasons(cases: Sequence[Ended]) -> tuple[tuple[str, int], ...]:
    counted: dict[str, int] = {}
    for case in cases:
        if case.left:
            counted[case.reason] = counted.get(case.reason, 0) + 1
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def share(part: int, whole: int) -> Decimal | None:
    """A part of a whole in per cent, to one place; None of nothing."""
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP) if whole else None


def as_data(line: Line, label: str) -> dict[str, Any]:
    """A line as the frozen report keeps it: plain JSON."""
    return {
        "key": line.key,
        "label": label,
        "cases": line.cases,
        "kept": line.kept,
        "left": line.left,
        "pending": line.pending,
        "recurrences": line.recurrences,
        "cost_bob": str(line.cost_bob),
        "kept_percent": None if line.kept_percent is None else str(line.kept_percent),
        "cost_of_kept_bob": None if line.cost_of_kept_bob is None else str(line.cost_of_kept_bob),
    }
