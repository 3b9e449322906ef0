"""Merging two prospects of whom each may have a case: that of the one who goes rests while the merge stands, and wakes after it.

Who stays: whose case is further on, else who came first. A case that rests has its clocks stopped and can be read; nothing of it
is closed, moved or copied, so a merge that was wrong is taken back whole. After `sales.unmerge_days` the resting case is given
up for good, with the reason; who is un-merged after that waits in the base again, to be worked on anew.

Locks, as everywhere: first the case (only that of the one who goes: two merges that cross lock different cases), then both
prospects in the order of their ids; what was decided before the locks is looked at again under them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from thaki.cases import operations, runtime
from thaki.cases.models import Case
from thaki.cases.permissions import NotAllowed
from thaki.engine import events as ev
from thaki.people import policies
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.operations import MILESTONES
from thaki.procedures.sales.prospect_list import sees_all
from thaki.records.prospects import duplicates
from thaki.records.prospects.models import Merge, Prospect
from thaki.records.prospects.rules_duplicates import Candidate, stays
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User


def live_sale(prospect: Prospect) -> Sale | None:
    """The open sale of a prospect that is furthest on."""
    sales = list(Sale.objects.filter(prospect=prospect, live=True, case__state=Case.State.OPEN).select_related("case"))
    return max(sales, key=lambda sale: (_progress(sale), -sale.pk), default=None)


def _progress(sale: Sale) -> int:
    return sum(getattr(sale, f"{name}_at") is not None for name in MILESTONES)


def _candidate(prospect: Prospect, sale: Sale | None) -> Candidate:
    return Candidate(prospect.pk, _progress(sale) if sale else -1, prospect.received_at.timestamp())


def who_stays(one: Prospect, other: Prospect) -> tuple[Prospect, Prospect, Sale | None]:
    """(who stays, who goes, the case of the one who goes)."""
    sales = {one.pk: live_sale(one), other.pk: live_sale(other)}
    kept = stays(_candidate(one, sales[one.pk]), _candidate(other, sales[other.pk]))
    stay, go = (one, other) if kept.id == one.pk else (other, one)
    return stay, go, sales[go.pk]


def check_can_merge(user: User, goes: Sale | None) -> None:
    """A colleague's case is not put to rest by an executive: that is for who looks after everybody's."""
    if goes is None or sees_all(user) or goes.executive_id in (None, user.pk):
        return
    raise NotAllowed(
        _("%(case)s es de otro ejecutivo: la unión la decide un responsable.") % {"case": goes.case.number}
    )


@transaction.atomic
def merge(one_id: int, other_id: int, *, by: User, now: datetime) -> Merge:
    """Merge two prospects. Raises RuleError when either was merged meanwhile, NotAllowed when it is not the person's to do."""
    people = Prospect.objects.in_bulk([one_id, other_id])
    if len(people) < 2:
        raise RuleError("merge_itself")
    stay, go, sale = who_stays(people[one_id], people[other_id])
    check_can_merge(by, sale)
    if sale is not None:
        reason = _("Unido a %(name)s.") % {"name": stay.name}
        operations.let_rest(sale.case_id, reason=reason, by=by, now=now)
    found = duplicates.merge(stay.pk, go.pk, held_ref=sale.case.number if sale else "", by=by, now=now)
    if live_sale(go) is not None:  # a second case opened meanwhile
        raise RuleError("merge_changed", name=go.name)
    return found


@transaction.atomic
def unmerge(merge_id: int, *, by: User, now: datetime) -> Merge:
    """Take a merge back; the case that rested goes on where it stood."""
    found = Merge.objects.select_related("merged").get(pk=merge_id)
    held = Case.objects.filter(number=found.held_ref).first() if found.held_ref else None
    if held is not None and held.state == Case.State.SUSPENDED and found.undone_at is None:
        operations.wake(held.pk, by=by, now=now)
    found = duplicates.unmerge(merge_id, by=by, now=now)
    merged = found.merged
    if held is not None and held.state == Case.State.CANCELLED and live_sale(merged) is None:
        Prospect.objects.filter(pk=merged.pk).update(standing=Prospect.Standing.BASE)
    return found


def give_up_rested(*, now: datetime) -> int:
    """Cancel the cases that have rested too long for their merge to be taken back; how many."""
    before = now - timedelta(days=policies.get_int("sales.unmerge_days"))
    old = Merge.objects.filter(undone_at=None, at__lt=before).exclude(held_ref="")
    resting = Case.objects.filter(number__in=old.values("held_ref"), state=Case.State.SUSPENDED)
    chosen = list(resting.order_by("pk")[:200])
    for case in chosen:
        runtime.deliver(case.pk, ev.Cancelled(), by=None, now=now, reason=_("Duplicado: unido a otro prospecto."))
    return len(chosen)
