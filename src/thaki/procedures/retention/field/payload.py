"""What a telephone sends, read strictly: plain data in, frozen data out. Pure.

A submission is a JSON object with `key`, `user`, `order`, `kind` (arrival, report, failure), `device_at`, `sent_device_at` and
`place`; see the functions below for what each kind adds. Whatever is not as agreed raises `Unreadable`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

KINDS = ("arrival", "report", "failure")
PHOTO_KINDS = ("before", "after", "absence")
MOST_PHOTOS = 20
MOST_TASKS = 20
_KEY = re.compile(r"[A-Za-z0-9]{16,64}")


class Unreadable(ValueError):
    """The telephone sent something that no version of it makes; `args[0]` names the part."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where, or why that is not known."""

    lat: float | None = None
    lon: float | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """When by the telephone's clock, and where."""

    device_at: datetime
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class TaskDone:
    """One Xpress task."""

    code: str
    found: str
    done: str
    materials: tuple[tuple[str, Decimal, str], ...]  # name, quantity, unit


@dataclass(frozen=True, slots=True)
class Photo:
    """A photograph; `file` names the part that holds it."""

    kind: str
    moment: Moment
    file: str


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature on a paper; an empty `file` is a signature that is missing."""

    paper: str
    name: str
    ci: str
    moment: Moment
    file: str


@dataclass(frozen=True, slots=True)
class Sent:
    """A whole submission."""

    key: str
    user: int
    order: int
    kind: str
    moment: Moment
    sent_device_at: datetime
    arrival: Moment | None = None
    review: str = ""
    tasks: tuple[TaskDone, ...] = ()
    services: Mapping[int, tuple[bool, str]] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    signatures: tuple[Signed, ...] = ()
    failure: str = ""
    note: str = ""
    until: datetime | None = None


def read(body: Any) -> Sent:
    """The submission that a parsed JSON text holds."""
    body = _object(body, "envio")
    kind = _one_of(body.get("kind"), KINDS, "kind")
    return Sent(
        key=_key(body.get("key")),
        user=_number(body.get("user"), "user"),
        order=_number(body.get("order"), "order"),
        kind=kind,
        moment=_moment(body, "device_at"),
        sent_device_at=_instant(body.get("sent_device_at"), "sent_device_at"),
        arrival=_moment(body["arrival"], "arrival") if body.get("arrival") else None,
        review=_text(body.get("review"), 2000),
        tasks=tuple(_task(each) for each in _list(body.get("tasks"), "tasks", MOST_TASKS)),
        services=dict(_service(each) for each in _list(body.get("services"), "services", 50)),
        photos=tuple(_photo(each) for each in _list(body.get("photos"), "photos", MOST_PHOTOS)),
        signatures=tuple(_signature(each) for each in _list(body.get("signatures"), "signatures", 3)),
        failure=_text(body.get("failure"), 20),
        note=_text(body.get("note"), 300),
        until=_local(body["until"]) if body.get("until") else None,
    )


def _task(body: Any) -> TaskDone:
    body = _object(body, "tasks")
    materials = (_object(each, "materials") for each in _list(body.get("materials"), "materials", 30))
    return TaskDone(
        code=_text(body.get("code"), 40),
        found=_text(body.get("found"), 500),
        done=_text(body.get("done"), 500),
        materials=tuple(_material(each) for each in materials if _text(each.get("name"), 80)),
    )


def _material(body: Mapping[str, Any]) -> tuple[str, Decimal, str]:
    quantity = quantity_of(_text(body.get("quantity"), 12))
    return _text(body.get("name"), 80), quantity or Decimal(1), _text(body.get("unit"), 12) or "u"


def quantity_of(text: str) -> Decimal | None:
    """`2`, `1,5` or `1.5`; None for what is no quantity above zero."""
    try:
        quantity = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        return None
    if not quantity.is_finite() or not 0 < quantity < 100_000:
        return None
    return quantity.quantize(Decimal("0.01")) or None


def _service(body: Any) -> tuple[int, tuple[bool, str]]:
    body = _object(body, "services")
    return _number(body.get("id"), "services"), (body.get("works") is True, _text(body.get("note"), 300))


def _photo(body: Any) -> Photo:
    body = _object(body, "photos")
    kind = _one_of(body.get("kind"), PHOTO_KINDS, "photos")
    return Photo(kind, _moment(body, "photos"), _text(body.get("file"), 40))


def _signature(body: Any) -> Signed:
    body = _object(body, "signatures")
    at = (
        body if body.get("device_at") else {**body, "device_at": "2000-01-01T00:00:00Z"}
    )  # unsigned: it has no file either
    return Signed(
        paper=_text(body.get("paper"), 16),
        name=_text(body.get("name"), 160),
        ci=_text(body.get("ci"), 20),
        moment=_moment(at, "signatures"),
        file=_text(body.get("file"), 40),
    )


# ---------------------------------------------------------------- small parts
def _object(value: Any, part: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise Unreadable(part)
    return value


def _list(value: Any, part: str, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > most:
        raise Unreadable(part)
    return value


def _text(value: Any, limit: int) -> str:
    return str(value).replace("\x00", "").strip()[:limit] if isinstance(value, str | int | float) else ""


def _number(value: Any, part: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**62:
        raise Unreadable(part)
    return value


def _key(value: Any) -> str:
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise Unreadable("key")
    return value


def _one_of(value: Any, known: tuple[str, ...], part: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise Unreadable(part)
    return value


def _instant(value: Any, part: str) -> datetime:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise Unreadable(part) from error
    if at.tzinfo is None or not 1990 < at.year < 2200:
        raise Unreadable(part)
    return at


def _local(value: Any) -> datetime:
    """An hour typed by a person, in Bolivia (UTC-4 the whole year round)."""
    try:
        return datetime.fromisoformat(f"{value}:00-04:00" if len(value) == 16 else value)
    except (TypeError, ValueError) as error:
        raise Unreadable("until") from error


def _moment(body: Any, part: str) -> Moment:
    body = _object(body, part)
    return Moment(_instant(body.get("device_at"), part), _place(body.get("place")))


def _place(body: Any) -> Place:
    if not isinstance(body, dict):
        return Place()
    lat, lon = body.get("lat"), body.get("lon")
    if isinstance(lat, int | float) and isinstance(lon, int | float) and abs(lat) <= 90 and abs(lon) <= 180:
        return Place(float(lat), float(lon))
    return Place(why=_text(body.get("why"), 20))
