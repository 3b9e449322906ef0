"""Bajas are counted by the day of their request; courtesies run until their date."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from thaki.records.courtesies import operations as courtesies
from thaki.records.courtesies import queries as running_courtesies
from thaki.records.courtesies.models import Courtesy
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError
from thaki.records.withdrawals import operations as withdrawals
from thaki.records.withdrawals import queries
from thaki.records.withdrawals.models import Withdrawal


def baja(customer: Customer, service: Subscription, now: datetime, **values: Any) -> Withdrawal:
    return withdrawals.register(customer=customer, subscription=service, reason="moving", by=None, now=now, **values)


def courtesy(customer: Customer, service: Subscription, now: datetime, **values: Any) -> Courtesy:
    given = {"kind": "premium", "name": "Canales Premium", "days": 30, "case_ref": "RET-1"}
    return courtesies.give(customer=customer, subscription=service, by=None, now=now, **{**given, **values})


def test_a_baja_is_dated_today_and_named(juan: Customer, line: Subscription, now: datetime) -> None:
    made = baja(juan, line, now, equipment_to_return=["ONT"], certificate_noted=True)
    assert made.number.startswith("BAJ-2026-")
    assert (made.requested_on, made.product) == (date(2026, 11, 20), "internet")


def test_a_service_is_given_up_once(juan: Customer, line: Subscription, now: datetime) -> None:
    first = baja(juan, line, now)
    with pytest.raises(RuleError, match=first.number):
        baja(juan, line, now)


@pytest.mark.parametrize("days", [1, -700])
def test_its_day_is_not_to_come_nor_before_the_service(
    juan: Customer, line: Subscription, now: datetime, days: int
) -> None:
    with pytest.raises(RuleError) as refused:
        baja(juan, line, now, requested_on=now.date() + timedelta(days=days))
    assert refused.value.field == "requested_on"


def test_made_effective_it_ends_the_service_and_its_courtesies(
    juan: Customer, line: Subscription, now: datetime
) -> None:
    given = courtesy(juan, line, now)
    made = baja(juan, line, now)
    withdrawals.make_effective(made.pk, on=date(2026, 11, 25), by=None, now=now + timedelta(days=5))
    line.refresh_from_db()
    given.refresh_from_db()
    assert (line.status, line.ended_on) == ("withdrawn", date(2026, 11, 25))
    assert given.ended_why == "withdrawn"


def test_bajas_are_counted_at_the_edges_of_the_month(
    juan: Customer, plan: Plan, make_service: Callable[..., Subscription], make_plan: Callable[..., Plan], now: datetime
) -> None:
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 31), date(2026, 11, 1)]
    for position, day in enumerate(days):
        baja(juan, make_service(juan, plan, number=f"42510{position}"), now, requested_on=day)
    tv = make_service(juan, make_plan("TVHD", technology="TV", kind="tv"), number="TV1")
    baja(juan, tv, now, requested_on=days[2], kind="arrears")
    counted = queries.by_month(date(2026, 10, 1), date(2026, 10, 31))
    assert [(c.month, c.product, c.kind, c.count) for c in counted] == [
        (date(2026, 10, 1), "internet", "requested", 2),
        (date(2026, 10, 1), "tv", "arrears", 1),
    ]
    assert queries.reasons(date(2026, 9, 1), date(2026, 11, 30)) == {"moving": 4}


def test_a_courtesy_runs_today_included_and_ends_after_its_last_day(
    juan: Customer, line: Subscription, now: datetime
) -> None:
    given = courtesy(juan, line, now, cost_bob=Decimal(35))
    assert given.ends_on == date(2026, 12, 19)
    assert courtesies.end_due(now=datetime.fromisoformat("2026-12-19T23:59:00-04:00")) == 0
    assert running_courtesies.running(juan.pk) == [given]
    assert courtesies.end_due(now=datetime.fromisoformat("2026-12-20T00:01:00-04:00")) == 1
    assert running_courtesies.running(juan.pk) == []
    assert running_courtesies.of_customer(juan.pk)[0].ended_why == "due"


def test_one_that_fell_due_while_everything_was_down_ends_when_it_is_up(
    juan: Customer, line: Subscription, now: datetime
) -> None:
    courtesy(juan, line, now)
    assert courtesies.end_due(now=now + timedelta(days=400)) == 1


def test_none_of_a_kind_already_running(juan: Customer, line: Subscription, now: datetime) -> None:
    first = courtesy(juan, line, now)
    with pytest.raises(RuleError, match="19/12/2026"):
        courtesy(juan, line, now)
    courtesy(juan, line, now, kind="max", name="Línea Max")
    courtesies.end(first.pk, why="cancelled", by=None, now=now)
    courtesy(juan, line, now)


def test_the_database_holds_one_of_a_kind_too(juan: Customer, line: Subscription, now: datetime) -> None:
    given = courtesy(juan, line, now)
    given.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        given.save(force_insert=True)


def test_a_withdrawn_service_takes_no_courtesy(juan: Customer, line: Subscription, now: datetime) -> None:
    line.status = "withdrawn"
    with pytest.raises(RuleError) as refused:
        courtesy(juan, line, now)
    assert refused.value.code == "courtesy_service_withdrawn"
