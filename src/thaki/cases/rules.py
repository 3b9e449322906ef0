"""Pure rules of cases: their numbers, how their subjects are searched, and ISO 8601 times."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Protocol, TypeVar

REHEARSAL_PREFIX = "REH"


def case_number(prefix: str, year: int, count: int) -> str:
    """The number of a case as people say it: `GVD-2026-000123`."""
    return f"{prefix}-{year}-{count:06d}"


YEARS = 5  # back, for a number that is said without its year
_NUMBER = re.compile(r"(?:(?P<prefix>[A-Z]{1,6})[-\s]*)?(?:(?P<year>20\d\d)[-\s/]+)?0*(?P<count>\d{1,9})")


def numbers_said(typed: str, prefixes: Sequence[str], year: int) -> tuple[str, ...]:
    """The whole numbers that "123", "2026-123", "GVD 123" or "OS-2026-000123" may be; what is no number of ours stays itself.

    `typed` is in capitals, `year` is the present one.
    """
    said = _NUMBER.fullmatch(typed)
    if said is None or (said["prefix"] and said["prefix"] not in prefixes):
        return (typed,) if any(c.isdigit() for c in typed) and " " not in typed else ()
    years = [int(said["year"])] if said["year"] else range(year, year - YEARS, -1)
    wanted = [said["prefix"]] if said["prefix"] else prefixes
    return tuple(case_number(prefix, each, int(said["count"])) for prefix in wanted for each in years)


def folded(text: str) -> str:
    """The text as it is searched: lower case, no accents, ñ as n (people type either), single spaces."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.sub(r"\W+", " ", plain).split())


def trigrams(text: str) -> list[str]:
    """The distinct trigrams of a folded text, each word padded as in PostgreSQL's pg_trgm (two spaces before, one after)."""
    found = {
        padded[i : i + 3] for word in folded(text).split() for padded in [f"  {word} "] for i in range(len(word) + 1)
    }
    return sorted(found)


def search_trigrams(text: str) -> list[str]:
    """The trigrams that every match of a typed text must have: a last word that may be unfinished has no end."""
    return sorted({p[i : i + 3] for word in folded(text).split() for p in [f"  {word}"] for i in range(len(word))})


class Event(Protocol):
    """What `standing` needs of a history event."""

    seq: int
    kind: str
    data: Mapping[str, Any]


E = TypeVar("E", bound=Event)


def standing(events: Iterable[E]) -> list[E]:
    """The events whose doing still stands: without those that were undone, and without the undoing. In the order given."""
    known = list(events)
    undone = [range(event.data["from"], event.data["to"] + 1) for event in known if event.kind == "undone"]
    if not undone:
        return known
    return [event for event in known if event.kind != "undone" and not any(event.seq in each for each in undone)]


@dataclass(frozen=True, slots=True)
class Span:
    """An ISO 8601 duration: calendar months, and a length of time."""

    months: int = 0
    time: timedelta = timedelta(0)

    def after(self, start: datetime) -> datetime:
        """The instant this long after `start`; the 31st plus a month is the last day of the next month."""
        if not self.months:
            return start + self.time
        month = start.month - 1 + self.months
        year, month = start.year + month // 12, month % 12 + 1
        day = min(start.day, calendar.monthrange(year, month)[1])
        return start.replace(year=year, month=month, day=day) + self.time


_DURATION = re.compile(
    r"P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)


def parse_span(text: str) -> Span:
    """The span that an ISO 8601 duration names ("PT15M", "P15D", "P1M"); ValueError for anything else."""
    match = _DURATION.fullmatch(text)
    if not match:
        raise ValueError(f"not an ISO 8601 duration: {text!r}")
    part = {name: int(value or 0) for name, value in match.groupdict().items()}
    time = timedelta(
        weeks=part["weeks"], days=part["days"], hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"]
    )
    return Span(part["years"] * 12 + part["months"], time)


@dataclass(frozen=True, slots=True)
class Cycle:
    """An ISO 8601 repeating interval: "R3/PT10M", "R/2026-01-05T08:00:00-04:00/P1M"."""

    span: Span
    start: datetime | None = None

    def next_after(self, now: datetime) -> datetime:
        """The first occurrence after `now`; without a start of its own the cycle counts from `now`."""
        if self.start is None:
            return self.span.after(now)
        return self._occurrence(now, 1)

    def last_until(self, now: datetime) -> datetime | None:
        """The last occurrence that is not after `now`; None before the first."""
        return None if self.start is None or self.start > now else self._occurrence(now, 0)

    def _occurrence(self, now: datetime, offset: int) -> datetime:
        """Occurrence n+offset, n being the last one not after `now`; counted from the start, so that the 31st stays so."""
        assert self.start is not None
        low, high = -1, 1
        while self._nth(high) <= now:
            high *= 2
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._nth(middle) <= now else (low, middle)
        return self._nth(low + offset)

    def _nth(self, n: int) -> datetime:
        assert self.start is not None
        if n < 0:
            return datetime.min.replace(tzinfo=UTC)
        return Span(self.span.months * n, self.span.time * n).after(self.start)


def parse_cycle(text: str, zone: tzinfo) -> Cycle:
    """The cycle of an ISO 8601 repeating interval; ValueError for anything else. A start without an offset is in `zone`."""
    head, *rest = text.split("/")
    if not re.fullmatch(r"R\d*", head) or len(rest) not in (1, 2):
        raise ValueError(f"not an ISO 8601 repeating interval: {text!r}")
    span = parse_span(rest[-1])
    if span == Span():
        raise ValueError(f"a cycle of no length: {text!r}")
    return Cycle(span, parse_instant(rest[0], zone) if len(rest) == 2 else None)


def parse_instant(text: str, zone: tzinfo) -> datetime:
    """The instant an ISO 8601 text names; one without an offset from UTC is in `zone`."""
    instant = datetime.fromisoformat(text)
    return instant if instant.tzinfo else instant.replace(tzinfo=zone)


# ---------------------------------------------------------------------- times, counted
BUCKETS_A_DOUBLING = 4  # so a quantile read from them is within a tenth of the exact one


def quantile(buckets: Mapping[int, int], share: float) -> float:
    """The time (s) below which that share of the counted times lies; bucket i begins at 2^(i/4) seconds. 0 for none."""
    wanted, seen = share * sum(buckets.values()), 0.0
    for bucket, count in sorted(buckets.items()):
        if seen + count >= wanted and count:
            within = (wanted - seen) / count
            return float(2 ** ((bucket + within) / BUCKETS_A_DOUBLING))
        seen += count
    return 0.0
