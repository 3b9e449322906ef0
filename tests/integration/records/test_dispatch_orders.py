"""A work order gets its technician, its hour and its sheet (RET 6)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from thaki.people.models import User
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.reasons import RuleError
from thaki.records.work_orders import dispatch
from thaki.records.work_orders.models import WorkOrder

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def order(juan: Customer, plan: Plan, now: datetime) -> WorkOrder:
    service = Subscription.objects.create(
        customer=juan, plan=plan, technology="FO", number="44250001", since_on=now.date()
    )
    return WorkOrder.objects.create(
        number="OT-1",
        key="k1",
        case_ref="RET-1",
        customer=juan,
        subscription=service,
        product="internet",
        observations="GLOSA",
        issued_at=now,
        due_at=now + 24 * HOUR,
    )


@pytest.fixture
def technician() -> User:
    return User.objects.create_user("edwin", first_name="Edwin", roles=["tecnico_multiservicios"])


def test_it_goes_to_a_technician_and_his_telephone_is_told(
    order: WorkOrder, technician: User, ana: User, now: datetime
) -> None:
    given = dispatch.assign(order.pk, to=technician, by=ana, now=now)
    assert (given.assigned_to, given.assigned_by, given.assigned_at, given.version) == (technician, ana, now, 1)
    assert dispatch.assign(order.pk, to=technician, by=ana, now=now).version == 1


def test_it_goes_to_nobody_else(order: WorkOrder, ana: User, now: datetime) -> None:
    with pytest.raises(RuleError, match="no es Técnico Multiservicios"):
        dispatch.assign(order.pk, to=ana, by=ana, now=now)


def test_it_stays_with_who_is_at_the_door(order: WorkOrder, technician: User, ana: User, now: datetime) -> None:
    WorkOrder.objects.filter(pk=order.pk).update(state="on_site", arrived_at=now)
    with pytest.raises(RuleError, match="ya está en el domicilio"):
        dispatch.assign(order.pk, to=technician, by=ana, now=now)


def test_the_hour_is_within_the_24(order: WorkOrder, ana: User, now: datetime) -> None:
    agreed = dispatch.agree_hour(order.pk, since=now + 2 * HOUR, until=now + 4 * HOUR, by=ana, now=now)
    assert (agreed.state, agreed.agreed_from) == ("scheduled", now + 2 * HOUR)
    with pytest.raises(RuleError, match="pasa del plazo"):
        dispatch.agree_hour(order.pk, since=now + 25 * HOUR, until=now + 26 * HOUR, by=ana, now=now)


@pytest.mark.parametrize(("since", "until", "why"), [(2, 2, "posterior"), (-3, -1, "ya pasó")])
def test_an_hour_that_cannot_be(order: WorkOrder, ana: User, now: datetime, since: int, until: int, why: str) -> None:
    with pytest.raises(RuleError, match=why):
        dispatch.agree_hour(order.pk, since=now + since * HOUR, until=now + until * HOUR, by=ana, now=now)


def test_a_late_order_may_still_get_an_hour(order: WorkOrder, ana: User, now: datetime) -> None:
    late = now + 30 * HOUR
    assert dispatch.agree_hour(order.pk, since=late + HOUR, until=late + 2 * HOUR, by=ana, now=late).agreed_from


def test_each_print_is_counted_and_the_first_makes_it_printed(order: WorkOrder, ana: User, now: datetime) -> None:
    assert [sheet.copy for sheet in dispatch.print_orders([order.pk], by=ana, now=now)] == [1]
    sheet = dispatch.print_orders([order.pk], by=ana, now=now + HOUR)[0]
    assert (sheet.copy, sheet.order.state, sheet.order.printed_at) == (2, "printed", now)


def test_a_cancelled_order_is_not_printed(order: WorkOrder, ana: User, now: datetime) -> None:
    WorkOrder.objects.filter(pk=order.pk).update(state="cancelled", cancelled_at=now, cancelled_why="baja")
    with pytest.raises(RuleError, match="cancelada"):
        dispatch.print_orders([order.pk], by=ana, now=now)
    with pytest.raises(RuleError, match="al menos una"):
        dispatch.print_orders([], by=ana, now=now)
