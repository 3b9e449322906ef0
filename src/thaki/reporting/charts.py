"""Small charts that the server draws as SVG: bars of one or more parts. Pure.

`{% include "reporting/bars.html" with chart=chart %}`, with `reporting/charts.css` on the page. Labels and figures stay text, so
a chart is read aloud, wraps on a telephone and needs no script; each bar is an SVG of 100 by 10 units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 100.0
Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar."""

    tone: str  # a tone of the house, or "1" to "6" for kinds without a meaning
    x: float
    width: float
    title: str  # what it says when pointed at


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the chart."""

    label: str
    value: str  # as it is read
    parts: tuple[Part, ...]
    href: str = ""
    note: str = ""
    mark: float | None = None  # where a goal stands, in the bar's units


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend."""

    tone: str
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars on one scale."""

    bars: tuple[Bar, ...]
    keys: tuple[Key, ...] = ()


def bar(
    label: str,
    parts: Sequence[tuple[str, Number, str]],
    most: Number,
    value: str,
    *,
    href: str = "",
    note: str = "",
    goal: Number | None = None,
) -> Bar:
    """A bar of parts (tone, amount, title) on a scale that ends at `most`; what passes it is cut there."""
    drawn, at = [], 0.0
    for tone, amount, title in parts:
        width = min(WIDTH - at, WIDTH * float(amount) / float(most)) if most > 0 else 0.0
        if width > 0:
            drawn.append(Part(tone, round(at, 2), round(width, 2), title))
            at += width
    mark = None if goal is None or most <= 0 else round(min(WIDTH, WIDTH * float(goal) / float(most)), 2)
    return Bar(label, value, tuple(drawn), href, note, mark)
