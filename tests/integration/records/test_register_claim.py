"""A claim is registered, said again, solved, and reopened."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from thaki.records.claims import changes, operations, queries
from thaki.records.claims.models import Claim
from thaki.records.claims.rules import repeated_damage
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError

Make = Callable[..., Claim]


@pytest.fixture
def claim(juan: Customer, line: Subscription, now: datetime) -> Make:
    """Registers a claim of Juan's so many days ago."""

    def register(days: float = 0, **values: object) -> Claim:
        given = {"customer": juan, "subscription": line, "fault": "cuts", "claimed_at": now - timedelta(days=days)}
        return operations.register(**{**given, **values}, by=None, now=now)  # type: ignore[arg-type]

    return register


def test_it_gets_a_number_and_the_product_of_its_service(claim: Make) -> None:
    made = claim()
    assert made.number.startswith("REC-2026-")
    assert made.product == "internet"
    assert made.is_open


def test_one_in_the_future_is_refused(claim: Make) -> None:
    with pytest.raises(RuleError, match="futura"):
        claim(-1)
    assert not Claim.objects.exists()


def test_one_on_the_service_of_another_is_refused(
    claim: Make, make_service: Callable[..., Subscription], plan: Plan
) -> None:
    other = Customer.objects.create(code="S-1", given_names="Eva", surnames="Rojas", registered_at="2026-01-01T00:00Z")
    with pytest.raises(RuleError) as refused:
        claim(subscription=make_service(other, plan, number="4251002"))
    assert refused.value.code == "service_of_another"


def test_a_number_of_another_system_is_taken_once(claim: Make) -> None:
    claim(number="SF-1")
    with pytest.raises(RuleError, match="SF-1"):
        claim(number="SF-1")


def test_a_call_about_an_open_claim_is_its_reiteration(claim: Make, now: datetime) -> None:
    made = claim(5)
    operations.reiterate(made.pk, note="Sigue igual", by=None, now=now)
    (found,) = queries.of_customer(made.customer_id)
    assert [one.note for one in found.again] == ["Sigue igual"]
    assert repeated_damage([found.seen()], now=now)[0].answer == "yes"


def test_what_is_solved_is_reopened_and_not_reiterated(claim: Make, now: datetime) -> None:
    made = claim(5)
    operations.solve(made.pk, solution="Cambio de conector", by=None, now=now - timedelta(days=2))
    with pytest.raises(RuleError) as refused:
        operations.reiterate(made.pk, by=None, now=now)
    assert refused.value.code == "claim_solved"
    assert operations.reopen(made.pk, by=None, now=now).is_open
    operations.solve(made.pk, solution="Cambio de acometida", by=None, now=now + timedelta(hours=1))
    assert not Claim.objects.get().is_open


def test_solving_says_how(claim: Make, now: datetime) -> None:
    with pytest.raises(RuleError, match="solucionó"):
        operations.solve(claim().pk, solution=" ", by=None, now=now)


def test_who_listens_is_told_of_what_fails_again(claim: Make, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(changes, "_listeners", [lambda claim, at: told.append(claim.number)])
    made = claim(5)
    operations.reiterate(made.pk, by=None, now=now)
    operations.solve(made.pk, solution="Listo", by=None, now=now + timedelta(minutes=1))
    operations.reopen(made.pk, by=None, now=now + timedelta(minutes=2))
    assert told == [made.number] * 3


def test_the_signs_since_an_instant_are_new_claims_reiterations_and_reopenings(claim: Make, now: datetime) -> None:
    old, quiet = claim(40), claim(39)
    operations.reiterate(old.pk, by=None, now=now - timedelta(days=1))
    fresh = claim(2)
    since = queries.since(old.subscription_id, now - timedelta(days=10), until=now)
    assert {one.claim.pk for one in since} == {old.pk, fresh.pk}
    assert {one.pk for one in queries.open_of([old.subscription_id])} == {old.pk, quiet.pk, fresh.pk}


def test_the_database_keeps_solved_after_claimed(claim: Make, now: datetime) -> None:
    made = claim()
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=made.pk).update(solved_at=now - timedelta(days=1), solution="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=made.pk).update(reopened_at=now)


def test_its_history_is_kept(claim: Make, now: datetime) -> None:
    made = claim(1)
    operations.solve(made.pk, solution="Listo", by=None, now=now)
    assert Claim.events.rel.related_model.objects.filter(pgh_obj_id=made.pk).count() == 2  # type: ignore[attr-defined]
