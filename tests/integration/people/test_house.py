"""Whom the customer deals with is the cooperative, by policy; Thaki is the tool of its staff."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from thaki.people import house, policies
from thaki.people.models import User
from thaki.reporting import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin() -> User:
    """Who may change policies."""
    return User.objects.create_user(username="admin1", roles=["administrador"])


def rename(admin: User, name: str) -> None:
    """The cooperative has another name from now on."""
    policies.set(house.NAME, name, by=admin, reason="Cambio de nombre", now=timezone.now())


@pytest.mark.parametrize("path", ["/contratar/", "/no-existe/"])
def test_a_customers_page_bears_the_cooperative_and_not_the_tool(client: Client, path: str) -> None:
    page = client.get(path, follow=True).content.decode()
    assert "COMTECO R.L." in page
    assert "Thaki" not in page


def test_the_name_is_a_policy(client: Client, admin: User) -> None:
    rename(admin, "Cooperativa de Prueba Ltda.")
    page = client.get("/contratar/").content.decode()
    assert "Cooperativa de Prueba Ltda." in page
    assert "COMTECO" not in page


def test_a_paper_bears_the_name_of_today_unless_it_was_frozen_with_another(admin: User) -> None:
    data: dict[str, Any] = {"at": "21/11/2026 14:05", "asked": "todas", "rows": [], "by_reason": []}
    before, kept = pdf.render("sales/no_atendidas.typ", data), house.words()
    rename(admin, "Cooperativa de Prueba Ltda.")
    assert pdf.render("sales/no_atendidas.typ", data) != before
    assert pdf.render("sales/no_atendidas.typ", {**data, "house": kept}) == before


def test_staff_pages_keep_the_tools_name(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert "Thaki" in client.get("/no-existe/").content.decode()
