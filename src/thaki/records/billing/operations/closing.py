"""The daily closing of deposits (Cobranzas)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from thaki.records.billing import closing, rules_closing
from thaki.records.billing.control_models import DepositClosing
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User


def close_day(day: date, *, note: str = "", by: User, now: datetime) -> DepositClosing:
    """Freeze a day's deposits as they stand; raises RuleError for a day to come and for one that is closed.

    What is decided afterwards is not written into it: `closing.day_of` tells it as a difference.
    """
    if day > timezone.localdate(now):
        raise RuleError("closing_in_future", on="day")
    lines = closing.lines_of(day)
    data = rules_closing.frozen(lines, closing.refunds_of(day), closing.waiting_at(day))
    try:
        with transaction.atomic():
            return DepositClosing.objects.create(
                day=day,
                closed_at=now,
                closed_by=by,
                note=tidy(note)[:300],
                data=data,
                digest=rules_closing.digest(data),
                accepted=sum(line.is_in for line in lines),
                total_bob=rules_closing.total_bob(lines),
            )
    except IntegrityError as error:
        raise RuleError("closing_done", on="day", day=f"{day:%d/%m/%Y}") from error
