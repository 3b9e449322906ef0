"""A work order is issued once, with its fixed values, and cancelled with a reason (step 5)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from thaki.records.customers.models import Customer, Subscription
from thaki.records.reasons import RuleError
from thaki.records.work_orders import operations, queries
from thaki.records.work_orders.models import WorkOrder

GLOSA = "CLIENTE CON DAÑOS REITERADOS"


@pytest.fixture
def asked(juan: Customer, line: Subscription, now: datetime) -> dict[str, Any]:
    """What an order is asked for with."""
    return {
        "key": "RET-1:5",
        "case_ref": "RET-1",
        "customer": juan,
        "subscription": line,
        "observations": GLOSA,
        "by": None,
        "now": now,
    }


def test_it_carries_the_fixed_values_to_the_letter(asked: dict[str, Any], now: datetime) -> None:
    order = operations.issue(**asked)
    assert order.number.startswith("OT-2026-")
    assert (order.activity, order.payment_form) == ("40530 PEX/Adecuación por Retención", "Crédito")
    assert order.charge_bob == 0
    assert (order.contact_phone, order.observations) == ("71234567", GLOSA)
    assert order.due_at == now + timedelta(hours=24)


def test_posting_twice_makes_one(asked: dict[str, Any]) -> None:
    assert operations.issue(**asked).pk == operations.issue(**asked).pk
    assert WorkOrder.objects.count() == 1


def test_a_case_has_one_open_order(asked: dict[str, Any]) -> None:
    operations.issue(**asked)
    with pytest.raises(RuleError) as refused:
        operations.issue(**{**asked, "key": "RET-1:5:2"})
    assert refused.value.code == "work_order_open"


def test_a_further_order_follows_one_that_is_over(asked: dict[str, Any], now: datetime) -> None:
    first = operations.issue(**asked)
    with pytest.raises(RuleError):
        operations.issue(**{**asked, "key": "2", "replaces": first})
    first = operations.cancel(first.pk, why="Se rehace", by=None, now=now)
    second = operations.issue(**{**asked, "key": "2", "replaces": first})
    assert [order.pk for order in queries.of_case("RET-1")] == [first.pk, second.pk]


def test_cancelling_says_why_and_twice_is_once(asked: dict[str, Any], now: datetime) -> None:
    order = operations.issue(**asked)
    with pytest.raises(RuleError):
        operations.cancel(order.pk, why="  ", by=None, now=now)
    operations.cancel(order.pk, why="Baja del socio", by=None, now=now)
    again = operations.cancel(order.pk, why="Otra vez", by=None, now=now + timedelta(hours=1))
    assert (again.cancelled_why, again.cancelled_at) == ("Baja del socio", now)


def test_a_baja_cancels_what_is_open_of_the_case(asked: dict[str, Any], now: datetime) -> None:
    operations.issue(**asked)
    assert operations.cancel_open("RET-1", why="Baja", by=None, now=now) == 1
    assert operations.cancel_open("RET-1", why="Baja", by=None, now=now) == 0


def test_who_has_no_mobile_is_known_before(juan: Customer) -> None:
    assert operations.mobile_of(juan) == "71234567"
    juan.phones.all().delete()
    assert operations.mobile_of(juan) == ""


def test_a_rehearsed_order_takes_no_number_of_the_series(asked: dict[str, Any]) -> None:
    assert operations.issue(**{**asked, "case_ref": "REH-RET-1"}).number.startswith("REH-OT-")


def test_the_database_refuses_a_closed_order_that_nobody_went_to(asked: dict[str, Any], now: datetime) -> None:
    order = operations.issue(**asked)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkOrder.objects.filter(pk=order.pk).update(state="closed", closed_at=now)
