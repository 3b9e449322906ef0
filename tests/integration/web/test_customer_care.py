"""A customer's claims on his page: what they come to, registering one, following it up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from thaki.people.models import User
from thaki.records.billing.operations import service as billing
from thaki.records.claims import operations
from thaki.records.claims.models import Claim
from thaki.records.courtesies import operations as courtesies
from thaki.records.customers.models import Customer, Subscription
from thaki.records.offers.models import Plan
from thaki.records.withdrawals import operations as withdrawals

pytestmark = pytest.mark.django_db
Browser = Callable[..., Client]


@pytest.fixture
def browser() -> Browser:
    """A browser of somebody with that role."""

    def signed_in(role: str = "asesor_comercial") -> Client:
        cache.clear()
        client = Client()
        user = User.objects.create_user(role, roles=[role])
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def line() -> Subscription:
    plan = Plan.objects.create(
        code="FO60", name="Fibra 60", technology="FO", kind="internet", down_mbps=60, up_mbps=30, tariff_bob=189,
        valid_from_on=date(2026, 1, 1),
    )  # fmt: skip
    customer = Customer.objects.create(code="S-1", given_names="Juan", surnames="Quispe", registered_at=timezone.now())
    return Subscription.objects.create(
        customer=customer, plan=plan, number="4251234", technology="FO", since_on=date(2025, 1, 10)
    )


def claimed(line: Subscription, days: int) -> Claim:
    now = timezone.now()
    at = now - timedelta(days=days)
    return operations.register(customer=line.customer, subscription=line, fault="cuts", claimed_at=at, by=None, now=now)


def page(client: Client, line: Subscription, part: str = "reclamos/") -> str:
    answer = client.get(f"/clientes/{line.customer_id}/{part}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_has_no_claims_sees_that(browser: Browser, line: Subscription) -> None:
    assert "No hay reclamos registrados." in page(browser(), line)


def test_repeated_damage_is_said_with_the_claims_that_make_it(browser: Browser, line: Subscription) -> None:
    first, second = claimed(line, 12), claimed(line, 2)
    said = page(browser(), line)
    assert "Daño reiterado: 2 reclamos en 10 días." in said
    assert first.number in said
    assert f"El último reclamo ({second.number}) sigue sin solución." in said


def test_everything_that_was_done_for_him_stands_together(browser: Browser, line: Subscription) -> None:
    now = timezone.now()
    courtesies.give(
        customer=line.customer,
        subscription=line,
        kind="max",
        name="Línea Max",
        days=30,
        case_ref="RET-1",
        by=None,
        now=now,
    )
    made = withdrawals.register(customer=line.customer, subscription=line, reason="moving", by=None, now=now)
    said = page(browser(), line)
    assert "Línea Max" in said
    assert made.number in said
    billing.issue_service_bills(timezone.localdate(), today=timezone.localdate())
    assert "Facturas de sus servicios" in page(browser("division_facturacion"), line, "dinero/")


def test_a_claim_is_registered_from_the_page(browser: Browser, line: Subscription) -> None:
    client = browser()
    values = {"subscription": line.pk, "fault": "slow", "source": "phone", "description": "Lento de noche"}
    answer = client.post(f"/clientes/{line.customer_id}/reclamos/nuevo/", values)
    assert answer.status_code == 302
    claim = Claim.objects.get()
    assert (claim.fault, claim.registered_by) == ("slow", User.objects.get())
    assert claim.number in page(client, line)


def test_a_claim_in_the_future_is_refused_beside_its_field(browser: Browser, line: Subscription) -> None:
    client = browser()
    tomorrow = timezone.localtime() + timedelta(days=1)
    values = {"subscription": line.pk, "fault": "slow", "source": "phone", "claimed_at": f"{tomorrow:%Y-%m-%dT%H:%M}"}
    answer = client.post(f"/clientes/{line.customer_id}/reclamos/nuevo/", values)
    assert answer.status_code == 422
    assert "no puede ser futura" in answer.content.decode()
    assert not Claim.objects.exists()


def test_who_has_no_service_has_nothing_to_claim_on(browser: Browser, line: Subscription) -> None:
    Subscription.objects.update(status="withdrawn", ended_on=date(2026, 1, 1))
    assert "No tiene servicios activos" in page(browser(), line, "reclamos/nuevo/")


def test_a_claim_is_said_again_solved_and_reopened(browser: Browser, line: Subscription) -> None:
    client, claim = browser(), claimed(line, 3)
    address = f"/clientes/{line.customer_id}/reclamos/{claim.pk}/"
    client.post(f"{address}reiterar/", {"note": "Sigue"})
    client.post(f"{address}solucionar/", {"note": "Cambio de drop"})
    claim.refresh_from_db()
    assert (claim.solution, claim.reiterations.count()) == ("Cambio de drop", 1)
    client.post(f"{address}reabrir/", {"note": "Volvió"})
    claim.refresh_from_db()
    assert claim.is_open


def test_what_cannot_be_done_says_why(browser: Browser, line: Subscription) -> None:
    client, claim = browser(), claimed(line, 3)
    answer = client.post(f"/clientes/{line.customer_id}/reclamos/{claim.pk}/solucionar/", {"note": " "}, follow=True)
    assert "Indique cómo se solucionó." in answer.content.decode()
    assert client.post(f"/clientes/{line.customer_id}/reclamos/{claim.pk}/borrar/").status_code == 404
    assert client.post(f"/clientes/{line.customer_id + 1}/reclamos/{claim.pk}/reabrir/").status_code == 404


def test_who_only_reads_is_offered_nothing_to_change(browser: Browser, line: Subscription) -> None:
    claimed(line, 3)
    assert "Reiterar" not in page(browser("division_facturacion"), line)
