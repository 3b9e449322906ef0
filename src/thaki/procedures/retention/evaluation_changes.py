"""The changes of offers, tasks, reasons and policies that are made upon an evaluation (R-B5), linked to it.

What changed is read from the rows that pghistory keeps, whoever changed it and on whatever page; Gerencia links what came of the
evaluation. A policy can be changed right there, and is linked at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from thaki.people import policies
from thaki.people.models import Policy, User, history_of
from thaki.procedures.retention.evaluation_models import Evaluation, EvaluationChange
from thaki.procedures.retention.models import RetentionOffer, RetentionReason, XpressTask
from thaki.ui.formats import format_date, format_money

if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "retention."
KINDS: dict[str, type[models.Model]] = {"offer": RetentionOffer, "task": XpressTask, "reason": RetentionReason}
LOOKED_AT = timedelta(days=45)
MOST = 40


@dataclass(frozen=True, slots=True)
class Seen:
    """A change that may be linked."""

    key: str  # kind and the event's id: "offer:12"
    kind: str
    code: str
    subject: str
    before: str
    after: str
    at: datetime
    by: User | None
    reason: str = ""


def since(evaluation: Evaluation, *, now: datetime) -> list[Seen]:
    """What changed since the month's cases could be looked at and is not linked yet, the latest first."""
    begin = max(evaluation.case.opened_at, now - LOOKED_AT)
    linked = set(evaluation.changes.values_list("kind", "code", "at"))
    found = [*_of_records(begin), *_of_policies(begin)]
    fresh = [one for one in found if (one.kind, one.code, one.at) not in linked]
    return sorted(fresh, key=lambda one: one.at, reverse=True)[:MOST]


def _of_records(begin: datetime) -> Iterable[Seen]:
    for kind, model in KINDS.items():
        events: Any = apps.get_model("retention", f"{model.__name__}Event")
        rows = list(events.objects.filter(pgh_created_at__gte=begin).order_by("pgh_id")[:MOST])
        earlier = _earlier(events, rows)
        people = User.objects.in_bulk({who for row in rows if (who := _actor(row))})
        for row in rows:
            before, after = _differences(model, earlier.get(row.pgh_id), row)
            if after or row.pgh_label == "delete":
                who = _actor(row)
                by = people.get(who) if who else None
                yield Seen(f"{kind}:{row.pgh_id}", kind, row.code, row.name, before, after, row.pgh_created_at, by)


def _earlier(events: Any, rows: Sequence[Any]) -> dict[int, Any]:
    """The event before each, of the same row."""
    if not rows:
        return {}
    kept = events.objects.filter(pgh_obj_id__in={row.pgh_obj_id for row in rows}).order_by("pgh_id")
    last: dict[int, Any] = {}
    found: dict[int, Any] = {}
    for row in kept:
        if row.pgh_obj_id in last:
            found[row.pgh_id] = last[row.pgh_obj_id]
        last[row.pgh_obj_id] = row
    return found


def _actor(row: Any) -> int | None:
    context = row.pgh_context if isinstance(row.pgh_context, dict) else {}
    who = context.get("user")
    return who if isinstance(who, int) else None


def _differences(model: type[models.Model], before: Any, after: Any) -> tuple[str, str]:
    """The fields that changed, in words."""
    if before is None:
        return "", _("creada") if after.pgh_label == "insert" else ""
    old, new = [], []
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        was, becomes = getattr(before, field.name), getattr(after, field.name)
        if was != becomes:
            label = str(field.verbose_name)
            old.append(f"{label}: {_said(field, was)}")
            new.append(f"{label}: {_said(field, becomes)}")
    return "; ".join(old)[:300], "; ".join(new)[:300]


def _said(field: models.Field[Any, Any], value: Any) -> str:
    if isinstance(value, bool):
        return _("sí") if value else _("no")
    if isinstance(value, Decimal):
        return format_money(value)
    if hasattr(value, "year"):
        return format_date(value)
    return str(dict(field.flatchoices).get(value, value) if field.choices else value or "—")[:80]


def _of_policies(begin: datetime) -> Iterable[Seen]:
    rows = list(history_of(Policy).filter(code__startswith=PREFIX).order_by("pgh_id"))
    people = User.objects.in_bulk({row.changed_by_id for row in rows if row.changed_by_id})
    last: dict[str, str] = {}
    for row in rows:
        before = last.get(row.code)
        last[row.code] = row.value
        if row.pgh_created_at < begin:
            continue
        try:
            known = policies.definition(row.code)
        except policies.UnknownPolicy:
            continue
        was = before if before is not None else policies.serialise(known.default)
        yield Seen(
            f"policy:{row.pgh_id}",
            "policy",
            row.code,
            str(known.label),
            was,
            row.value,
            row.changed_at,
            people.get(row.changed_by_id),
            row.reason,
        )


# ---------------------------------------------------------------- linking
@transaction.atomic
def link(evaluation: Evaluation, keys: Iterable[str], *, now: datetime) -> int:
    """Link the changes of those keys; how many were."""
    wanted = set(keys)
    chosen = [one for one in since(evaluation, now=now) if one.key in wanted]
    for one in chosen:
        _link(evaluation, one)
    return len(chosen)


def _link(evaluation: Evaluation, one: Seen) -> None:
    EvaluationChange.objects.create(
        evaluation=evaluation,
        kind=one.kind,
        subject=one.subject[:160],
        code=one.code,
        before=one.before[:300],
        after=one.after[:300],
        reason=one.reason[:300],
        at=one.at,
        by=one.by,
    )


@transaction.atomic
def change_policy(evaluation: Evaluation, code: str, value: str, *, reason: str, by: User, now: datetime) -> None:
    """Change a policy of the retention upon the evaluation. Raises policies.BadValue and policies.UnknownPolicy."""
    if not code.startswith(PREFIX):
        raise policies.UnknownPolicy(code)
    known = policies.definition(code)
    before = policies.serialise(policies.get(code))
    policies.set(code, value, by=by, reason=reason, now=now)
    after = policies.serialise(policies.parse(known, value))
    seen = Seen(f"policy:{code}", "policy", code, str(known.label), before, after, now, by, reason)
    _link(evaluation, seen)


def choices() -> list[tuple[str, str, str]]:
    """The policies of the retention: code, label with its unit, value in force."""
    return [
        (
            one.code,
            f"{one.label} ({one.unit})" if one.unit else str(one.label),
            policies.serialise(policies.get(one.code)),
        )
        for one in policies.definitions()
        if one.code.startswith(PREFIX)
    ]
