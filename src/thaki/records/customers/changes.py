"""Who wants to know that a service was withdrawn: rooms beside this one register, the operation tells them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Listener = Callable[[int, datetime], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call it, in the transaction of the change, with the key of each service withdrawn, and now."""
    if listener not in _listeners:
        _listeners.append(listener)


def withdrawn(subscription_id: int, now: datetime) -> None:
    """Tell all of them."""
    for listener in _listeners:
        listener(subscription_id, now)
