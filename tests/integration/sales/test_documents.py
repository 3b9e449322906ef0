"""Which documents of a sale each role opens: those that its own steps work with."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from tests.integration.sales.billing import picture
from tests.integration.sales.conftest import Walk

from thaki.cases import operations, permissions
from thaki.people.models import User
from thaki.procedures.sales.documents import READERS
from thaki.records.documents import operations as store
from thaki.records.documents.models import Document
from thaki.web.names import UPLOADS

EVERYBODY = ("ejecutivo1", "helpdesk1", "cobranzas1", "cajero1", "facturacion1", "canales1", "ventas1", "jefeventas1")
SUPERVISORS = {"canales1", "ventas1", "jefeventas1"}
OPENED_BY = {
    "ci": {"ejecutivo1"},
    "ubicacion": {"ejecutivo1", "helpdesk1"},
    "carta_solicitud": {"ejecutivo1"},
    "carta_comercial": {"ejecutivo1"},
    "comprobante": {"ejecutivo1", "cobranzas1"},
    "factura": {"ejecutivo1", "cobranzas1", "cajero1", "facturacion1"},
    "contrato": {"ejecutivo1", "facturacion1"},
    "otro": {"ejecutivo1"},
    "desconocido": set[str](),  # a kind that nobody thought of is the supervisors' alone
}


def document(walk: Walk, kind: str, by: User | None = None) -> Document:
    """A document of the case, from the customer unless `by` brought it."""
    file = ContentFile(picture().read(), name=f"{kind}.png")
    stored = store.store(file, name=file.name or kind, kind=kind, by=by, now=walk.now)
    operations.attach(walk.case, stored, kind, by=by, now=walk.now)
    return stored


def as_(user: User) -> Client:
    """A browser in which the person has signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("kind", OPENED_BY)
def test_a_kind_is_opened_by_whose_work_needs_it(walk: Walk, people: dict[str, User], kind: str) -> None:
    found = {name for name in EVERYBODY if permissions.can_open(people[name], walk.case, kind)}
    assert found == OPENED_BY[kind] | SUPERVISORS


def test_every_kind_of_paper_has_its_readers() -> None:
    assert set(READERS) >= set(UPLOADS)
    assert set(OPENED_BY) - {"desconocido"} == set(READERS)


def test_who_looks_after_the_house_does_not_read_identity_cards(walk: Walk) -> None:
    admin = User.objects.create_user(username="admin1", roles=["administrador"])
    assert permissions.can_see_case(admin, walk.case)
    assert not permissions.can_open(admin, walk.case, "ci")


def test_a_refusal_is_a_page_in_plain_words(walk: Walk, people: dict[str, User]) -> None:
    card = document(walk, "ci")
    answer = as_(people["cajero1"]).get(f"/documentos/{card.pk}/")
    assert answer.status_code == 403
    assert "Ejecutivo de Ventas Digitales" in answer.content.decode()
    assert as_(people["ejecutivo1"]).get(f"/documentos/{card.pk}/").status_code == 200


def test_it_is_listed_without_name_and_link(walk: Walk, people: dict[str, User]) -> None:
    card = document(walk, "ci")
    for path in (f"/casos/{walk.case.number}/documentos/", f"/casos/{walk.case.number}/"):
        shown = as_(people["helpdesk1"]).get(path).content.decode()
        assert "Carnet de identidad" in shown
        assert f"/documentos/{card.pk}/" not in shown and card.name not in shown


def test_who_brought_a_document_may_open_it(walk: Walk, people: dict[str, User]) -> None:
    brought = document(walk, "otro", by=people["cobranzas1"])
    assert as_(people["cobranzas1"]).get(f"/documentos/{brought.pk}/").status_code == 200
    assert as_(people["helpdesk1"]).get(f"/documentos/{brought.pk}/").status_code == 403


def test_who_has_no_part_in_the_case_does_not_learn_of_it(walk: Walk) -> None:
    stranger: Any = User.objects.create_user(username="tecnico1", roles=["tecnico_multiservicios"])
    assert as_(stranger).get(f"/documentos/{document(walk, 'ci').pk}/").status_code == 404


def test_the_letter_of_request_is_the_executives(walk: Walk, people: dict[str, User]) -> None:
    path = reverse("sales_billing:letter_model", args=[walk.case.number])
    assert as_(people["cajero1"]).get(path).status_code == 403
    assert as_(people["ejecutivo1"]).get(path)["Content-Type"] == "application/pdf"
