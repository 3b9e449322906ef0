"""The Carta Comercial: issue, accept, refuse, expire (step 8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from thaki.people.prepared import Prepared
from thaki.records.numbers import next_number
from thaki.records.offers.catalogue import apply_tariffs
from thaki.records.offers.models import CommercialLetter, LetterItem, Plan
from thaki.records.offers.rules import LETTER_DAYS, check_letter_holds, on_sale, valid_until
from thaki.records.reasons import RuleError
from thaki.records.text import tidy

if TYPE_CHECKING:
    from thaki.people.models import User
    from thaki.records.documents.models import Document

State = CommercialLetter.State
_CHOSEN = Prepared(Plan, "m.id = ANY(%s) ORDER BY m.tariff_bob, m.code")
ITEM_OF = Prepared(LetterItem, "m.letter_id = %s AND m.plan_id = %s")


@transaction.atomic
def issue_letter(
    *,
    case_ref: str,
    plan_ids: Sequence[int],
    customer_name: str,
    customer_ci: str = "",
    customer_address: str = "",
    customer_email: str = "",
    customer_phone: str = "",
    note: str = "",
    valid_days: int = LETTER_DAYS,
    by: User | None,
    now: datetime,
) -> CommercialLetter:
    """Issue a letter that freezes the customer's data and the plans' prices; an open one of the same case expires (R-A14)."""
    today = timezone.localdate(now)
    apply_tariffs(now=now)  # a price whose day has come is quoted even where the daily job is late
    plans = _CHOSEN.all(list(plan_ids))
    if not plans:
        raise RuleError("letter_empty", on="plans")
    for plan in plans:
        if not on_sale(plan.valid_from_on, plan.valid_to_on, today):
            raise RuleError("plan_not_on_sale", on="plans", plan=plan.name)
    CommercialLetter.objects.filter(case_ref=case_ref, state=State.ISSUED).update(state=State.EXPIRED, answered_at=now)
    letter = CommercialLetter.objects.create(
        number=next_number("CC", now, case_ref=case_ref),
        case_ref=case_ref,
        customer_name=customer_name,
        customer_ci=customer_ci,
        customer_address=customer_address,
        customer_email=customer_email,
        customer_phone=customer_phone,
        note=tidy(note)[:300],
        issued_at=now,
        issued_by=by,
        valid_until_on=valid_until(today, valid_days),
    )
    LetterItem.objects.bulk_create([_item(letter, plan) for plan in plans])
    return letter


def _item(letter: CommercialLetter, plan: Plan) -> LetterItem:
    """A plan as it is today."""
    return LetterItem(
        letter=letter,
        plan=plan,
        name=plan.name,
        technology=plan.technology,
        down_mbps=plan.down_mbps,
        up_mbps=plan.up_mbps,
        tariff_bob=plan.tariff_bob,
        installation_bob=plan.installation_bob,
        conditions=plan.conditions,
    )


def attach_letter(letter_id: int, document: Document, *, by: User | None, now: datetime) -> None:
    """Keep the letter's PDF with it; the first one stands."""
    CommercialLetter.objects.filter(pk=letter_id, document=None).update(document=document)


@transaction.atomic
def accept_letter(letter_id: int, *, plan_id: int, by: User | None, now: datetime) -> CommercialLetter:
    """The customer takes one of the letter's plans at its price; refused after its date or when it was answered."""
    letter = _open_letter(letter_id, now)
    if ITEM_OF.first(letter_id, plan_id) is None:
        raise RuleError("letter_plan", on="plan")
    letter.state, letter.answered_at, letter.accepted_plan_id = State.ACCEPTED, now, plan_id
    letter.save(update_fields=["state", "answered_at", "accepted_plan"])
    return letter


@transaction.atomic
def refuse_letter(letter_id: int, *, reason: str, by: User | None, now: datetime) -> CommercialLetter:
    """The customer refuses, with a structured reason (the procedure's code)."""
    letter = CommercialLetter.objects.select_for_update(no_key=True).get(pk=letter_id)
    if letter.state in (State.ACCEPTED, State.REFUSED):
        raise RuleError("letter_answered", state=letter.state)
    if not reason:
        raise RuleError("refusal_reason", on="reason")
    letter.state, letter.answered_at, letter.refusal_reason = State.REFUSED, now, reason
    letter.save(update_fields=["state", "answered_at", "refusal_reason"])
    return letter


def _open_letter(letter_id: int, now: datetime) -> CommercialLetter:
    """The letter, locked, if it can still be accepted."""
    letter = CommercialLetter.objects.select_for_update(no_key=True).get(pk=letter_id)
    check_letter_holds(letter.state, letter.valid_until_on, timezone.localdate(now))
    return letter


def expire_letters(*, now: datetime) -> int:
    """Close the letters whose date has passed; how many. Run daily."""
    late = CommercialLetter.objects.filter(state=State.ISSUED, valid_until_on__lt=timezone.localdate(now))
    return late.update(state=State.EXPIRED, answered_at=now)
