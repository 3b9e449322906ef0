"""Values of rows, as people and workbooks write them. Pure.

Each refuses with `RuleError` or ValueError's kin, naming the field; "" is for the caller to decide (`required`).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from thaki.records.reasons import RuleError

LA_PAZ = ZoneInfo("America/La_Paz")
_DAY = re.compile(r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$")
_CLOCK = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2}))?$")
_GROUPED = re.compile(r"^-?\d{1,3}(\.\d{3})+(,\d+)?$")
_ENGLISH = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d+)?$")


def required(text: str, *, on: str) -> str:
    """The text; refused when there is none."""
    if not text:
        raise RuleError("import_missing", on=on)
    return text


def decimal(text: str, *, on: str) -> Decimal:
    """`1.234,50`, `1,234.50`, `1234.5`, `Bs 250`, `-3`; refused is what is no number."""
    bare = re.sub(r"^(bs\.?|bob)\s*", "", text.strip(), flags=re.IGNORECASE).replace(" ", "").replace("\u00a0", "")
    if _GROUPED.match(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif _ENGLISH.match(bare):
        bare = bare.replace(",", "")
    else:
        bare = bare.replace(",", ".")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise RuleError("import_number", on=on, text=text[:40]) from error
    if not number.is_finite():
        raise RuleError("import_number", on=on, text=text[:40])
    return number


def day(text: str, *, on: str) -> date:
    """`21/11/2026`, `21-11-26`, `2026-11-21`, with or without an hour behind it."""
    return _day(text.strip().replace("T", " ").split(" ")[0], text, on)


def instant(text: str, *, on: str, zone: ZoneInfo = LA_PAZ) -> datetime:
    """A day with its hour (midnight when none is said), in the zone of Bolivia."""
    first, _blank, rest = text.strip().replace("T", " ").partition(" ")
    return datetime.combine(_day(first, text, on), _clock(rest.strip(), text, on), zone)


def _clock(bare: str, text: str, on: str) -> time:
    if not bare:
        return time()
    found = _CLOCK.match(bare)
    try:
        hour, minute, second = (int(part) for part in found.groups(default="0")) if found else (99, 0, 0)
        return time(hour, minute, second)
    except ValueError as error:
        raise RuleError("import_date", on=on, text=text[:40]) from error


def _day(bare: str, text: str, on: str) -> date:
    try:
        if found := _DAY.match(bare):
            number, month, year = (int(part) for part in found.groups())
            return date(year + 2000 if year < 100 else year, month, number)
        return date.fromisoformat(bare)
    except ValueError as error:
        raise RuleError("import_date", on=on, text=text[:40]) from error
