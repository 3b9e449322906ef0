"""Step 8: the Carta Comercial freezes prices until its date (R-A14)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from thaki.records.network.rules import TechnologyVerdict
from thaki.records.offers import operations, queries
from thaki.records.offers.models import CommercialLetter, Plan
from thaki.records.reasons import RuleError

pytestmark = pytest.mark.django_db
CASE = "GVD-2026-000001"


def issue(plan: Plan, now: datetime) -> CommercialLetter:
    """A letter for a customer."""
    return operations.issue_letter(case_ref=CASE, plan_ids=[plan.pk], customer_name="Juan Quispe", by=None, now=now)


def test_the_price_of_the_letter_outlives_the_plans(plan: Plan, now: datetime) -> None:
    letter = issue(plan, now)
    Plan.objects.update(tariff_bob=Decimal(999))
    operations.accept_letter(letter.pk, plan_id=plan.pk, by=None, now=now + timedelta(days=1))
    item = queries.accepted_item(CASE)
    assert item is not None
    assert (item.plan, item.tariff_bob) == (plan, Decimal("189.00"))


def test_it_holds_through_its_last_day_in_la_paz(plan: Plan, now: datetime) -> None:
    letter = issue(plan, now)
    last_evening = now + timedelta(days=15, hours=12)  # 23:00 in La Paz, already the next day in UTC
    assert operations.accept_letter(letter.pk, plan_id=plan.pk, by=None, now=last_evening).state == "accepted"


def test_after_its_date_a_new_one_is_needed(plan: Plan, now: datetime) -> None:
    letter = issue(plan, now)
    with pytest.raises(RuleError, match="venció el 05/12/2026"):
        operations.accept_letter(letter.pk, plan_id=plan.pk, by=None, now=now + timedelta(days=16))


def test_issuing_again_closes_the_open_one(plan: Plan, now: datetime) -> None:
    first, second = issue(plan, now), issue(plan, now)
    first.refresh_from_db()
    assert (first.state, queries.open_letter(CASE)) == ("expired", second)


def test_a_plan_that_is_not_in_the_letter_cannot_be_accepted(
    plan: Plan, make_plan: Callable[..., Plan], now: datetime
) -> None:
    letter, other = issue(plan, now), make_plan("FO100")
    with pytest.raises(RuleError) as refused:
        operations.accept_letter(letter.pk, plan_id=other.pk, by=None, now=now)
    assert refused.value.code == "letter_plan"


def test_a_refusal_has_its_reason_and_ends_it(plan: Plan, now: datetime) -> None:
    letter = issue(plan, now)
    with pytest.raises(RuleError):
        operations.refuse_letter(letter.pk, reason="", by=None, now=now)
    operations.refuse_letter(letter.pk, reason="price", by=None, now=now)
    with pytest.raises(RuleError):
        operations.accept_letter(letter.pk, plan_id=plan.pk, by=None, now=now)


def test_a_plan_that_is_no_longer_sold_is_not_offered(make_plan: Callable[..., Plan], now: datetime) -> None:
    gone = make_plan("FO20", valid_to_on=date(2026, 11, 19))
    with pytest.raises(RuleError, match="no está vigente"):
        issue(gone, now)


def test_letters_past_their_date_are_closed_at_night(plan: Plan, now: datetime) -> None:
    letter = issue(plan, now)
    assert operations.expire_letters(now=now + timedelta(days=15)) == 0
    assert operations.expire_letters(now=now + timedelta(days=16)) == 1
    letter.refresh_from_db()
    assert letter.state == "expired"


def test_plans_are_held_against_the_address(make_plan: Callable[..., Plan], now: datetime) -> None:
    for code, technology, down in (
        ("FO60", "FO", 60),
        ("FO300", "FO", 300),
        ("HFC30", "HFC", 30),
        ("ADSL8", "ADSL", 8),
    ):
        make_plan(code, technology=technology, down_mbps=down)
    verdicts = [
        TechnologyVerdict("FO", True, 300),
        TechnologyVerdict("HFC", True, 100),
        TechnologyVerdict("ADSL", False),
    ]
    options = queries.plans_for(verdicts, max_mbps=100, today=now.date())
    assert [(o.plan.code, o.fit.reason.code) for o in options] == [
        ("FO60", "plan_fits"),
        ("HFC30", "plan_fits"),
        ("FO300", "plan_too_fast"),
        ("ADSL8", "plan_technology_missing"),
    ]


@pytest.mark.parametrize("values", [{"state": "accepted"}, {"state": "refused"}, {"state": "lost"}])
def test_the_database_refuses_half_answers(plan: Plan, now: datetime, values: dict[str, str]) -> None:
    letter = issue(plan, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        CommercialLetter.objects.filter(pk=letter.pk).update(**values)


@pytest.mark.parametrize(
    "values", [{"tariff_bob": 0}, {"installation_bob": -1}, {"valid_to_on": date(2025, 1, 1)}, {"down_mbps": 0}]
)
def test_the_database_refuses_impossible_plans(plan: Plan, values: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.filter(pk=plan.pk).update(**values)
