"""What the runtime takes from outside a case: numbers and jobs. A rehearsal puts its own in their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from thaki.cases.rules import case_number


@dataclass(frozen=True, slots=True)
class Surroundings:
    """How a move reaches what is not its case. Every job is deferred in the move's own transaction."""

    next_number: Callable[[str, datetime], str]  # (prefix, now) -> number of a new case
    defer_effects: Callable[[Sequence[int]], None]  # ids of new effects
    defer_message: Callable[[int, str, dict[str, Any]], None]  # (case id, message, payload)
    defer_child: Callable[[int, int, str], None]  # (parent's id, token, code of the procedure called)
    defer_child_ended: Callable[[int, int, str], None]  # (parent's id, token, outcome)
    defer_drop_child: Callable[[int, int], None]  # (parent's id, token): its case is not wanted any more
    effects_task: str = (
        ""  # the worker's task that the move's own statement defers for effects; "": `defer_effects` is called
    )
    rehearsing: bool = False


def _sequence(prefix: str, year: int) -> str:
    return f"cases_number_{prefix.lower().replace('-', '_')}_{year}"


def next_number(prefix: str, now: datetime) -> str:
    """The next number of that prefix in the year that runs in the time zone of the house.

    One sequence a prefix and year: it locks nobody out, and a start that fails leaves a gap, which is no fault.
    """
    if not re.fullmatch(r"[A-Z]{2,8}(-[A-Z]{2,8})?", prefix):
        raise ValueError(f"not a prefix of case numbers: {prefix!r}")
    year = timezone.localtime(now).year
    name = _sequence(prefix, year)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if not cursor.fetchone()[0]:
            # Two first cases of a year: CREATE … IF NOT EXISTS is not proof against the other one's CREATE.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
            cursor.execute(f'CREATE SEQUENCE IF NOT EXISTS "{name}"')
        cursor.execute("SELECT nextval(%s)", [name])
        return case_number(prefix, year, cursor.fetchone()[0])


_current: ContextVar[Surroundings] = ContextVar("thaki_surroundings")
_world: list[Surroundings] = []


def current() -> Surroundings:
    """The surroundings of this context: the world, unless a rehearsal is under way."""
    return _current.get(None) or _world[-1]


def register(world: Surroundings) -> None:
    """Say what the world is; called once by `jobs`, which call the runtime and so cannot be imported from here."""
    _world.append(world)


@contextmanager
def inside(surroundings: Surroundings) -> Iterator[None]:
    """Everything that the runtime does inside this block reaches `surroundings` instead of the world."""
    token = _current.set(surroundings)
    try:
        yield
    finally:
        _current.reset(token)
