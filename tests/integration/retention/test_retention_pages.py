"""Receiving a customer, and what Gerencia Comercial decides, on their pages."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.retention.deciding import NOW, Decided, ground

from thaki.cases.models import Case, Task
from thaki.people.models import User
from thaki.procedures.retention.models import GlosaVariant, Retention, RetentionOffer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings: Any, tmp_path: Any) -> dict[str, User]:
    settings.DATA_DIR = tmp_path
    found = ground()
    return found | {"gerencia1": User.objects.create_user("gerencia1", roles=["gerencia_comercial"])}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def closed(people: dict[str, User]) -> Retention:
    """A customer whose retention is over."""
    one = Decided(people, now=NOW - timedelta(days=90))
    Case.objects.filter(pk=one.case.pk).update(state="cancelled", ended_at=one.now)
    return one.retention


@pytest.mark.parametrize("asked", ["79999903", "9900000003", "44990001", "zurita zub"])
def test_he_is_found_by_telephone_card_service_and_name(people: dict[str, User], asked: str) -> None:
    closed(people)
    page = signed_in(people["asesor1"]).get(reverse("retention:receive"), {"q": asked})
    assert "Zurita" in page.content.decode()


def test_his_case_opens_at_step_1_in_the_hands_of_who_received_him(people: dict[str, User]) -> None:
    customer = closed(people).customer_id
    client = signed_in(people["asesor1"])
    shown = client.get(reverse("retention:receive"), {"cliente": customer})
    assert "Abrir su caso" in shown.content.decode()
    client.post(reverse("retention:receive"), {"cliente": customer, "submission_key": "k1"})
    client.post(reverse("retention:receive"), {"cliente": customer, "submission_key": "k1"})
    task = Task.objects.get(state="open", case__state="open")
    assert (task.node, task.assignee) == ("Step_1", people["asesor1"])


def test_a_second_adviser_is_led_to_the_open_case(people: dict[str, User]) -> None:
    one = Decided(people)
    client = signed_in(people["asesor2"])
    assert (
        one.case.number
        in client.get(reverse("retention:receive"), {"cliente": one.retention.customer_id}).content.decode()
    )
    led = client.post(reverse("retention:receive"), {"cliente": one.retention.customer_id})
    assert led["Location"] == reverse("case", args=[one.case.number])


def test_gerencia_changes_an_offer_and_its_history_says_who(people: dict[str, User]) -> None:
    offer = RetentionOffer.objects.get(code="go_on_tv")
    client = signed_in(people["gerencia1"])
    address = reverse("retention:offer_edit", args=["oferta", offer.pk])
    data = {"kind": "courtesy", "name": offer.name, "days": 45, "cost_bob": "31,50", "position": 4, "active": "on"}
    assert client.post(address, data).status_code == 302
    offer.refresh_from_db()
    assert (offer.days, str(offer.cost_bob)) == (45, "31.50")
    page = client.get(address).content.decode()
    assert "30 → 45" in page
    assert "gerencia1" in page


def test_the_responsable_approves_the_glosa_once(people: dict[str, User]) -> None:
    GlosaVariant.objects.all().delete()
    signed_in(people["gerencia1"]).post(reverse("retention:glosa"), {"text": "COMPENSACION {MES} {CELULAR}"})
    variant = GlosaVariant.objects.get()
    signed_in(people["retencion1"]).post(reverse("retention:approve_glosa", args=[variant.pk]))
    variant.refresh_from_db()
    assert variant.approved_by == people["retencion1"]


def test_a_glosa_names_month_and_telephone(people: dict[str, User]) -> None:
    page = signed_in(people["gerencia1"]).post(reverse("retention:glosa"), {"text": "SIN NADA"})
    assert page.status_code == 422


def test_gerencia_decides_the_limits_of_the_retention_and_no_others(people: dict[str, User]) -> None:
    client = signed_in(people["gerencia1"])
    ours = reverse("people:policy_change", args=["retention.adviser_limit_bob"])
    others = reverse("people:policy_change", args=["sales.letter_valid_days"])
    assert client.post(ours, {"value": "180", "reason": "Evaluación de octubre"}).status_code == 302
    assert client.post(others, {"value": "20", "reason": "x"}).status_code == 403


def test_every_step_s_page_opens(people: dict[str, User]) -> None:
    one = Decided(people, {"claims": [{"days_ago": 12}, {"days_ago": 3}]})
    client = signed_in(people["asesor1"])
    for node, answer in (
        ("Step_1", {}),
        ("Step_2", {"subscription": "44990001"}),
        ("Step_3", {"answer": "removal", "mobile": "79999903"}),
        ("Step_4", {}),
        ("Step_5", {"mobile": "79999903"}),
    ):
        task = Task.objects.get(case=one.case, node=node, state="open")
        assert client.get(reverse("task", args=[task.pk])).status_code in (200, 302)
        one.does(node, **answer)
