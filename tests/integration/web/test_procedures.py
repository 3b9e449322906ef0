"""The procedures' pages: what was signed, what is ours, and a new version brought in by the owner."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.toy.procedure import HERE

from thaki.cases import versions
from thaki.cases.models import ProcedureVersion
from thaki.people.models import User
from thaki.web.reading import differences

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TOY = (HERE / "toy.bpmn").read_text()


@pytest.fixture
def owner(person: Callable[..., User]) -> User:
    """Gestión de Calidad y Desempeño."""
    return person("silvia", "gestion_calidad")


@pytest.fixture
def sales(db: None) -> None:
    """The shipped procedures are in force."""
    versions.forget()
    versions.seed(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))


def bring(client: Client, text: str, note: str = "Cambia el paso 1") -> object:
    file = SimpleUploadedFile("toy.bpmn", text.encode(), content_type="application/xml")
    return client.post("/procedimientos/toy/versiones/nueva/", {"file": file, "note": note})


def test_it_shows_the_signed_steps_with_their_numbers_and_what_is_ours(as_: SignIn, ana: User, sales: None) -> None:
    page = as_(ana).get("/procedimientos/sales/").content.decode()
    for number in range(1, 26):
        assert f'id="paso-{number}"' in page
    for text in ("Objetivo", "Carta Comercial", "R-A3", "Lectura nuestra", "Volumen de facturación", "thaki rehearse"):
        assert text in page


def test_the_list_names_every_procedure(as_: SignIn, ana: User, sales: None) -> None:
    assert "Gestión de Ventas Digitales" in as_(ana).get("/procedimientos/").content.decode()


def test_a_procedure_that_there_is_not_is_404(as_: SignIn, ana: User) -> None:
    assert as_(ana).get("/procedimientos/otro/").status_code == 404


def test_the_file_is_given_byte_for_byte(as_: SignIn, ana: User) -> None:
    answer = as_(ana).get("/procedimientos/toy/1.bpmn")
    assert answer.content.decode() == TOY
    assert answer["Content-Type"].startswith("application/xml")


def test_the_owner_brings_in_a_version_and_puts_it_in_force(as_: SignIn, owner: User) -> None:
    client = as_(owner)
    bring(client, TOY.replace('name="Pregunta"', 'name="Saluda y pregunta"'))
    page = client.get("/procedimientos/toy/versiones/2/").content.decode()
    assert "Saluda y pregunta" in page
    assert "no encontró problemas" in page
    client.post("/procedimientos/toy/versiones/2/publicar/")
    states = dict(ProcedureVersion.objects.filter(code="toy").values_list("number", "state"))
    assert states == {1: "retired", 2: "published"}


def test_a_version_that_would_leave_cases_stuck_is_not_put_in_force(as_: SignIn, owner: User) -> None:
    client = as_(owner)
    bring(
        client,
        TOY.replace('name="Revisa" thaki:step="2"', 'name="Revisa" thaki:step="2" thaki:handler="toy.x"', 1).replace(
            ' thaki:handler="toy.check"', ""
        ),
    )
    assert "La revisión encontró" in client.get("/procedimientos/toy/versiones/2/").content.decode()
    assert client.post("/procedimientos/toy/versiones/2/publicar/").status_code == 409
    assert ProcedureVersion.objects.get(code="toy", number=2).state == "draft"


@pytest.mark.parametrize(
    "text",
    [
        "no es XML",
        "<a/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
        TOY.replace('<bpmn:process id="toy"', '<bpmn:process id="x"'),
    ],
)
def test_a_file_that_is_no_procedure_is_refused_beside_the_field(as_: SignIn, owner: User, text: str) -> None:
    answer = bring(as_(owner), text)
    assert answer.status_code == 422  # type: ignore[attr-defined]  # the test client's response
    assert ProcedureVersion.objects.filter(code="toy").count() == 1


def test_others_read_but_do_not_publish(as_: SignIn, ana: User) -> None:
    client = as_(ana)
    assert "dueña de los procedimientos" in client.get("/procedimientos/toy/versiones/").content.decode()
    assert bring(client, TOY).status_code == 403  # type: ignore[attr-defined]  # the test client's response
    assert client.post("/procedimientos/toy/versiones/1/publicar/").status_code == 403


def test_differences_are_told_as_an_owner_would() -> None:
    before = versions.parse(TOY.encode(), "toy")
    after = versions.parse(TOY.replace('verdict == "yes"', 'verdict != "no"').encode(), "toy")
    [change] = differences(before, after)
    assert (change.kind, change.what, change.label) == ("changed", "way", "¿Hay capacidad? → Split")
    assert (change.before, change.after) == ('Verdict → Split [verdict == "yes"]', 'Verdict → Split [verdict != "no"]')


def test_a_renamed_step_is_one_difference() -> None:
    before = versions.parse(TOY.encode(), "toy")
    after = versions.parse(TOY.replace('name="Revisa"', 'name="Revisa bien"').encode(), "toy")
    [change] = differences(before, after)
    assert (change.what, change.before, change.after) == ("name", "Revisa", "Revisa bien")
