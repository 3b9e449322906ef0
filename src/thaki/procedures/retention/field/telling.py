"""When the thing that is being recorded happened: now, unless a telephone is telling of it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from thaki.records.work_orders.rules_visit import Stamp

_told: ContextVar[Stamp | None] = ContextVar("told_by_telephone", default=None)


@contextmanager
def of(stamp: Stamp) -> Iterator[None]:
    """Within, steps 7 and 8 and the failed visit bear this stamp."""
    token = _told.set(stamp)
    try:
        yield
    finally:
        _told.reset(token)


def stamp(now: datetime) -> Stamp:
    """The telephone's, or now."""
    return _told.get() or Stamp(now)
