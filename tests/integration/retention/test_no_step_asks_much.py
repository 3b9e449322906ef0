"""No step of the adviser or the Responsable asks the database more than fifteen times, whatever the customer has."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.retention.deciding import DAMAGED, Decided, ground
from tests.integration.test_query_counts import MOST, questions

from thaki.cases.models import Task
from thaki.people.models import User

pytestmark = pytest.mark.django_db
SERVICES = [{"plan": "FO60", "number": "44990001"}, {"plan": "TEL", "number": "44990002"}]
CLAIM = {"service": 1, "days_ago": 12, "fault": "cuts", "solved_days_ago": 11}
MUCH: dict[str, Any] = {
    "services": SERVICES,
    "claims": [CLAIM],
    "bills": [{"service": 0, "months_ago": month, "amount_bob": "189.00"} for month in range(4)],
}
Counts = dict[str, int]


@pytest.fixture
def people(settings: Any, tmp_path: Any) -> dict[str, User]:
    settings.DATA_DIR = tmp_path
    return ground()


def look(one: Decided, node: str, login: str = "asesor1") -> Counts:
    """How often a step's page and the case's, which shows the step too, ask."""
    task = Task.objects.get(case=one.case, node=node, state="open")
    client = Client()
    client.force_login(one.people[login], backend="django.contrib.auth.backends.ModelBackend")
    pages = {node: reverse("task", args=[task.pk]), f"case at {node}": reverse("case", args=[one.case.number])}
    return {name: questions(client, page) for name, page in pages.items()}


def too_many(counts: Counts) -> Counts:
    return {name: count for name, count in counts.items() if count > MOST}


def test_on_the_way_of_the_damage(people: dict[str, User]) -> None:
    one = Decided(people, MUCH | {"claims": [*DAMAGED, CLAIM]})
    counts = look(one, "Step_1")
    one.does("Step_1", motives=["competitor"])
    counts |= look(one, "Step_2")
    one.does("Step_2", subscription="44990001")
    counts |= look(one, "Step_3")
    one.does("Step_3", answer="removal", mobile="79999903")
    counts |= look(one, "Step_4")
    one.does("Step_4")
    counts |= look(one, "Step_5")
    assert too_many(counts) == {}


def test_on_the_way_of_the_petition(people: dict[str, User]) -> None:
    one = Decided(people, MUCH)
    one.does("Step_1", motives=["competitor"])
    one.does("Step_2", subscription="44990001")
    counts = look(one, "Step_11")
    one.does("Step_11", motives=["competitor"])
    counts |= look(one, "Step_14")
    one.does("Step_14", answer="refused", refusal_reason="competitor", next_offer="compensation")
    counts |= look(one, "Step_12")
    one.does("Step_12", answer="accepted", days="10")
    counts |= look(one, "Step_13")
    assert too_many(counts) == {}


def test_where_no_offer_may_be_made(people: dict[str, User]) -> None:
    one = Decided(people, MUCH | {"arrears": ["44000009"], "risk": "Banco Ensayo"})
    one.does("Step_1", motives=["competitor"])
    counts = look(one, "Confirm_Request")
    one.does("Confirm_Request", request="exception", exception_reason="Cliente de años")
    counts |= look(one, "Authorise_Exception", "retencion1")
    assert too_many(counts) == {}


def test_at_his_reception(people: dict[str, User]) -> None:
    one = Decided(people, MUCH)
    client = Client()
    client.force_login(people["asesor1"], backend="django.contrib.auth.backends.ModelBackend")
    address = f"{reverse('retention:receive')}?cliente={one.retention.customer_id}"
    assert questions(client, address) <= MOST
