"""Texts that go out: written anew with the fields that there are, seen first, used by what is sent, taken back."""

import subprocess

import pytest
from django.test import Client
from tests.integration.administration.conftest import person

from thaki.people import texts
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.people.texts import Kind
from thaki.procedures.sales import letter_request

pytestmark = pytest.mark.django_db
CODE = "sales.mail.invoice"
PAGE = f"/administracion/textos/{CODE}/"
WORDS = {"subject": "Factura de {cooperativa}", "body": "Hola {cliente}.\n{nota}\nGracias.", "reason": "Más breve"}


def sent() -> str:
    return texts.compose(CODE, {"cliente": "Ana", "cooperativa": "COMTECO"})


def test_the_shipped_words_go_out_until_somebody_writes_others(client: Client, admin: User) -> None:
    assert sent().startswith("Estimado(a) Ana:")
    client.post(PAGE, WORDS)
    assert sent() == "Hola Ana.\nGracias."
    assert texts.compose(CODE, {"cooperativa": "COMTECO"}, "subject") == "Factura de COMTECO"


def test_an_unknown_field_is_refused_by_name_with_those_that_there_are(client: Client, admin: User) -> None:
    page = client.post(PAGE, WORDS | {"body": "Hola {clienta}"})
    assert page.status_code == 422
    told = page.content.decode()
    assert "No existe el campo {clienta}" in told and "{cliente}" in told and "Hola {clienta}" in told
    assert "llave sin pareja" in client.post(PAGE, WORDS | {"body": "Hola {cliente"}).content.decode()


def test_a_text_can_do_nothing_but_name_fields(client: Client, admin: User) -> None:
    for attack in ("{cliente.password}", "{cliente!r}", "{{ settings.SECRET_KEY }}", "{% debug %}"):
        assert client.post(PAGE, WORDS | {"body": attack}).status_code == 422
    client.post(PAGE, WORDS | {"body": "<script>alert(1)</script> {cliente}"})
    assert "<script>alert(1)" not in client.get(PAGE).content.decode()


def test_it_is_seen_before_it_is_kept(client: Client, admin: User) -> None:
    page = client.post(PAGE, WORDS | {"preview": "1", "reason": ""}).content.decode()
    assert "Hola María Elena Rojas Vargas." in page
    assert sent().startswith("Estimado(a)")
    told = client.post(PAGE, WORDS | {"preview": "1", "case": "GVD-1999-000001"}).content.decode()
    assert "No hay un caso GVD-1999-000001" in told


def test_the_shipped_words_come_back_and_the_others_stay_in_the_history(client: Client, admin: User) -> None:
    client.post(PAGE, WORDS)
    client.post(f"{PAGE}restaurar/")
    assert sent().startswith("Estimado(a)")
    page = client.get(PAGE).content.decode()
    assert "Más breve" in page and "Se restaura el texto original" in page and "admin" in page


def test_a_change_says_why(client: Client, admin: User) -> None:
    assert "Indique el motivo" in client.post(PAGE, WORDS | {"reason": " "}).content.decode()


def test_every_text_is_whole_with_its_samples(client: Client) -> None:
    client.force_login(person("canales", Role.RESPONSABLE_CANALES_DIGITALES))
    for known in texts.definitions():
        filled = texts.fill(known.body, texts.sample(known))
        assert "{" not in filled and filled
        assert client.get(f"/administracion/textos/{known.code}/").status_code == 200
    assert {known.kind for known in texts.definitions()} == set(Kind)


# ---------------------------------------------------------------------- letters
LETTERS = ("commercial_opening", "commercial_closing", "request_body", "request_notice")


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_is_seen_on_paper_with_words_that_are_not_kept_yet(client: Client, admin: User, name: str) -> None:
    address = f"/administracion/textos/sales.letter.{name}/"
    seen = client.post(address, {"body": "Palabras de prueba de {cooperativa}.", "pdf": "1"})
    assert seen["Content-Type"] == "application/pdf"
    assert "Palabras de prueba de" in on_paper(seen.content)
    assert "Palabras de prueba" not in texts.current(f"sales.letter.{name}")


def test_a_letter_names_the_case_that_it_cannot_be_seen_with(client: Client, admin: User) -> None:
    address = "/administracion/textos/sales.letter.request_body/"
    told = client.post(address, {"body": "Hola {cliente}", "pdf": "1", "case": "GVD-1999-000001"})
    assert told.status_code == 422 and "No hay un caso GVD-1999-000001" in told.content.decode()


def test_the_letter_of_request_leaves_a_line_where_something_is_not_known() -> None:
    found = letter_request.pieces("Yo, {cliente}, de {cooperativa_corta}, pido {plan}.", {"cliente": "Ana Rojas"})
    assert [piece.get("blank", piece.get("text")) for piece in found] == [
        "Yo, ", "Ana Rojas", ", de ", "COMTECO", ", pido ", "", "."
    ]  # fmt: skip


def on_paper(content: bytes) -> str:
    """What a PDF says."""
    return subprocess.run(["pdftotext", "-", "-"], input=content, capture_output=True, check=True).stdout.decode()
