"""Who changed what: people and commercial records in one list, the latest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Concat
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_safe

from thaki.people.access import StaffRequest, staff
from thaki.people.models import User
from thaki.web.admin import changes
from thaki.web.admin.changes import Change, Subject
from thaki.web.admin.index import OWNERS
from thaki.web.admin.instants import SLACK, first_key
from thaki.web.admin.subjects import SUBJECTS
from thaki.web.helpers import asked

SIZE = 50
BY_CODE = {subject.code: subject for subject in SUBJECTS}


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed down to."""

    subject: str = ""
    of: int | None = None  # one row of the subject
    by: int | None = None
    since: datetime | None = None
    until: datetime | None = None  # not included


@dataclass(frozen=True, slots=True)
class Line:
    """A change of any subject, without its fields."""

    subject: Subject
    of: int
    at: datetime
    verb: str
    name: str
    by: User | None
    icon: str
    tone: str


@staff(*OWNERS)
@require_safe
def change_list(request: StaffRequest) -> HttpResponse:
    """Everything, or one subject with what each change changed."""
    filters = _filters(request)
    rows: Sequence[Change | Line]
    if filters.subject:
        found = list(_events(BY_CODE[filters.subject], filters)[: SIZE + 1])
        rows = changes.told(BY_CODE[filters.subject], found)
    else:
        rows = _lines(filters)
    shown = rows[:SIZE]
    context = {
        "rows": shown,
        "with_fields": bool(filters.subject),
        "older": shown[-1].at.astimezone(UTC).isoformat() if len(rows) > SIZE else "",
        "subjects": SUBJECTS,
        "people": User.objects.only("first_name", "last_name", "username").order_by("first_name", "last_name"),
        "asked": request.GET,
        "one": filters.of is not None,
    }
    return render(request, "web/admin/changes.html", context)


# ---------------------------------------------------------------- inside
def _filters(request: StaffRequest) -> Filters:
    """What the address says; nonsense narrows nothing."""
    subject = asked(request, "tema")
    return Filters(
        subject=subject if subject in BY_CODE else "",
        of=_number(asked(request, "de")),
        by=_number(asked(request, "quien")),
        since=_day(asked(request, "desde")),
        until=_instant(asked(request, "antes")) or _after(_day(asked(request, "hasta"))),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) if day and 1900 < day.year < 3000 else None


def _after(day: datetime | None) -> datetime | None:
    return day + timedelta(days=1) if day else None


def _instant(text: str) -> datetime | None:
    try:
        found = parse_datetime(text.replace(" ", "+"))  # an address turns the sign into a blank
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _events(subject: Subject, filters: Filters) -> QuerySet[Any]:
    """The latest first; the key of the events grows with their time, so no index of its own is needed for that.

    Days are looked for among the keys as well: what came after them is not walked through.
    """
    model: Any = subject.event
    found: QuerySet[Any] = model.objects.order_by("-pgh_id")
    if _in_context(subject):
        found = found.select_related("pgh_context")
    if filters.of is not None:
        found = found.filter(**{subject.row: filters.of})
    if filters.by is not None:
        where = "pgh_context__metadata__user" if _in_context(subject) else "pgh_context__user"
        found = found.filter(**{where: filters.by})
    if filters.since:
        found = found.filter(pgh_created_at__gte=filters.since, pgh_id__gte=first_key(model, filters.since - SLACK))
    if filters.until:
        found = found.filter(pgh_created_at__lt=filters.until, pgh_id__lt=first_key(model, filters.until + SLACK))
    return found


def _in_context(subject: Subject) -> bool:
    """Whether who did it stands in pghistory's own table (people) or in the event itself (commercial records)."""
    return bool(subject.event._meta.get_field("pgh_context").is_relation)


def _lines(filters: Filters) -> list[Line]:
    """Of every subject together, in one query."""
    legs = [_leg(subject, filters) for subject in SUBJECTS]
    rows = list(legs[0].union(*legs[1:], all=True).order_by("-row_at")[: SIZE + 1])
    keys = {int(row["row_who"]) for row in rows if row["row_who"] and row["row_who"].isdigit()}
    people = User.objects.in_bulk(keys)
    return [_line(row, people) for row in rows]


def _leg(subject: Subject, filters: Filters) -> QuerySet[Any]:
    where = "pgh_context__metadata" if _in_context(subject) else "pgh_context"
    parts = [Cast(F(_own(subject, name)), TextField()) for name in subject.name.split()]
    name: Any = parts[0]
    for part in parts[1:]:
        name = Concat(name, Value(" "), part, output_field=TextField())
    return (
        _events(subject, filters)
        .select_related(None)
        .values(
            row_code=Value(subject.code, output_field=CharField()),
            row_of=F(subject.row),
            row_at=F("pgh_created_at"),
            row_label=F("pgh_label"),
            row_name=name,
            row_who=KeyTextTransform("user", where),
        )[: SIZE + 1]
    )


def _own(subject: Subject, name: str) -> str:
    """A field of the event itself: of a key, the key."""
    return f"{name}_id" if subject.event._meta.get_field(name).is_relation else name


def _line(row: dict[str, Any], people: dict[int, User]) -> Line:
    subject = BY_CODE[row["row_code"]]
    icon, tone = changes.ICONS.get(row["row_label"], ("history", "neutral"))
    verb = str(changes.WORDS.get(row["row_label"], row["row_label"]))
    by = people.get(int(row["row_who"])) if row["row_who"] and row["row_who"].isdigit() else None
    name = "" if any(subject.event._meta.get_field(n).is_relation for n in subject.name.split()) else row["row_name"]
    return Line(subject, row["row_of"], row["row_at"], verb, name or f"N.º {row['row_of']}", by, icon, tone)
