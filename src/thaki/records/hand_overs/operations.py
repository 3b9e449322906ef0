"""Sending something to a neighbouring procedure, and its acknowledgement there."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from thaki.records.hand_overs.models import HandOver
from thaki.records.reasons import RuleError
from thaki.records.text import tidy
from thaki.ui.formats import format_instant

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.customers.models import Customer


@transaction.atomic
def send(
    *,
    key: str,
    to: str,
    case_ref: str,
    customer: Customer,
    subject: str,
    body: str = "",
    by: User | None,
    now: datetime,
) -> HandOver:
    """Put a message into a unit's inbox; `key` is unique for ever: sent twice it is there once."""
    if to not in HandOver.To.values:
        raise RuleError("hand_over_nowhere", to=to)
    about = tidy(subject)[:160]
    if not about:
        raise RuleError("hand_over_empty", on="subject")
    sent, _made = HandOver.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "case_ref": case_ref,
            "customer": customer,
            "subject": about,
            "body": body.strip(),
            "sent_at": now,
            "sent_by": by,
        },
    )
    return sent


@transaction.atomic
def acknowledge(hand_over_id: int, *, note: str = "", by: User, now: datetime) -> HandOver:
    """The unit has it, with what it says about it; the first to acknowledge stands."""
    found = HandOver.objects.select_for_update(no_key=True).get(pk=hand_over_id)
    if found.acknowledged_at is not None:
        raise RuleError(
            "hand_over_acknowledged", name=str(found.acknowledged_by or "—"), at=format_instant(found.acknowledged_at)
        )
    # A case may have been moved by a clock ahead of this one (a rehearsal's, another machine's).
    found.acknowledged_at, found.acknowledged_by, found.note = max(now, found.sent_at), by, tidy(note)[:300]
    found.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    return found
