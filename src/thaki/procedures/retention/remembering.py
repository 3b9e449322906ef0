"""What was read once for a record on its way through one request, or one move: asked for again, it is not read again."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar

from thaki.procedures.retention.models import Retention

T = TypeVar("T")


def remembered(retention: Retention, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gave the first time; kept with the record in memory, never in the database."""
    known: dict[Hashable, T] = retention.__dict__.setdefault("_remembered", {})
    if key not in known:
        known[key] = read()
    return known[key]
