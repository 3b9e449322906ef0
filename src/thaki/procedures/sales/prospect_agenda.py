"""Whom to call back today: the hours that customers named, for the executive who agreed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.prospect_cards import AWAITED, Card, of_sales
from thaki.records.prospects.models import ContactAttempt

MOST = 300  # calls of a day: nobody makes more


@dataclass(frozen=True, slots=True)
class Day:
    """The calls of a day, by the hour; those of earlier days that were not made come first on today's page."""

    on: date
    missed: list[Card]
    calls: list[Card]


def day_of(user: User, on: date, *, now: datetime) -> Day:
    """The person's calls of a day, and on today's page those missed before."""
    starts = timezone.make_aware(datetime.combine(on, time()))
    today = timezone.localdate(now)
    until = starts + timedelta(days=1)
    found = _agreed(user).filter(call_back_at__lt=until)
    if on != today:
        found = found.filter(call_back_at__gte=starts)
    cards = sorted(of_sales(_sales(found)), key=lambda card: card.call_back_at or now)
    limit = now if on == today else starts
    missed = [card for card in cards if card.call_back_at is not None and card.call_back_at < limit]
    return Day(on, missed, [card for card in cards if card not in missed])


def _agreed(user: User) -> QuerySet[Any]:
    """The person's open tasks at which a customer is awaited, with the hour that was agreed last (`call_back_at`)."""
    last = ContactAttempt.objects.filter(prospect=OuterRef("case__sale__prospect")).order_by("-at", "-id")
    mine = Task.objects.filter(
        assignee=user, state=Task.State.OPEN, step__in=AWAITED, case__procedure="sales", case__state=Case.State.OPEN
    )
    return mine.annotate(call_back_at=Subquery(last.values("call_back_at")[:1])).filter(call_back_at__isnull=False)


def _sales(tasks: QuerySet[Any]) -> list[Sale]:
    ids = list(tasks.order_by("call_back_at").values_list("case", flat=True)[:MOST])
    return list(Sale.objects.filter(pk__in=ids).select_related("case", "prospect", "executive"))


def waiting_now(user: User, *, now: datetime) -> int:
    """How many calls are due, for the page's heading."""
    return _agreed(user).filter(call_back_at__lte=now).count()
