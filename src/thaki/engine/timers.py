"""ISO 8601 as BPMN's timers use it: enough to refuse what no runtime could turn into an instant."""

from __future__ import annotations

import re
from datetime import datetime

_DURATION = re.compile(
    r"P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?",
    re.ASCII,
)
_REPEAT = re.compile(r"R(\d{0,6})", re.ASCII)


def is_duration(text: str) -> bool:
    """Whether it is a duration: "PT15M", "P15D", "P1M"."""
    return len(text) <= 60 and _DURATION.fullmatch(text) is not None


def is_nothing(text: str) -> bool:
    """Whether it is a duration of no length: "PT0S"."""
    return is_duration(text) and not any(int(digits) for digits in re.findall(r"\d+", text))


def is_date(text: str) -> bool:
    """Whether it is a date and time: "2026-11-21T14:05:00-04:00"."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text


def is_cycle(text: str) -> bool:
    """Whether it is a repeating interval: "R3/PT10M", "R/2026-01-01T08:00:00-04:00/P1M"."""
    repeat, *rest = text.split("/")
    if _REPEAT.fullmatch(repeat) is None or len(rest) not in (1, 2):
        return False
    return is_duration(rest[-1]) and (len(rest) == 1 or is_date(rest[0]))
