"""Duplicates found, merged and un-merged: nothing is lost, whoever comes first, whatever changed in between."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from thaki.people.models import User
from thaki.records.prospects import duplicates, operations
from thaki.records.prospects.models import Likeness, Merge, Prospect
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
Lead = Callable[..., Prospect]


@pytest.fixture
def lead(now: datetime) -> Lead:
    """Makes prospects: `lead("Ana Rojas", phone="71234567")`."""

    def make(name: str = "María Elena Rojas Vargas", **told: Any) -> Prospect:
        return operations.receive(channel="web", name=name, by=None, now=now, **told)[0]

    return make


def whole(prospect: Prospect) -> dict[str, Any]:
    fields = ("name", "phone", "email", "zone", "address", "ci_number", "lat")
    return dict(Prospect.objects.filter(pk=prospect.pk).values(*fields).get())


# ---------------------------------------------------------------- found
def test_duplicates_are_proposed_with_their_evidence(lead: Lead, now: datetime) -> None:
    one = lead(phone="71234567")
    other = lead("Maria E. Rojas", phone="71234567", email="m@b.bo")
    lead("Óscar Quiroga", phone="72222222")
    assert duplicates.compare_waiting(now=now) == 3
    found = duplicates.proposals().get()
    assert (found.one_id, found.other_id) == (one.pk, other.pk)
    assert found.evidence[0]["code"] == "same_phone"
    assert duplicates.compare_waiting(now=now) == 0


def test_who_was_said_to_be_another_is_not_proposed_again(lead: Lead, ana: User, now: datetime) -> None:
    one, other = lead(phone="71234567"), lead(phone="71234567", zone="Norte")
    duplicates.compare_waiting(now=now)
    duplicates.set_apart(other.pk, one.pk, by=ana, now=now)
    operations.amend(other.pk, by=ana, now=now, email="x@b.bo")
    duplicates.compare_waiting(now=now)
    assert not duplicates.proposals().exists()


def test_data_that_changed_is_compared_again(lead: Lead, ana: User, now: datetime) -> None:
    one, other = lead(phone="71234567"), lead("M. E. Rojas", phone="72222222")
    duplicates.compare_waiting(now=now)
    assert not duplicates.proposals().exists()
    operations.amend(other.pk, by=ana, now=now, phone="71234567")
    duplicates.compare_waiting(now=now)
    assert duplicates.proposals([one.pk]).exists()


# ---------------------------------------------------------------- merged and back
def test_merging_fills_what_was_lacking_and_undoing_gives_it_back(lead: Lead, ana: User, now: datetime) -> None:
    one, other = lead(phone="71234567"), lead("Maria Rojas", phone="71234567", email="m@b.bo", zone="Norte")
    before = whole(one), whole(other)
    merge = duplicates.merge(one.pk, other.pk, by=ana, now=now)
    assert whole(one)["email"] == "m@b.bo"
    assert duplicates.group_of(other.pk) == [one.pk, other.pk]
    duplicates.unmerge(merge.pk, by=ana, now=now)
    assert (whole(one), whole(other)) == before
    assert duplicates.group_of(other.pk) == [other.pk]
    with pytest.raises(RuleError, match="deshizo"):
        duplicates.unmerge(merge.pk, by=ana, now=now)


def test_undoing_after_both_changed_keeps_what_each_became(lead: Lead, ana: User, now: datetime) -> None:
    one, other = lead(phone="71234567"), lead(phone="71234567", email="m@b.bo", zone="Norte")
    merge = duplicates.merge(one.pk, other.pk, by=ana, now=now)
    operations.amend(one.pk, by=ana, now=now, email="own@b.bo", address="Calle Sucre 1")
    operations.amend(other.pk, by=ana, now=now, phone="79999999")
    operations.record_attempt(other.pk, channel="call", result="talked", by=ana, now=now)
    duplicates.unmerge(merge.pk, by=ana, now=now)
    own = whole(one)
    assert (own["phone"], own["email"], own["zone"], own["address"]) == ("71234567", "own@b.bo", "", "Calle Sucre 1")
    assert (whole(other)["phone"], whole(other)["email"], whole(other)["zone"]) == ("79999999", "m@b.bo", "Norte")
    assert other.attempts.count() == 1


def test_a_merge_inside_another_is_undone_through_it(lead: Lead, ana: User, now: datetime) -> None:
    top, middle, leaf = lead(phone="71111111"), lead(phone="72222222"), lead(phone="73333333", email="leaf@b.bo")
    inner = duplicates.merge(middle.pk, leaf.pk, by=ana, now=now)
    outer = duplicates.merge(top.pk, middle.pk, by=ana, now=now)
    assert whole(top)["email"] == "leaf@b.bo"
    duplicates.unmerge(inner.pk, by=ana, now=now)
    assert [whole(each)["email"] for each in (top, middle, leaf)] == ["", "", "leaf@b.bo"]
    assert duplicates.group_of(top.pk) == [top.pk, middle.pk]
    duplicates.unmerge(outer.pk, by=ana, now=now)
    assert [whole(each)["email"] for each in (top, middle, leaf)] == ["", "", "leaf@b.bo"]


def test_two_merged_again_after_undoing(lead: Lead, ana: User, now: datetime) -> None:
    one, other = lead(phone="71111111"), lead(phone="72222222", email="m@b.bo")
    for _again in range(2):
        merge = duplicates.merge(one.pk, other.pk, by=ana, now=now)
        duplicates.unmerge(merge.pk, by=ana, now=now)
    assert whole(one)["email"] == ""
    assert Merge.objects.count() == 2
    assert Likeness.objects.get().state == "apart"


# ---------------------------------------------------------------- at the same moment
def race(*works: Callable[[], object]) -> list[str]:
    """Run all at once, each on a connection of its own; "ok" or the code of the refusal, sorted."""
    start = Barrier(len(works))

    def run(work: Callable[[], object]) -> str:
        start.wait()
        try:
            work()
        except RuleError as refused:
            return refused.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


@pytest.mark.django_db(transaction=True)
def test_two_merges_crossing_leave_one_merge_and_no_circle(lead: Lead, now: datetime) -> None:
    for n in range(4):
        one, other = lead(phone=f"7111111{n}"), lead(phone=f"7222222{n}", email=f"m{n}@b.bo")
        told = race(
            partial(duplicates.merge, one.pk, other.pk, by=None, now=now),
            partial(duplicates.merge, other.pk, one.pk, by=None, now=now),
        )
        assert told == ["merge_done", "ok"]
        assert Merge.objects.filter(undone_at=None, survivor__in=(one, other)).count() == 1


@pytest.mark.django_db(transaction=True)
def test_undone_twice_at_once_is_undone_once(lead: Lead, now: datetime) -> None:
    one, other = lead(phone="71111111"), lead(phone="72222222", email="m@b.bo")
    merge = duplicates.merge(one.pk, other.pk, by=None, now=now)
    assert race(*[lambda: duplicates.unmerge(merge.pk, by=None, now=now)] * 3) == ["merge_undone", "merge_undone", "ok"]
    assert whole(one)["email"] == ""
