"""Plans and packages: priced from a day on without touching what was quoted, composed, retired."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from tests.integration.administration.conftest import person

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.offers import catalogue
from thaki.records.offers.demo import build_plans
from thaki.records.offers.models import Plan, PlanTariff
from thaki.records.offers.operations import issue_letter

pytestmark = pytest.mark.django_db
NEW = {
    "code": "fo500",
    "name": "Fibra Hogar 500",
    "kind": "internet",
    "technology": "FO",
    "down_mbps": "500",
    "up_mbps": "250",
    "tariff_bob": "590,00",
    "installation_bob": "0",
    "valid_from_on": "2026-01-01",
}


@pytest.fixture
def plans(db: None) -> dict[str, Plan]:
    return build_plans(timezone.localdate())


@pytest.fixture
def chief(client: Client) -> User:
    user = person("jefa", Role.JEFE_DIVISION_VENTAS)
    client.force_login(user)
    return user


def days_on(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def priced(plan: Plan, client: Client, from_on: date, tariff: str = "259") -> str:
    asked = {"from_on": from_on.isoformat(), "tariff_bob": tariff, "installation_bob": "100", "conditions": ""}
    return client.post(f"/administracion/planes/{plan.pk}/tarifa/", asked, follow=True).content.decode()


def test_a_plan_is_entered_with_its_first_tariff(client: Client, chief: User) -> None:
    client.post("/administracion/planes/nuevo/", NEW)
    plan = Plan.objects.get(code="FO500")
    assert plan.tariffs.get().tariff_bob == Decimal("590.00")
    again = client.post("/administracion/planes/nuevo/", NEW)
    assert "Ya hay un plan con el código FO500" in again.content.decode()


def test_a_tariff_of_a_day_to_come_waits_for_it(client: Client, chief: User, plans: dict[str, Plan]) -> None:
    plan = plans["FO100"]
    assert "rige desde el" in priced(plan, client, days_on(10))
    plan.refresh_from_db()
    assert plan.tariff_bob == Decimal("235.00")
    then = timezone.now() + timedelta(days=10)
    assert catalogue.apply_tariffs(now=then) == 1
    plan.refresh_from_db()
    assert plan.tariff_bob == Decimal("259.00")


def test_a_letter_keeps_what_it_quoted(client: Client, chief: User, plans: dict[str, Plan]) -> None:
    plan = plans["FO100"]
    letter = issue_letter(
        case_ref="GVD-1", plan_ids=[plan.pk], customer_name="Ana", valid_days=15, by=None, now=timezone.now()
    )
    priced(plan, client, days_on(0))
    plan.refresh_from_db()
    assert (plan.tariff_bob, letter.items.get().tariff_bob) == (Decimal("259.00"), Decimal("235.00"))
    assert "1 carta vigente" in client.get(f"/administracion/planes/{plan.pk}/").content.decode()


def test_a_late_job_quotes_no_old_price(chief: User, plans: dict[str, Plan]) -> None:
    figures: Any = {"tariff_bob": Decimal(260), "installation_bob": Decimal(0), "conditions": ""}
    catalogue.new_tariff(plans["FO100"].pk, from_on=days_on(3), by=chief, now=timezone.now(), **figures)
    letter = issue_letter(
        case_ref="GVD-1",
        plan_ids=[plans["FO100"].pk],
        customer_name="Ana",
        valid_days=15,
        by=None,
        now=timezone.now() + timedelta(days=3),
    )
    assert letter.items.get().tariff_bob == Decimal("260.00")


def test_tariffs_never_share_a_day(client: Client, chief: User, plans: dict[str, Plan]) -> None:
    plan = plans["FO100"]
    priced(plan, client, days_on(10))
    assert "Ya hay una tarifa desde el" in priced(plan, client, days_on(10), "270")
    assert "lo ya ofrecido no cambia" in priced(plan, client, days_on(-1), "270")
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanTariff.objects.create(plan=plan, tariff_bob=1, from_on=days_on(-5), set_at=timezone.now())


def test_a_tariff_not_in_force_yet_is_taken_back(client: Client, chief: User, plans: dict[str, Plan]) -> None:
    plan = plans["FO100"]
    priced(plan, client, days_on(10))
    client.post(f"/administracion/tarifas/{plan.tariffs.get(from_on=days_on(10)).pk}/retirar/")
    assert plan.tariffs.get().to_on is None
    answer = client.post(f"/administracion/tarifas/{plan.tariffs.get().pk}/retirar/", follow=True)
    assert "La tarifa ya rige" in answer.content.decode()


def test_what_a_package_is_made_of_is_not_retired_before_it(
    client: Client, chief: User, plans: dict[str, Plan]
) -> None:
    where = f"/administracion/planes/{plans['TEL'].pk}/vigencia/"
    answer = client.post(where, {"last_on": days_on(1).isoformat()}, follow=True)
    assert "Es parte de paquetes vigentes" in answer.content.decode()
    where = f"/administracion/planes/{plans['FO30'].pk}/vigencia/"
    client.post(where, {"last_on": days_on(1).isoformat()})
    assert Plan.objects.get(code="FO30").valid_to_on == days_on(1)
    client.post(where, {"again": "1"})
    assert Plan.objects.get(code="FO30").valid_to_on is None


def test_a_change_of_a_package_says_who_and_what(client: Client, chief: User, plans: dict[str, Plan]) -> None:
    package = plans["TRIO-FO100"]
    asked = {
        **NEW,
        "name": "Trío Fibra 100 Plus",
        "kind": "package",
        "components": [plans["FO100"].pk, plans["TEL"].pk],
    }
    client.post(f"/administracion/planes/{package.pk}/", asked)
    page = client.get(f"/administracion/planes/{package.pk}/").content.decode()
    assert "Trío Fibra 100 → Trío Fibra 100 Plus" in page and "TV HD" in page and "jefa" in page
    alone = client.post(f"/administracion/planes/{package.pk}/", asked | {"components": [plans["FO100"].pk]})
    assert "al menos dos planes" in alone.content.decode()


def test_a_reader_changes_nothing(client: Client, plans: dict[str, Plan]) -> None:
    client.force_login(person("canales", Role.RESPONSABLE_CANALES_DIGITALES))
    where = f"/administracion/planes/{plans['FO100'].pk}/"
    assert client.get(where).status_code == 200
    assert client.post(where, NEW).status_code == 403


def test_the_figures_of_a_plan_follow_its_clock(plans: dict[str, Plan]) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=timezone.get_default_timezone())
    assert catalogue.apply_tariffs(now=long_ago) == 0
