"""Step 15: the month is evaluated, concluded and frozen; the indicator of the bajas is right at the edges of a month (R-B14)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from tests.integration.retention.operating import DAY, NOW, Walk, everybody, rest_is_blank, walk

from thaki.cases import operations, runtime, timers, versions
from thaki.cases.models import Case, Task
from thaki.people import policies
from thaki.people.models import User
from thaki.procedures.retention import evaluation_figures
from thaki.procedures.retention.evaluation_models import Evaluation
from thaki.procedures.retention.models import Retention, RetentionOffer
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.withdrawals.models import Withdrawal

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


@pytest.fixture(autouse=True)
def blank(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with rest_is_blank():
        versions.seed(NOW)
        yield


@pytest.fixture
def people() -> dict[str, User]:
    return everybody()


def kept(people: dict[str, User], number: int = 1) -> Walk:
    """A retention that step 10 found good on the 23rd of December."""
    one = walk(people, number).to_controls()
    Retention.objects.filter(pk=one.case.pk).update(offer="removal", amount_bob=Decimal(189))
    one.later(2 * DAY).done("Step_9", {"result": "good"})
    one.later(29 * DAY).done("Step_10", {"result": "good"})
    Retention.objects.filter(pk=one.case.pk).update(ended_at=one.now)
    return one


def evaluation(people: dict[str, User], month: date, now: datetime) -> Evaluation:
    case = runtime.start("retention_evaluation", {"month": month.isoformat()}, by=people["gerencia1"], now=now)
    return Evaluation.objects.get(pk=case.pk)


def conclude(found: Evaluation, people: dict[str, User], now: datetime) -> None:
    task = Task.objects.get(case=found.case_id, state="open")
    data = {"conclusion": "El retiro de factura retiene; se mantiene la oferta.", "close": "on"}
    operations.complete(task.pk, by=people["gerencia1"], now=now, data=data)


def test_the_first_day_of_a_month_opens_the_evaluation_of_the_one_before(people: dict[str, User]) -> None:
    timers.start_scheduled(now=datetime(2026, 11, 30, 12, tzinfo=UTC))
    timers.start_scheduled(now=datetime(2026, 12, 1, 11, tzinfo=UTC))
    assert Evaluation.objects.filter(month_on=NOVEMBER).count() == 1
    assert Case.objects.get(evaluation__month_on=NOVEMBER).number.startswith("EVA-")


def test_a_kept_case_is_charged_to_its_offer_its_task_and_its_technician(people: dict[str, User]) -> None:
    one = kept(people)
    RetentionOffer.objects.filter(code="removal").delete()
    data = evaluation_figures.compile_month(DECEMBER, now=one.now)
    assert data["total"]["cases"] == data["total"]["kept"] == 1
    offer, task, technician = data["offers"][0], data["tasks"][0], data["technicians"][0]
    assert (offer["label"], offer["kept_percent"], offer["cost_bob"]) == ("Retiro de factura", "100.0", "189.00")
    assert (task["key"], technician["label"]) == ("drop", str(one.order.assigned_to))
    assert evaluation_figures.compile_month(NOVEMBER, now=one.now)["total"]["cases"] == 0


def test_a_courtesy_is_known_to_keep_after_30_days_without_a_baja(people: dict[str, User]) -> None:
    one = walk(people)
    Case.objects.filter(pk=one.case.pk).update(outcome="agreed", state="ended", ended_at=NOW)
    Retention.objects.filter(pk=one.case.pk).update(offer="compensation", ended_at=NOW)
    early = evaluation_figures.compile_month(NOVEMBER, now=NOW + 29 * DAY)["total"]
    assert (early["kept"], early["pending"]) == (0, 1)
    later = evaluation_figures.compile_month(NOVEMBER, now=NOW + 30 * DAY)["total"]
    assert (later["kept"], later["pending"]) == (1, 0)
    _baja(one.service, date(2026, 12, 5), 1)
    gone = evaluation_figures.compile_month(NOVEMBER, now=NOW + 30 * DAY)["total"]
    assert (gone["kept"], gone["left"]) == (0, 1)


def test_concluding_freezes_the_figures_and_keeps_the_paper(people: dict[str, User], client: Client) -> None:
    one = kept(people)
    now = datetime(2027, 1, 4, 14, tzinfo=UTC)
    found = evaluation(people, DECEMBER, now)
    conclude(found, people, now)
    found = Evaluation.objects.get(pk=found.pk)
    assert (found.concluded_by, found.data["total"]["kept"]) == (people["gerencia1"], 1)
    assert one.retention.evaluated_in == DECEMBER
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        Evaluation.objects.filter(pk=found.pk).update(conclusion="Otra cosa")
    client.force_login(people["gerencia1"])
    assert client.get(f"/retencion/evaluacion/{found.pk}.pdf").content.startswith(b"%PDF")
    checked = client.post(f"/retencion/evaluacion/{found.pk}/comprobar/", follow=True).content.decode()
    assert "da los mismos bytes" in checked
    assert "se mantiene la oferta" in client.get(f"/retencion/evaluacion/{found.pk}/").content.decode()


def test_a_policy_changed_upon_it_is_linked_and_stands_on_the_paper(people: dict[str, User], client: Client) -> None:
    found = evaluation(people, NOVEMBER, NOW - 2 * DAY)
    client.force_login(people["gerencia1"])
    address = f"/retencion/evaluacion/{found.pk}/politica/"
    values = {"code": "retention.adviser_limit_bob", "value": "180", "reason": "Muchas autorizaciones"}
    client.post(address, values)
    assert policies.get_decimal("retention.adviser_limit_bob") == 180
    change = found.changes.get()
    assert (change.before, change.after, change.by) == ("150", "180", people["gerencia1"])
    client.post(address, {**values, "code": "sales.letter_valid_days"})
    assert found.changes.count() == 1
    conclude(found, people, NOW)
    assert Evaluation.objects.get(pk=found.pk).data["changes"][0]["after"] == "180"


def test_a_change_of_an_offer_made_elsewhere_is_linked_by_hand(people: dict[str, User], client: Client) -> None:
    offer = RetentionOffer.objects.create(kind="courtesy", code="prueba", name="Cortesía de prueba", days=30)
    found = evaluation(people, NOVEMBER, NOW - 2 * DAY)
    Case.objects.filter(pk=found.case_id).update(opened_at=datetime(2026, 1, 1, tzinfo=UTC))
    offer.days = 15
    offer.save()
    client.force_login(people["gerencia1"])
    page = client.get(f"/retencion/evaluacion/{found.pk}/cambios/")
    keys = [one.key for one in page.context["seen"] if one.code == "prueba"]
    client.post(f"/retencion/evaluacion/{found.pk}/enlazar/", {"change": keys})
    assert found.changes.filter(kind="offer", code="prueba", after__contains="15").count() == 1


# ---------------------------------------------------------------- the indicator
@pytest.fixture
def services() -> list[Subscription]:
    customer = Customer.objects.create(code="C-900", given_names="Ana", surnames="Paz", registered_at=NOW)
    plan = Plan.objects.create(
        code="TVB",
        name="TV Básica",
        technology="TV",
        kind="tv",
        down_mbps=0,
        up_mbps=0,
        tariff_bob=Decimal(99),
        installation_bob=Decimal(0),
        valid_from_on=date(2025, 1, 1),
    )
    return [
        Subscription.objects.create(
            customer=customer, plan=plan, technology="TV", number=f"T{n:04}", since_on=date(2024, 1, 1)
        )
        for n in range(8)
    ]


def _baja(service: Subscription, day: date, n: int, kind: str = "requested", product: str = "tv") -> None:
    Withdrawal.objects.create(
        number=f"BAJ-{n}",
        customer=service.customer,
        subscription=service,
        product=product,
        requested_on=day,
        kind=kind,
        reason="price",
        registered_at=NOW,
    )


def test_the_indicator_counts_by_the_day_of_the_request(services: list[Subscription]) -> None:
    days = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30), date(2026, 12, 1)]
    for n, day in enumerate(days):
        _baja(services[n], day, n)
    counted = {one.month_on: one.requested for one in evaluation_figures.indicator(DECEMBER).trend[-3:]}
    assert counted == {date(2026, 10, 1): 1, NOVEMBER: 2, DECEMBER: 1}


def test_equal_is_not_met_and_arrears_do_not_count(services: list[Subscription]) -> None:
    _baja(services[0], date(2026, 10, 15), 0)
    _baja(services[1], date(2026, 11, 15), 1)
    for n in (2, 3):
        _baja(services[n], date(2026, 11, 20), n, kind="arrears")
    found = evaluation_figures.indicator(NOVEMBER)
    assert (found.month.requested, found.before.requested, found.month.arrears) == (1, 1, 2)
    assert found.month.verdict == "NO CUMPLE"
    assert evaluation_figures.indicator(DECEMBER).month.verdict == "CUMPLE"


def test_each_product_has_its_own_verdict(services: list[Subscription]) -> None:
    _baja(services[0], date(2026, 10, 15), 0, product="tv")
    _baja(services[1], date(2026, 11, 15), 1, product="internet")
    verdicts = {label: verdict for label, *_counts, verdict in evaluation_figures.indicator(NOVEMBER).products}
    assert (verdicts["Televisión"], verdicts["Internet"]) == ("CUMPLE", "NO CUMPLE")


def test_the_pages_of_the_indicator(services: list[Subscription], people: dict[str, User], client: Client) -> None:
    _baja(services[0], date(2026, 11, 15), 7)
    client.force_login(people["gerencia1"])
    page = client.get("/retencion/bajas/?mes=2026-11").content.decode()
    assert "BAJ-7" in page
    assert "NO CUMPLE" in page
    assert client.get("/retencion/bajas.xlsx?mes=2026-11").content.startswith(b"PK")
    assert client.get("/retencion/bajas/?mes=nada").status_code == 200
    assert client.get("/retencion/evaluacion/").status_code == 200


def test_nothing_is_asked_twice_for_a_longer_month(people: dict[str, User], django_assert_max_num_queries: Any) -> None:
    kept(people)
    with django_assert_max_num_queries(11):
        evaluation_figures.compile_month(DECEMBER, now=NOW + timedelta(days=60))
