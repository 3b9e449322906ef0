"""Who wants to know that a service fails again: upper rooms register, the operations tell them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thaki.records.claims.models import Claim

Listener = Callable[["Claim", datetime], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call it, in the transaction of the change, with each claim registered, reiterated or reopened, and now."""
    if listener not in _listeners:
        _listeners.append(listener)


def failing(claim: Claim, now: datetime) -> None:
    """Tell all of them."""
    for listener in _listeners:
        listener(claim, now)
