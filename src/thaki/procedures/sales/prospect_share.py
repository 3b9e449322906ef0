"""Who works on which prospect: taken by an executive, or given out by turn (policy), among who is at work today.

A prospect of the base gets his case when somebody takes him or is given him: a campaign of ten thousand does not open ten
thousand tasks that are late on the same morning. Leads that come in by themselves have their case already; by turn they are
given out first.

Locks: the turn's rows in the order of their people, then one prospect or one case at a time, each in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from thaki.cases import operations, permissions, runtime
from thaki.cases.models import Case, Task
from thaki.cases.policies import NotNow
from thaki.people import policies, queries
from thaki.people.calendar import is_open
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales.models import ProspectTurn
from thaki.procedures.sales.rules_share import Hand, turns
from thaki.records.prospects.models import Prospect
from thaki.records.reasons import RuleError

log = structlog.get_logger(__name__)
ROLE = Role.EJECUTIVO_VENTAS_DIGITALES
AT_ONCE = 200  # prospects given out in one go


# ---------------------------------------------------------------- taken
def take(prospect_id: int, *, by: User, now: datetime) -> Case:
    """Take a prospect of the base: his case opens at step 1 in the person's hands. RuleError when somebody was quicker."""
    return _open(prospect_id, to=by, by=by, now=now)


def take_next(*, by: User, now: datetime) -> Case | None:
    """Take the one who has waited longest; None when the base is empty."""
    with transaction.atomic():
        waiting = Prospect.objects.select_for_update(skip_locked=True, no_key=True)
        first = waiting.filter(standing=Prospect.Standing.BASE, merged_into=None).order_by("received_at", "pk").first()
        return _open(first.pk, to=by, by=by, now=now) if first else None


@transaction.atomic
def _open(prospect_id: int, *, to: User, by: User | None, now: datetime) -> Case:
    prospect = Prospect.objects.select_for_update(no_key=True).get(pk=prospect_id)
    if prospect.standing != Prospect.Standing.BASE or prospect.merged_into_id is not None:
        raise RuleError("prospect_taken", name=prospect.name)
    prospect.standing = Prospect.Standing.TAKEN
    prospect.save(update_fields=["standing"])
    case = runtime.start("sales", {"prospect": prospect.pk}, by=by, now=now)
    task = Task.objects.filter(case=case, state=Task.State.OPEN, step="1", assignee=None).first()
    if task is not None:
        if by is not None and by.pk == to.pk and permissions.can_claim(by, task, now):
            operations.claim(task.pk, by=by, now=now)
        else:
            operations.allot(task.pk, to=to, by=by, now=now)
    return case


# ---------------------------------------------------------------- given out
def present(now: datetime) -> list[User]:
    """The executives who are at work today."""
    away = queries.absent(timezone.localdate(now)).values("user")
    return list(queries.holders(ROLE).exclude(pk__in=away).order_by("pk"))


def give_out(*, now: datetime, always: bool = False) -> int:
    """Give out by turn, if that is the policy and the office is open; how many were given.

    First the leads whose task nobody has, then those of the base, until each has `sales.prospects_ahead` untouched ones.
    """
    if not always and not (policies.get("sales.prospects_by_turn") and is_open(now, office_calendar())):
        return 0
    people = present(now)
    given = _give_leads(people, now) if people else 0
    return given + (_give_base(people, policies.get_int("sales.prospects_ahead"), AT_ONCE, now) if people else 0)


def give_base(people: Sequence[User], each: int, *, by: User, now: datetime) -> int:
    """Give out the base by hand: up to so many each, by turn; how many were given."""
    return _give_base(people, each, min(AT_ONCE, each * len(people)), now, extra=True, by=by)


def _give_leads(people: Sequence[User], now: datetime) -> int:
    free = Task.objects.filter(
        state=Task.State.OPEN, role=ROLE, assignee=None, step="1", case__procedure="sales", case__state=Case.State.OPEN
    )
    ids = list(free.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    chosen = _chosen(people, len(ids), {person.pk: AT_ONCE for person in people}, now)
    return sum(_allot(task_id, to, now) for task_id, to in zip(ids, chosen, strict=False))


def _allot(task_id: int, to: User, now: datetime) -> bool:
    try:
        operations.allot(task_id, to=to, by=None, now=now)
    except (NotNow, permissions.NotAllowed) as reason:
        log.info("lead_not_given", task=task_id, reason=str(reason))
        return False
    return True


def _give_base(
    people: Sequence[User], each: int, most: int, now: datetime, *, extra: bool = False, by: User | None = None
) -> int:
    has = {} if extra else untouched(people)
    room = {person.pk: each - has.get(person.pk, 0) for person in people}
    ids = list(waiting().values_list("pk", flat=True)[: min(most, sum(max(0, r) for r in room.values()))])
    given = 0
    for prospect_id, to in zip(ids, _chosen(people, len(ids), room, now), strict=False):
        try:
            _open(prospect_id, to=to, by=by, now=now)
            given += 1
        except RuleError as reason:  # somebody took him meanwhile
            log.info("prospect_not_given", prospect=prospect_id, reason=reason.code)
    return given


def waiting() -> QuerySet[Prospect]:
    """Who waits in the base, the oldest first."""
    found = Prospect.objects.filter(standing=Prospect.Standing.BASE, merged_into=None)
    return found.order_by("received_at", "pk")


def untouched(people: Sequence[User]) -> dict[int, int]:
    """How many first contacts each person has open."""
    mine = Task.objects.filter(state=Task.State.OPEN, step="1", assignee__in=people, case__procedure="sales")
    return dict(mine.order_by().values_list("assignee").annotate(n=Count("pk")))


@transaction.atomic
def _chosen(people: Sequence[User], count: int, room: dict[int, int], now: datetime) -> list[User]:
    """Whose turn it is for so many; the turns are kept, so that two who give out at once go on one behind the other."""
    if not count:
        return []
    ProspectTurn.objects.bulk_create([ProspectTurn(user=person) for person in people], ignore_conflicts=True)
    locked = ProspectTurn.objects.select_for_update(no_key=True).filter(user__in=people).order_by("user")
    kept = {turn.user_id: turn for turn in locked}
    chosen = turns(count, [Hand(p.pk, kept[p.pk].given_at, room[p.pk]) for p in people])
    for place, person in enumerate(chosen):
        kept[person].given_at = now + timedelta(microseconds=place)
    ProspectTurn.objects.bulk_update(kept.values(), ["given_at"])
    by_id = {person.pk: person for person in people}
    return [by_id[person] for person in chosen]
