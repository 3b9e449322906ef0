"""Who wants to know that the network can serve more than before: upper rooms register, the operations tell them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Box(NamedTuple):
    """The rectangle in which something changed, in degrees."""

    min_lat: float
    max_lat: float
    min_lon: float
    max_lon: float


Listener = Callable[[Box], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call it, in the transaction of the change, with where the network grew."""
    if listener not in _listeners:
        _listeners.append(listener)


def grew(box: Box) -> None:
    """Tell all of them."""
    for listener in _listeners:
        listener(box)
