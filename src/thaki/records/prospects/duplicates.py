"""Finding who may be one person, merging two prospects, and taking a merge back.

A merge moves nothing: the one who is merged keeps his row, his attempts and his cases, and says into whom he went; the one who
stays gets what he lacked. So undoing it has only that to give back, whatever happened to both in between.

Locks: both rows of a merge in the order of their ids, after the case that the caller may hold. Who comes second finds the rows
as the first left them, and is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from thaki.records.prospects.models import Likeness, Merge, Prospect
from thaki.records.prospects.rules_duplicates import FILLED, compare, sure_keys, to_fill, to_give_back
from thaki.records.reasons import RuleError

if TYPE_CHECKING:
    from thaki.people.models import User

COMPARED = ("id", "name", "phone", "email", "ci_number", "address", "zone", "keys")
MOST = 30  # who shares a key with more than so many is compared with the first of them: a firm's switchboard, a test number
BATCH = 500
_CANDIDATES = """SELECT DISTINCT mine.id, o.id FROM prospects_prospect mine CROSS JOIN LATERAL unnest(mine.keys) AS k(key)
    CROSS JOIN LATERAL (SELECT p.id FROM prospects_prospect p WHERE p.keys @> ARRAY[k.key] AND p.id <> mine.id
        AND p.merged_into_id IS NULL LIMIT %(most)s) o WHERE mine.id = ANY(%(ids)s) AND mine.merged_into_id IS NULL"""

# One probe of the index a key: asked for all of them at once (`keys && …`), PostgreSQL would rather read the whole table.
_KNOWN = """SELECT k.key, o.id FROM unnest(%(keys)s::text[]) AS k(key) CROSS JOIN LATERAL (SELECT p.id
    FROM prospects_prospect p WHERE p.keys @> ARRAY[k.key] AND p.merged_into_id IS NULL LIMIT %(most)s) o"""


# ---------------------------------------------------------------- proposals
def compare_new(ids: Sequence[int], *, now: datetime) -> int:
    """Compare these prospects with all others and keep the proposals; how many are new. Once a pair was decided, it stays so."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"ids": list(ids), "most": MOST})
        pairs = {(min(pair), max(pair)) for pair in cursor.fetchall()}
    people = Prospect.objects.only(*COMPARED).in_bulk({each for pair in pairs for each in pair})
    alike = [(one, other, compare(people[one], people[other])) for one, other in sorted(pairs)]
    made = Likeness.objects.bulk_create(
        [
            Likeness(
                one_id=one,
                other_id=other,
                score=found.score,
                evidence=[r.to_json() for r in found.evidence],
                found_at=now,
            )
            for one, other, found in alike
            if found.proposed
        ],
        ignore_conflicts=True,
    )
    Prospect.objects.filter(pk__in=ids).update(compared=True)
    return len(made)


def compare_waiting(*, now: datetime, limit: int = BATCH) -> int:
    """Compare some of those that nobody compared yet; how many were. What came before there were keys gets its keys."""
    with transaction.atomic():
        waiting = list(
            Prospect.objects.select_for_update(skip_locked=True, no_key=True)
            .filter(compared=False)
            .order_by("id")[:limit]
        )
        for prospect in waiting:
            prospect.refresh_keys()
        Prospect.objects.bulk_update([p for p in waiting if p.keys], ["keys", "trigrams"], batch_size=BATCH)
        if waiting:
            compare_new([p.pk for p in waiting], now=now)
    return len(waiting)


def proposals(of: Iterable[int] | None = None) -> QuerySet[Likeness]:
    """The pairs to decide, the surest first; those of some prospects, or all."""
    found = Likeness.objects.filter(state=Likeness.State.OPEN, one__merged_into=None, other__merged_into=None)
    if of is not None:
        ids = list(of)
        found = found.filter(Q(one__in=ids) | Q(other__in=ids))
    return found.select_related("one", "other").order_by("-score", "id")


def known_by_keys(people: Sequence[Prospect]) -> dict[str, list[Prospect]]:
    """Who of the base has a telephone, e-mail or carnet of these, by key; for rows that are not stored yet."""
    keys = sorted({key for person in people for key in sure_keys(person)})
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"keys": keys, "most": MOST})
        pairs = cursor.fetchall()
    known = Prospect.objects.only(*COMPARED).in_bulk({each for _key, each in pairs})
    found: dict[str, list[Prospect]] = {}
    for key, each in pairs:
        found.setdefault(key, []).append(known[each])
    return found


@transaction.atomic
def set_apart(one_id: int, other_id: int, *, by: User, now: datetime) -> None:
    """Say that two are not one person; they are not proposed again."""
    decide(one_id, other_id, Likeness.State.APART, by=by, now=now)


def decide(one_id: int, other_id: int, state: str, *, by: User | None, now: datetime) -> None:
    """Keep what people said of a pair, proposed or not."""
    one, other = min(one_id, other_id), max(one_id, other_id)
    decided = {"state": state, "decided_at": now, "decided_by": by}
    Likeness.objects.update_or_create(
        one_id=one, other_id=other, defaults=decided, create_defaults={**decided, "score": 0, "found_at": now}
    )


# ---------------------------------------------------------------- merging
@transaction.atomic
def merge(survivor_id: int, merged_id: int, *, held_ref: str = "", by: User | None, now: datetime) -> Merge:
    """Merge one prospect into another. Raises RuleError when either went into another one before (`merge_done`)."""
    if survivor_id == merged_id:
        raise RuleError("merge_itself")
    rows = _locked(survivor_id, merged_id)
    survivor, merged = rows[survivor_id], rows[merged_id]
    for each in (survivor, merged):
        if each.merged_into_id is not None:
            raise RuleError("merge_done", name=each.name)
    alike = compare(survivor, merged)
    filled = to_fill(_values(survivor), _values(merged))
    _set(survivor, filled)
    merged.merged_into = survivor
    merged.save(update_fields=["merged_into"])
    decide(survivor_id, merged_id, Likeness.State.MERGED, by=by, now=now)
    return Merge.objects.create(
        survivor=survivor,
        merged=merged,
        filled=filled,
        score=alike.score,
        evidence=[r.to_json() for r in alike.evidence],
        held_ref=held_ref,
        at=now,
        by=by,
    )


@transaction.atomic
def unmerge(merge_id: int, *, by: User | None, now: datetime) -> Merge:
    """Take a merge back: both are as if they had never met, but for what each became by himself since."""
    found = Merge.objects.get(pk=merge_id)
    rows = _locked(*_chain(found.survivor_id), found.merged_id)
    found.refresh_from_db()
    if found.undone_at is not None:
        raise RuleError("merge_undone")
    _give_back(rows, found)
    merged = rows[found.merged_id]
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    found.undone_at, found.undone_by = now, by
    found.save(update_fields=["undone_at", "undone_by", "filled"])
    decide(found.survivor_id, found.merged_id, Likeness.State.APART, by=by, now=now)
    return found


def standing_merge(prospect_id: int) -> Merge | None:
    """The merge by which a prospect went into another, while it stands."""
    return Merge.objects.filter(merged=prospect_id, undone_at=None).select_related("survivor", "merged").first()


def group_of(prospect_id: int) -> list[int]:
    """The ids of all who are one with this prospect, himself included."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE up AS (SELECT id, merged_into_id FROM prospects_prospect WHERE id = %s
                UNION SELECT p.id, p.merged_into_id FROM prospects_prospect p JOIN up ON p.id = up.merged_into_id),
            down AS (SELECT id FROM up WHERE merged_into_id IS NULL
                UNION SELECT p.id FROM prospects_prospect p JOIN down ON p.merged_into_id = down.id) SELECT id FROM down""",
            [prospect_id],
        )
        return sorted(row[0] for row in cursor.fetchall())


def _chain(prospect_id: int) -> list[int]:
    """A prospect and those into whom he went, one after the other."""
    with connection.cursor() as cursor:
        cursor.execute(
            """WITH RECURSIVE up AS (SELECT id, merged_into_id FROM prospects_prospect WHERE id = %s
                UNION SELECT p.id, p.merged_into_id FROM prospects_prospect p JOIN up ON p.id = up.merged_into_id)
            SELECT id FROM up""",
            [prospect_id],
        )
        return [row[0] for row in cursor.fetchall()]


def _give_back(rows: dict[int, Prospect], found: Merge) -> None:
    """Empty what was filled and is unchanged, in the one who stays and in those into whom he went in turn with it."""
    survivor, filled = rows[found.survivor_id], dict(found.filled)
    while True:
        returned = to_give_back(_values(survivor), filled)
        _set(survivor, returned)
        above = Merge.objects.filter(merged=survivor, undone_at=None).first()
        if above is None or above.survivor_id not in rows:
            return
        passed_on = {n: filled[n] for n in returned if n in above.filled and above.filled[n] == filled[n]}
        above.filled = {name: value for name, value in above.filled.items() if name not in passed_on}
        above.save(update_fields=["filled"])
        survivor, filled = rows[above.survivor_id], passed_on


def _locked(*ids: int) -> dict[int, Prospect]:
    found = Prospect.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return {prospect.pk: prospect for prospect in found}


def _values(prospect: Prospect) -> dict[str, Any]:
    return {name: getattr(prospect, name) for name in (*FILLED, "lat", "lon")}


def _set(prospect: Prospect, values: dict[str, Any]) -> None:
    if values:
        for name, value in values.items():
            setattr(prospect, name, value)
        prospect.save(update_fields=list(values))
