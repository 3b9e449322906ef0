"""What is asked about prospects."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from thaki.records.prospects.models import ContactAttempt, Prospect
from thaki.records.prospects.rules import MAX_ATTEMPTS, lost_because


def attempts(prospect_id: int) -> QuerySet[ContactAttempt]:
    """The tries to reach a prospect, oldest first, with who made them."""
    return ContactAttempt.objects.filter(prospect=prospect_id).select_related("by").order_by("at", "id")


def loss(prospect_id: int, *, max_attempts: int = MAX_ATTEMPTS, since: datetime | None = None) -> str:
    """Why the attempts so far lose the sale ("not_interested", "false_data", "no_answer"), or "" (R-A9).

    `since`: count only what came after, for a sale taken up again.
    """
    tries = attempts(prospect_id)
    if since is not None:
        tries = tries.filter(at__gt=since)
    return lost_because(list(tries.values_list("result", flat=True)), max_attempts)


def next_call(prospect_id: int) -> datetime | None:
    """The hour agreed at the last attempt, if it was to call back."""
    last = attempts(prospect_id).last()
    return last.call_back_at if last else None


def same_person(prospect: Prospect) -> QuerySet[Prospect]:
    """Other prospects with the same telephone or e-mail, newest first."""
    signs = Q(pk__in=[])
    if prospect.phone:
        signs |= Q(phone=prospect.phone)
    if prospect.email:
        signs |= Q(email__iexact=prospect.email)
    return Prospect.objects.filter(signs).exclude(pk=prospect.pk).order_by("-received_at")
