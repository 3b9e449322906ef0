"""Reading when a customer wants to be called, as it is said on the telephone. Pure.

`15:30`, `1530`, `3 pm`, `a las 9`, `hoy 16`, `mañana 9`, `mañana por la tarde`, `lunes 10:30`, `pasado mañana`, `25/11 15:30`,
`en 2 horas`, `en media hora`, `en 20 min`. An hour that is over today is meant for tomorrow; what names a day is of that day.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from thaki.records.reasons import RuleError

MORNING, AFTERNOON, EVENING = time(9), time(15), time(19)
DAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
EARLIEST_WORKING_HOUR = 7  # "a las 3" is three in the afternoon: nobody wants to be called at night
_PARTS = {"manana": MORNING, "mediodia": time(12), "tarde": AFTERNOON, "noche": EVENING}
_IN = re.compile(
    r"^(?:en|dentro de)\s+(?:(\d{1,3}|una?|media)\s*)(horas?|hs?|minutos?|min|dias?|semanas?)(\s+y\s+media)?$"
)
_CLOCK = re.compile(r"(?<![\d/])(?:a\s+las?\s+)?(\d{1,2})(?:[:.h](\d{2}))?\s*(?:hrs?|hs|h)?\s*(am|pm)?(?![\d/])")
_PACKED = re.compile(r"(?<!\d)(\d{1,2})(\d{2})(?!\d)\s*(?:hrs?|hs|h)?")
_DATE = re.compile(r"(\d{1,2})[/-](\d{1,2})(?:[/-](\d{4}|\d{2}))?")
_PART = re.compile(
    r"(?:de|por|en|a)\s+(?:la\s+|el\s+)?(manana|tarde|noche|mediodia)|^(tarde|noche|mediodia)$|(?<=\s)(tarde|noche|mediodia)"
)
_FURTHEST = timedelta(days=180)


def parse_when(text: str, now: datetime) -> datetime:
    """The instant meant, in the zone of `now` (aware, in the office's zone); to come, and within half a year.

    Raises RuleError on "call_back_at": `when_unreadable`, `call_back_past` for a named day that is over, `when_too_far`.
    """
    said = _plain(text)
    if found := _exact(said, now) or _span(said, now):
        return _checked(found, now, text)
    day, rest = _day(said, now)
    at, rest = _hour(rest)
    part, rest = _part(rest)
    if rest.strip(" ,.") or (day is None and at is None and part is None):
        raise RuleError("when_unreadable", on="call_back_at", text=text[:40])
    hour = _meant(at, part)
    if day is not None:
        return _checked(datetime.combine(day, hour, now.tzinfo), now, text)
    today = datetime.combine(now.date(), hour, now.tzinfo)
    return today if today > now else today + timedelta(days=1)


def _plain(text: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    bare = re.sub(r"\b([ap])\.?\s?m\b\.?", r"\1m", bare)
    return re.sub(r"\s+", " ", bare).strip(" .,")


def _exact(said: str, now: datetime) -> datetime | None:
    """ISO, as browsers' own controls write it."""
    try:
        found = datetime.fromisoformat(said.upper()) if re.match(r"\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}", said) else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or now.tzinfo) if found else None


def _span(said: str, now: datetime) -> datetime | None:
    found = _IN.match(said)
    if not found:
        return None
    count = {"media": 0.5, "un": 1.0, "una": 1.0}.get(found[1]) or float(found[1] if found[1].isdigit() else 0)
    count += 0.5 if found[3] else 0
    unit = {"h": timedelta(hours=1), "m": timedelta(minutes=1), "d": timedelta(days=1), "s": timedelta(days=7)}[
        found[2][0]
    ]
    return (now + count * unit).replace(second=0, microsecond=0)


def _day(said: str, now: datetime) -> tuple[date | None, str]:
    """The day that is named, and the rest of what was said."""
    today = now.date()
    for words, days in (("pasado manana", 2), ("hoy", 0)):
        if said.startswith(words):
            return today + timedelta(days=days), said.removeprefix(words).strip()
    if re.match(r"manana\b", said):  # at the beginning it is the day; "por la mañana" comes behind
        return today + timedelta(days=1), said.removeprefix("manana").strip()
    if named := re.match(rf"(?:el\s+)?(?:proximo\s+)?({'|'.join(DAYS)})\b", said):
        ahead = (DAYS.index(named[1]) - today.weekday() - 1) % 7 + 1
        return today + timedelta(days=ahead), said[named.end() :].strip()
    if found := _DATE.search(said):
        return _dated(found, today), (said[: found.start()] + said[found.end() :]).removeprefix("el ").strip()
    return None, said


def _dated(found: re.Match[str], today: date) -> date:
    year = int(found[3] or today.year)
    try:
        day = date(year + 2000 if year < 100 else year, int(found[2]), int(found[1]))
        return day.replace(year=day.year + 1) if not found[3] and day < today else day
    except ValueError as error:
        raise RuleError("when_unreadable", on="call_back_at", text=found[0]) from error


def _hour(said: str) -> tuple[tuple[time, bool] | None, str]:
    """(hour and whether it says which half of the day, the rest)."""
    if (found := _PACKED.search(said)) and not _CLOCK.search(said):
        hour, minute, half = int(found[1]), int(found[2]), ""
    elif found := _CLOCK.search(said):
        hour, minute, half = int(found[1]), int(found[2] or 0), found[3] or ""
    else:
        return None, said
    if half:
        if not 1 <= hour <= 12:
            raise RuleError("when_unreadable", on="call_back_at", text=said[:40])
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise RuleError("when_unreadable", on="call_back_at", text=said[:40])
    return (time(hour, minute), bool(half)), (said[: found.start()] + said[found.end() :]).strip()


def _part(said: str) -> tuple[str | None, str]:
    found = _PART.search(said)
    if not found:
        return None, said
    name = next(group for group in found.groups() if group)
    return name, (said[: found.start()] + said[found.end() :]).strip()


def _meant(at: tuple[time, bool] | None, part: str | None) -> time:
    if at is None:
        return _PARTS[part] if part else MORNING
    hour, said_half = at
    late = part in ("tarde", "noche") or (part is None and hour.hour < EARLIEST_WORKING_HOUR)
    return hour.replace(hour=hour.hour + 12) if late and not said_half and hour.hour < 12 else hour


def _checked(found: datetime, now: datetime, text: str) -> datetime:
    if found <= now:
        raise RuleError("call_back_past", on="call_back_at")
    if found - now > _FURTHEST:
        raise RuleError("when_too_far", on="call_back_at", text=text[:40])
    return found
