"""Plans and packages: enter, change, price from a day on, retire.

A plan's row holds the figures that are quoted today. Each price has its days, which never overlap (the database sees to that);
one set for a day to come takes its place in the row on that day, by the daily job and before any letter is issued. What a letter
quoted stays in the letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pghistory
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from thaki.records.offers.models import Plan, PlanTariff
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User

CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,23}")
FIGURES = ("tariff_bob", "installation_bob", "conditions")


@transaction.atomic
def enter_plan(*, parts: Sequence[Plan], by: User | None, now: datetime, **values: Any) -> Plan:
    """A new plan or package with its first tariff; raises RuleError."""
    plan = Plan(**values)
    _check(plan, parts, now)
    if Plan.objects.filter(code=plan.code).exists():
        raise RuleError("plan_code_taken", on="code", code_=plan.code)
    with _by(by):
        plan.save()
        plan.components.set(parts)
        _first_tariff(plan, by=by, now=now)
    return plan


@transaction.atomic
def edit_plan(plan_id: int, *, parts: Sequence[Plan], by: User | None, now: datetime, **values: Any) -> Plan:
    """Change what a plan is called and made of; what it costs changes by `new_tariff` alone."""
    plan = Plan.objects.select_for_update(no_key=True).get(pk=plan_id)
    for name, value in values.items():
        setattr(plan, name, value)
    _check(plan, parts, now, known=set(plan.components.values_list("pk", flat=True)))
    with _by(by):
        plan.save(update_fields=list(values))
        plan.components.set(parts)
    return plan


@transaction.atomic
def new_tariff(
    plan_id: int,
    *,
    from_on: date,
    tariff_bob: Decimal,
    installation_bob: Decimal,
    conditions: str,
    by: User | None,
    now: datetime,
) -> PlanTariff:
    """What a plan costs from a day on; the one before ends the day before. Raises RuleError."""
    plan, today = Plan.objects.select_for_update(no_key=True).get(pk=plan_id), timezone.localdate(now)
    _check_day(plan, from_on, today)
    with _by(by):
        last = plan.tariffs.order_by("-from_on").first() or _first_tariff(plan, by=None, now=now)
        if last.from_on >= from_on:
            raise RuleError("tariff_there", on="from_on", from_on=last.from_on)
        figures = {"tariff_bob": tariff_bob, "installation_bob": installation_bob, "conditions": conditions}
        if all(getattr(last, name) == value for name, value in figures.items()):
            raise RuleError("tariff_same", on="tariff_bob")
        last.to_on = from_on - timedelta(days=1)
        last.save(update_fields=["to_on"])
        tariff = PlanTariff.objects.create(plan=plan, from_on=from_on, set_by=by, set_at=now, **figures)
        apply_tariffs(now=now, plan_id=plan.pk)
    return tariff


@transaction.atomic
def drop_tariff(tariff_id: int, *, by: User | None, now: datetime) -> None:
    """Take back a tariff that is not in force yet; the one before goes on. Raises RuleError."""
    tariff = PlanTariff.objects.get(pk=tariff_id)
    Plan.objects.select_for_update(no_key=True).get(pk=tariff.plan_id)
    if tariff.from_on <= timezone.localdate(now):
        raise RuleError("tariff_in_force")
    with _by(by):
        PlanTariff.objects.filter(pk=tariff_id).delete()
        before = PlanTariff.objects.filter(plan=tariff.plan_id, to_on=tariff.from_on - timedelta(days=1)).first()
        if before is not None:
            before.to_on = tariff.to_on
            before.save(update_fields=["to_on"])


@transaction.atomic
def apply_tariffs(*, now: datetime, plan_id: int | None = None) -> int:
    """Put the tariffs in force into their plans where they are not yet; how many plans changed."""
    today = timezone.localdate(now)
    due = PlanTariff.objects.filter(Q(to_on=None) | Q(to_on__gte=today), from_on__lte=today).exclude(
        **{f"plan__{name}": F(name) for name in FIGURES}
    )
    changed = 0
    for tariff in (due.filter(plan=plan_id) if plan_id else due).select_related("plan").order_by("plan_id"):
        values = {name: getattr(tariff, name) for name in FIGURES}
        changed += Plan.objects.filter(pk=tariff.plan_id).update(**values)
    return changed


@transaction.atomic
def retire(plan_id: int, *, last_on: date, by: User | None, now: datetime) -> Plan:
    """Offer a plan until a day, that one included; letters already issued hold. Raises RuleError."""
    plan, today = Plan.objects.select_for_update(no_key=True).get(pk=plan_id), timezone.localdate(now)
    if last_on < max(plan.valid_from_on, today):
        raise RuleError("plan_ends_before", on="last_on", first_on=plan.valid_from_on)
    packages = plan.packages.filter(Q(valid_to_on=None) | Q(valid_to_on__gt=last_on)).values_list("name", flat=True)
    if packages:
        raise RuleError("plan_in_packages", on="last_on", plans=", ".join(packages))
    return _end(plan, last_on, by)


@transaction.atomic
def offer_again(plan_id: int, *, by: User | None) -> Plan:
    """A plan that was to end, or ended, is on sale without an end."""
    return _end(Plan.objects.select_for_update(no_key=True).get(pk=plan_id), None, by)


def enter_first_tariffs(*, now: datetime) -> None:
    """Plans made in bulk get their first tariff."""
    for plan in Plan.objects.filter(tariffs=None):
        _first_tariff(plan, by=None, now=now)


# ---------------------------------------------------------------- inside
def _end(plan: Plan, last_on: date | None, by: User | None) -> Plan:
    plan.valid_to_on = last_on
    with _by(by):
        plan.save(update_fields=["valid_to_on"])
    return plan


def _first_tariff(plan: Plan, *, by: User | None, now: datetime) -> PlanTariff:
    values = {name: getattr(plan, name) for name in FIGURES}
    return PlanTariff.objects.create(plan=plan, from_on=plan.valid_from_on, set_by=by, set_at=now, **values)


def _check(plan: Plan, parts: Sequence[Plan], now: datetime, known: set[int] | frozenset[int] = frozenset()) -> None:
    if not CODE.fullmatch(plan.code):
        raise RuleError("plan_code", on="code")
    if plan.kind == Plan.Kind.INTERNET and not (plan.down_mbps and plan.up_mbps):
        raise RuleError("plan_needs_speed", on="down_mbps")
    if plan.kind == Plan.Kind.PACKAGE and len(parts) < 2:
        raise RuleError("package_parts", on="components")
    today = timezone.localdate(now)
    for part in parts:
        if part.kind == Plan.Kind.PACKAGE:
            raise RuleError("package_of_packages", on="components", plan=part.name)
        if part.pk not in known and part.valid_to_on is not None and part.valid_to_on < today:
            raise RuleError("part_not_on_sale", on="components", plan=part.name)


def _check_day(plan: Plan, from_on: date, today: date) -> None:
    if from_on < today:
        raise RuleError("tariff_past", on="from_on")
    if plan.valid_to_on is not None and from_on > plan.valid_to_on:
        raise RuleError("tariff_after_plan", on="from_on", valid_to_on=plan.valid_to_on)


def _by(person: User | None) -> AbstractContextManager[object]:
    return pghistory.context(user=person.pk if person else None)
