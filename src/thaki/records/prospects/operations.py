"""What is done to prospects: receive, try to reach."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from thaki.records.customers.rules import parse_email, parse_phone, tidy_name
from thaki.records.network.rules import check_place
from thaki.records.prospects.models import ContactAttempt, Prospect
from thaki.records.prospects.rules import check_attempt, check_reachable
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User

LONGEST_MESSAGE = 4000
LENGTHS = {
    "interest": 80,
    "zone": 80,
    "address": 200,
    "campaign": 80,
}  # a longer text is cut, not refused: it is a lead


@transaction.atomic
def receive(
    *,
    channel: str,
    name: str,
    phone: str = "",
    email: str = "",
    external_ref: str = "",
    by: User | None,
    now: datetime,
    **other: Any,
) -> tuple[Prospect, bool]:
    """Take a lead; (prospect, whether it is new). The same `external_ref` of a channel twice is the same prospect.

    `other`: interest, message, zone, address, campaign, lat and lon. Raises `RuleError` on what cannot be read or reached.
    """
    if external_ref and (known := Prospect.objects.filter(channel=channel, external_ref=external_ref).first()):
        return known, False
    prospect = Prospect(channel=channel, external_ref=external_ref, received_at=now, received_by=by)
    _fill(prospect, name=name, phone=phone, email=email, **other)
    prospect.save()
    return prospect, True


@transaction.atomic
def amend(prospect_id: int, *, by: User | None, now: datetime, **changes: Any) -> Prospect:
    """Correct what a prospect told: name, phone, email and what `receive` calls `other`."""
    prospect = Prospect.objects.select_for_update(no_key=True).get(pk=prospect_id)
    _fill(prospect, **{"name": prospect.name, "phone": prospect.phone, "email": prospect.email, **changes})
    prospect.save()
    return prospect


def _fill(prospect: Prospect, *, name: str, phone: str, email: str, **other: Any) -> None:
    """Set a prospect's data through the rules."""
    check_reachable(phone.strip(), email.strip())
    prospect.name = tidy_name(name)
    prospect.phone = parse_phone(phone).number if phone.strip() else ""
    prospect.email = parse_email(email) if email.strip() else ""
    prospect.ci_number = other.pop("ci_number", prospect.ci_number)
    lat, lon = other.pop("lat", None), other.pop("lon", None)
    if lat is not None and lon is not None:
        prospect.lat, prospect.lon = check_place(lat, lon)
    prospect.message = other.pop("message", prospect.message)[:LONGEST_MESSAGE]
    for field in LENGTHS:
        if field in other:
            setattr(prospect, field, tidy(other.pop(field))[: LENGTHS[field]])
    if other:
        raise TypeError(f"unknown prospect fields: {sorted(other)}")


@transaction.atomic
def record_attempt(
    prospect_id: int,
    *,
    channel: str,
    result: str,
    call_back_at: datetime | None = None,
    note: str = "",
    by: User | None,
    now: datetime,
) -> ContactAttempt:
    """Record a try to reach the prospect (R-A9). The first that was answered is the first contact: Visitado (R-A6)."""
    check_attempt(result, now, call_back_at)
    return ContactAttempt.objects.create(
        prospect_id=prospect_id,
        at=now,
        by=by,
        channel=channel,
        result=result,
        call_back_at=call_back_at,
        note=tidy(note)[:300],
    )
