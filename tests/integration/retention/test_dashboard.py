"""The dashboard of those who keep customers: each part is counted, and leads to its list."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.integration.retention.operating import everybody

from thaki.people.models import User
from thaki.web.dashboard import parts

pytestmark = pytest.mark.django_db
PARTS = {
    "supervisor1": {"orders"},
    "retencion1": {"kept", "orders"},
    "gerencia1": {"bajas", "kept"},
    "facturacion1": {"billing_claims"},
    "solicitudes1": {"requests_inbox"},
    "soluciones1": {"incidents_inbox"},
}


@pytest.fixture
def people() -> dict[str, User]:
    parts.forget()
    return everybody()


@pytest.mark.parametrize("login", PARTS)
def test_each_post_has_its_parts(people: dict[str, User], client: Client, login: str) -> None:
    assert {part.key for part in parts.shared(people[login])} >= PARTS[login]
    client.force_login(people[login])
    for key in sorted(PARTS[login]):
        assert client.get(f"/tablero/parte/{key}/").status_code == 200
