"""The numbers of the readings as policy values: each has a default, an owner who may change it, and a history.

A room defines its own at start-up and reads them by code:

    define("sales.first_contact_minutes", 15, _("Primer contacto"), _("minutos de oficina"), "R-A9", Kind.INTEGER)
    get("sales.first_contact_minutes")  # 15, until somebody with the right to it sets another value

Theory of operation: only changed values have a row. `get` is called several times in every step, so a process keeps the
rows for `SECONDS`; a change made elsewhere is seen within that time, one made here at once. A value set in a transaction
that has not committed (a rehearsal, a test) must neither stay after a rollback nor hide: while such a one is pending the
rows are read each time.

A value may be entered ahead (`effective_from`). What begins last is in force: a value set today stands until the day of the
one entered ahead, and one set after that day stands until the next. `at` tells which value was, or will be, in force at a moment.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.people.calendar import parse_days, parse_hours, parse_week

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from thaki.people.models import User

Value = int | Decimal | bool | str
SECONDS = 1.0


class Kind(StrEnum):
    """How a value is written, checked and shown."""

    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"  # Decimal, in BOB
    PERCENT = "percent"  # Decimal
    BOOLEAN = "boolean"
    TEXT = "text"
    HOURS = "hours"  # text such as 08:30-12:30, 14:30-18:30
    DATES = "dates"  # text: ISO dates with commas between
    WEEK = "week"  # text such as 4=08:30-16:00; 5=09:00-12:00
    DAYS = "days"  # text such as 2026-12-24=08:30-12:30|Nochebuena


@dataclass(frozen=True, slots=True)
class Definition:
    """What a policy is, as its room declared it."""

    code: str
    default: Value
    label: str | _StrPromise
    unit: str | _StrPromise
    reading: str  # the reading it comes from (R-A9), "" when none
    kind: Kind
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    help: str | _StrPromise = ""


class UnknownPolicy(LookupError):
    """No room defines a policy of that code."""


class BadValue(ValueError):
    """The value does not fit the policy; the message is for the person who typed it."""


_definitions: dict[str, Definition] = {}
_snapshot: tuple[float, Mapping[str, Value]] | None = None


def define(
    code: str,
    default: Value,
    label: str | _StrPromise,
    unit: str | _StrPromise = "",
    reading: str = "",
    kind: Kind | str = Kind.INTEGER,
    *,
    minimum: int | Decimal | None = 0,
    maximum: int | Decimal | None = None,
    help: str | _StrPromise = "",
) -> str:
    """Declare a policy and return its code; called at import of a room's `policies.py`, loaded in `AppConfig.ready`."""
    low, high = (None if bound is None else Decimal(bound) for bound in (minimum, maximum))
    _definitions[code] = Definition(code, default, label, unit, reading, Kind(kind), low, high, help)
    return code


def definition(code: str) -> Definition:
    """The declaration of a code; UnknownPolicy when nobody made it."""
    try:
        return _definitions[code]
    except KeyError:
        raise UnknownPolicy(code) from None


def definitions() -> tuple[Definition, ...]:
    """Every policy, by code."""
    return tuple(_definitions[code] for code in sorted(_definitions))


def get(code: str) -> Value:
    """The value in force: what was set, else the default."""
    known = definition(code)
    return _values().get(code, known.default)


def get_int(code: str) -> int:
    """The value of a policy of whole numbers."""
    return int(get(code))


def get_decimal(code: str) -> Decimal:
    """The value of a policy of amounts or percentages."""
    return Decimal(get(code))


def set(
    code: str,
    value: Value | str,
    *,
    by: User | None,
    reason: str,
    now: datetime,
    effective_from: datetime | None = None,
) -> None:
    """Change a value (typed, or as a person wrote it); its row keeps who, when and why, the history every row it had.

    With `effective_from`, a moment to come, it is in force from then on. Raises BadValue when it does not fit the policy's
    kind or bounds.
    """
    from thaki.people.models import PlannedPolicy, Policy  # the models import nothing of ours before the apps are ready

    known = definition(code)
    told = {"value": serialise(parse(known, value)), "changed_by": by, "reason": reason}
    with transaction.atomic():
        if effective_from is not None and effective_from > now:
            planned = told | {"entered_at": now}
            PlannedPolicy.objects.update_or_create(code=code, from_at=effective_from, defaults=planned)
        else:
            Policy.objects.update_or_create(code=code, defaults=told | {"changed_at": now})
        transaction.on_commit(forget)


def unplan(code: str, from_at: datetime, *, now: datetime) -> bool:
    """Take back a value entered ahead, unless its moment has come; whether there was one."""
    from thaki.people.models import PlannedPolicy

    with transaction.atomic():
        gone, _by_model = PlannedPolicy.objects.filter(code=code, from_at=from_at, from_at__gt=now).delete()
        transaction.on_commit(forget)
    return bool(gone)


def at(code: str, moment: datetime) -> Value:
    """The value in force at a moment, past or to come, as it is known today."""
    from thaki.people.models import PlannedPolicy, Policy, history_of

    known = definition(code)
    set_then = history_of(Policy).filter(code=code, changed_at__lte=moment).values_list("changed_at", "value")
    begun = PlannedPolicy.objects.filter(code=code, from_at__lte=moment).values_list("from_at", "value")
    found = set_then.union(begun, all=True).order_by("-changed_at").first()
    return parse(known, found[1]) if found else known.default


def forget() -> None:
    """Let the next `get` read the rows again."""
    global _snapshot
    _snapshot = None


def parse(known: Definition, value: Value | str) -> Value:
    """A value fit for the policy, from itself or from what a person typed; raises BadValue."""
    if known.kind is Kind.BOOLEAN:
        return _boolean(value)
    if known.kind in (Kind.TEXT, *_READERS):
        return _text(known.kind, str(value).strip())
    return _number(known, value)


def serialise(value: Value) -> str:
    """The text that is stored."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def parse_dates(text: str) -> frozenset[date]:
    """ISO dates with commas between; ValueError when one is none."""
    return frozenset(date.fromisoformat(part.strip()) for part in text.split(",") if part.strip())


def _values() -> Mapping[str, Value]:
    global _snapshot
    if _pending():
        return _read()
    now = time.monotonic()
    if _snapshot is None or not 0 <= now - _snapshot[0] < SECONDS:
        _snapshot = (now, _read())
    return _snapshot[1]


def _pending() -> bool:
    """Whether this connection's open transaction has set a value (a rollback takes the mark away with the value)."""
    return any(entry[1] is forget for entry in connection.run_on_commit)


def _read() -> Mapping[str, Value]:
    from thaki.people.models import PlannedPolicy, Policy

    begun = PlannedPolicy.objects.filter(from_at__lte=timezone.now()).values_list("code", "value", "from_at")
    rows = Policy.objects.values_list("code", "value", "changed_at").union(begun, all=True)
    standing = {code: text for code, text, _since in sorted(rows, key=lambda row: row[2])}
    return {code: parse(_definitions[code], text) for code, text in standing.items() if code in _definitions}


def _boolean(value: Value | str) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).lower() in ("true", "false"):
        return str(value).lower() == "true"
    raise BadValue(_("Elija sí o no."))


def _text(kind: Kind, text: str) -> str:
    try:
        if kind in _READERS:
            _READERS[kind](text)
    except ValueError as error:
        raise BadValue(str(_FORMS[kind])) from error
    return text


_READERS: dict[Kind, Callable[[str], object]] = {
    Kind.HOURS: parse_hours,
    Kind.DATES: parse_dates,
    Kind.WEEK: parse_week,
    Kind.DAYS: parse_days,
}
_FORMS = {
    Kind.HOURS: gettext_lazy("Escriba los horarios en orden, así: 08:30-12:30, 14:30-18:30."),
    Kind.DATES: gettext_lazy("Escriba las fechas así: 2026-12-24, 2026-12-31."),
    Kind.WEEK: gettext_lazy("Escriba los días así (0 es lunes): 4=08:30-16:00; 5=09:00-12:00."),
    Kind.DAYS: gettext_lazy("Escriba los días así: 2026-12-24=08:30-12:30|Nochebuena; 2026-12-31=|Inventario."),
}


def _number(known: Definition, value: Value | str) -> int | Decimal:
    try:
        number = Decimal(str(value).strip().replace(",", ".")) if isinstance(value, str) else Decimal(value)
    except InvalidOperation as error:
        raise BadValue(_("Escriba un número.")) from error
    if not number.is_finite() or (known.kind is Kind.INTEGER and number != number.to_integral_value()):
        raise BadValue(_("Escriba un número entero."))
    if known.minimum is not None and number < known.minimum:
        raise BadValue(_("El mínimo es %(bound)s.") % {"bound": known.minimum})
    if known.maximum is not None and number > known.maximum:
        raise BadValue(_("El máximo es %(bound)s.") % {"bound": known.maximum})
    return int(number) if known.kind is Kind.INTEGER else number
