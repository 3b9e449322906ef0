"""What the records' tests stand on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from thaki.people.models import User
from thaki.records.customers import operations as customers
from thaki.records.customers.models import Customer, Subscription
from thaki.records.customers.rules import Ci
from thaki.records.offers.models import Plan

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """A working morning in La Paz."""
    return NOW


@pytest.fixture
def ana(db: None) -> User:
    """Somebody of the staff."""
    return User.objects.create_user("ana", first_name="Ana", last_name="Flores")


@pytest.fixture
def plan(db: None) -> Plan:
    """A fibre plan on sale."""
    return _plan("FO60")


@pytest.fixture
def make_plan(db: None) -> Callable[..., Plan]:
    """Makes plans on sale: make_plan("HFC30", technology="HFC", down_mbps=30)."""
    return _plan


@pytest.fixture
def juan(db: None, now: datetime) -> Customer:
    """A customer."""
    return customers.register(
        given_names="Juan",
        surnames="Quispe Mamani",
        ci=Ci("4567890", "", "CB"),
        phones=["71234567"],
        email="juan@correo.example",
        by=None,
        now=now,
    )


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    """Documents go to a folder of the test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path


def _plan(code: str, **values: Any) -> Plan:
    """A plan on sale; values override."""
    given = {
        "name": f"Plan {code}",
        "technology": "FO",
        "kind": "internet",
        "down_mbps": 60,
        "up_mbps": 30,
        "tariff_bob": Decimal("189.00"),
        "installation_bob": Decimal("150.00"),
        "valid_from_on": date(2026, 1, 1),
    }
    return Plan.objects.create(code=code, **{**given, **values})


@pytest.fixture
def make_service(db: None, now: datetime) -> Callable[..., Subscription]:
    """Gives a customer a service: make_service(juan, plan, number="4251001")."""

    def make(customer: Customer, plan: Plan, number: str = "4251001", **values: Any) -> Subscription:
        since = values.pop("since_on", date(2025, 1, 1))
        return Subscription.objects.create(
            customer=customer, plan=plan, number=number, technology=plan.technology, since_on=since, **values
        )

    return make


@pytest.fixture
def line(juan: Customer, plan: Plan, make_service: Callable[..., Subscription]) -> Subscription:
    """Juan's Internet."""
    return make_service(juan, plan)
