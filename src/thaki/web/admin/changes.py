"""Who changed what: the rows that pghistory keeps, told as changes of fields in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from thaki.people.models import User
from thaki.people.roles import ROLE_NAMES
from thaki.ui import formats

WORDS = {"insert": gettext_lazy("Creado"), "update": gettext_lazy("Cambiado"), "delete": gettext_lazy("Borrado")}
ICONS = {"insert": ("plus", "good"), "update": ("pencil", "info"), "delete": ("trash", "bad")}
ROLE_BY_CODE = {role.value: name for role, name in ROLE_NAMES.items()}
LONGEST = 120  # of a value; a longer one is cut


@dataclass(frozen=True, slots=True)
class Subject:
    """A model whose changes are told."""

    code: str
    label: Any  # of one: "Persona"
    model: str  # "people.User"
    name: str  # the field that names the row
    href: str = ""  # the name of the address of one, by its id
    labels: Mapping[str, Any] = field(default_factory=dict)  # of fields, where the model's own words will not do
    hidden: frozenset[str] = frozenset()  # fields that nobody needs to see
    row: str = "pgh_obj_id"  # the event's field that says of which row it is

    @property
    def event(self) -> type[models.Model]:
        """The model of its events."""
        room, name = self.model.split(".")
        return apps.get_model(room, f"{name}Event")


@dataclass(frozen=True, slots=True)
class Change:
    """One change, as it is shown."""

    subject: Subject
    key: int  # of the event
    of: int  # the row's id
    at: datetime
    name: str
    verb: str
    by: User | None
    fields: Sequence[tuple[str, str, str]]  # label, before, after
    icon: str
    tone: str

    @property
    def title(self) -> str:
        """For a timeline."""
        return self.verb

    @property
    def text(self) -> str:
        """What changed, in a line; of what came or went, what it was."""
        if self.verb != str(WORDS["update"]):
            return self.name
        return " · ".join(f"{label}: {before} → {after}" for label, before, after in self.fields)


def told(subject: Subject, events: Iterable[Any]) -> list[Change]:
    """Events of a subject as changes, in the order given; each is held against the one before it of the same row."""
    rows = list(events)
    before = _before(subject, rows)
    authors = User.objects.in_bulk({key for row in rows if (key := actor(row)) is not None})
    names = _names(subject, [*rows, *before.values()])
    return [_change(subject, row, before.get(row.pgh_id), authors, names) for row in rows]


def history(subject: Subject, pk: int, limit: int = 30) -> list[Change]:
    """What was done to one row, the latest first."""
    events: Any = subject.event
    return told(subject, events.objects.filter(**{subject.row: pk}).order_by("-pgh_id")[:limit])


def actor(row: Any) -> int | None:
    """The id of who did it: in the event itself (commercial records) or in its context (people)."""
    kept = row.pgh_context
    data = kept if isinstance(kept, dict) else getattr(kept, "metadata", None) or {}
    found = data.get("user")
    return found if isinstance(found, int) else None


# ---------------------------------------------------------------- inside
def _before(subject: Subject, rows: Sequence[Any]) -> dict[int, Any]:
    """The event before each, of the same row; one query for all."""
    wanted = [row for row in rows if row.pgh_label == "update"]
    if not wanted:
        return {}
    events: Any = subject.event
    earlier = events.objects.filter(pgh_obj_id=models.OuterRef("pgh_obj_id"), pgh_id__lt=models.OuterRef("pgh_id"))
    of = events.objects.filter(pgh_id__in=[row.pgh_id for row in wanted]).annotate(
        previous=models.Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1])
    )
    places = dict(of.values_list("pgh_id", "previous"))
    found = events.objects.in_bulk([key for key in places.values() if key is not None], field_name="pgh_id")
    return {key: found[previous] for key, previous in places.items() if previous in found}


def _fields(subject: Subject) -> list[models.Field[Any, Any]]:
    shown = [f for f in subject.event._meta.concrete_fields if not f.name.startswith("pgh_") and f.name != "id"]
    return [f for f in shown if f.name not in subject.hidden]


def _names(subject: Subject, rows: Sequence[Any]) -> dict[tuple[str, Any], str]:
    """What the foreign keys of the rows lead to, by field and key; one query a field."""
    known: dict[tuple[str, Any], str] = {}
    for each in _fields(subject):
        target = each.related_model if isinstance(each, models.ForeignKey) else None
        if not isinstance(target, type) or each.target_field.name != "id":  # type: ignore[attr-defined]  # of a ForeignKey
            continue
        keys = {value for row in rows if (value := getattr(row, each.attname)) is not None}
        found = target.objects.in_bulk(keys) if keys else {}  # type: ignore[attr-defined]  # every model has it
        known |= {(each.name, key): str(value) for key, value in found.items()}
    return known


def _change(
    subject: Subject, row: Any, before: Any, authors: Mapping[int, User], names: Mapping[tuple[str, Any], str]
) -> Change:
    changed = []
    for each in _fields(subject):
        old = getattr(before, each.attname, None) if before is not None else None
        new = getattr(row, each.attname)
        if row.pgh_label == "update" and (before is None or old == new):
            continue
        if row.pgh_label != "update" and new in (None, "", [], False):
            continue
        changed.append((_label(subject, each), _shown(each, old, names), _shown(each, new, names)))
    icon, tone = ICONS.get(row.pgh_label, ("history", "neutral"))
    key = actor(row)
    return Change(
        subject=subject,
        key=row.pgh_id,
        of=getattr(row, subject.row),
        at=row.pgh_created_at,
        name=_name(subject, row, names),
        verb=str(WORDS.get(row.pgh_label, row.pgh_label)),
        by=authors.get(key) if key is not None else None,
        fields=changed,
        icon=icon,
        tone=tone,
    )


def _name(subject: Subject, row: Any, names: Mapping[tuple[str, Any], str]) -> str:
    parts = [_named(row, name, names) for name in subject.name.split()]
    return " ".join(filter(None, parts)) or f"N.º {row.id}"


def _named(row: Any, name: str, names: Mapping[tuple[str, Any], str]) -> str:
    key = getattr(row, f"{name}_id", None)
    return names.get((name, key), "") if key is not None else str(getattr(row, name, "") or "")


def _label(subject: Subject, each: models.Field[Any, Any]) -> str:
    label = str(subject.labels.get(each.name) or each.verbose_name)
    return label[:1].upper() + label[1:]


def _shown(each: models.Field[Any, Any], value: Any, names: Mapping[tuple[str, Any], str]) -> str:
    if value is None or value == "" or value == []:
        return formats.NOTHING
    if (each.name, value) in names if isinstance(value, int) else False:
        return names[each.name, value]
    if isinstance(value, bool):
        return _("Sí") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(ROLE_BY_CODE.get(v, v)) for v in value)[:LONGEST]
    if each.choices:
        value = dict(each.flatchoices).get(value, value)
    return _written(each, value)


def _written(each: models.Field[Any, Any], value: Any) -> str:
    if isinstance(value, Decimal):
        return formats.format_money(value) if each.name.endswith("_bob") else formats.format_number(value)
    if isinstance(value, datetime):
        return formats.format_instant(value)
    if isinstance(value, date):
        return formats.format_date(value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
