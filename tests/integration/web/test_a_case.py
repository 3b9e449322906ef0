"""The pages of a case: where it stands, its history in words, its documents, its diagram, pauses and the end."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook
from tests.integration.web.conftest import done, task_at

from thaki.cases import effects, operations
from thaki.cases.models import Case, CaseDocument, Effect
from thaki.people.models import User

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def url(case: Case, more: str = "") -> str:
    return f"/casos/{case.number}/{more}"


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return SimpleUploadedFile("carnet.png", out.getvalue(), content_type="image/png")


def test_it_opens_with_the_step_that_its_reader_may_do(as_: SignIn, ana: User, case: Case) -> None:
    assert 'name="wish"' in as_(ana).get(url(case)).content.decode()


def test_it_says_who_has_it_to_who_may_not(as_: SignIn, hugo: User, case: Case) -> None:
    page = as_(hugo).get(url(case)).content.decode()
    assert "en la cola de Ejecutivo de Ventas Digitales" in page
    assert 'name="wish"' not in page


def test_the_stepper_tells_done_current_and_to_come(as_: SignIn, ana: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    steps = as_(ana).get(url(case)).context["steps"]
    assert [(step.number, step.state) for step in steps][:3] == [("1", "done"), ("2", "current"), ("3", "ahead")]


def test_an_ended_case_says_how(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    done(case, "Check", hugo, verdict="no")
    page = as_(ana).get(url(case)).content.decode()
    assert "Sin capacidad" in page
    assert "Este caso terminó" in page


def test_a_case_that_waits_for_the_system_says_so(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    done(case, "Check", hugo, verdict="yes")
    steps = {step.number: step.state for step in as_(ana).get(url(case)).context["steps"]}
    assert steps["3"] == "current"


def test_the_history_is_in_words(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    operations.claim(task_at(case, "Check").pk, by=hugo, now=timezone.now())
    page = as_(ana).get(url(case, "historia/")).content.decode()
    assert "Completó «1. Pregunta»" in page
    assert "Tomó «2. Revisa»" in page
    assert "Se abrió el caso" in page


def test_facts_in_the_history_have_their_words(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    done(case, "Check", hugo, verdict="yes")
    assert "Veredicto: sí" in as_(ana).get(url(case, "historia/")).content.decode()


def test_every_kind_of_event_has_its_sentence() -> None:
    from thaki.cases.models import HistoryEvent
    from thaki.web import narration

    assert {str(kind) for kind in HistoryEvent.Kind} == {str(kind) for kind in narration.LOOKS}


def test_the_diagram_tells_where_the_case_is(as_: SignIn, ana: User, case: Case) -> None:
    done(case, "Ask", ana, wish="internet")
    client = as_(ana)
    state = client.get(url(case, "diagrama.json")).json()
    assert state["nodes"]["Ask"]["state"] == "done"
    assert state["nodes"]["Check"]["state"] == "current"
    assert state["nodes"]["Check"]["url"] == f"/tareas/{task_at(case, 'Check').pk}/"
    assert "Flow_2" in state["flows"]
    assert state["focus"] == "Check"
    assert "case-diagram" in client.get(url(case, "diagrama/")).content.decode()


def test_the_diagram_marks_an_incident(as_: SignIn, ana: User, hugo: User, case: Case) -> None:
    from tests.toy import procedure as toy

    from thaki.cases.registry import EffectError

    done(case, "Ask", ana, wish="internet")
    done(case, "Check", hugo, verdict="yes")
    toy.TROUBLE.append(EffectError("la caja no responde", retry=False))
    effects.run(Effect.objects.get(kind="toy.invoice").pk, now=timezone.now())
    assert as_(ana).get(url(case, "diagrama.json")).json()["nodes"]["Bill"]["state"] == "incident"


def test_a_document_is_attached_and_served_harmless(as_: SignIn, ana: User, case: Case) -> None:
    client = as_(ana)
    assert client.post(url(case, "documentos/"), {"file": picture(), "kind": "ci"}).status_code == 302
    link = CaseDocument.objects.get(case=case)
    served = client.get(f"/documentos/{link.document_id}/")
    assert served["Content-Type"] == "image/png"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served["Content-Security-Policy"]
    saved = client.get(f"/documentos/{link.document_id}/?descargar=1")
    assert saved["Content-Disposition"].startswith("attachment")
    assert "Carnet de identidad" in client.get(url(case, "documentos/")).content.decode()


def test_a_hostile_file_is_refused_beside_the_field(as_: SignIn, ana: User, case: Case) -> None:
    upload = SimpleUploadedFile("carnet.png", b"<script>alert(1)</script>", content_type="image/png")
    answer = as_(ana).post(url(case, "documentos/"), {"file": upload, "kind": "ci"})
    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert not CaseDocument.objects.exists()


def test_a_document_is_not_there_for_who_may_not_see_its_case(
    as_: SignIn, ana: User, person: Callable[..., User], case: Case
) -> None:
    as_(ana).post(url(case, "documentos/"), {"file": picture(), "kind": "ci"})
    link = CaseDocument.objects.get(case=case)
    assert as_(person("tito", "tecnico_multiservicios")).get(f"/documentos/{link.document_id}/").status_code == 404


def test_who_supervises_pauses_and_resumes(as_: SignIn, rita: User, case: Case) -> None:
    client = as_(rita)
    client.post(url(case, "pausa/"), {"reason": "Falta la dirección"})
    assert "en pausa" in client.get(url(case)).content.decode()
    client.post(url(case, "reanudar/"))
    case.refresh_from_db()
    assert case.state == "open"


def test_who_supervises_cancels_with_a_reason(as_: SignIn, rita: User, case: Case) -> None:
    client = as_(rita)
    assert client.post(url(case, "anular/"), {"reason": ""}).status_code == 422
    client.post(url(case, "anular/"), {"reason": "Duplicado"})
    case.refresh_from_db()
    assert case.state == "cancelled"
    assert "Duplicado" in client.get(url(case, "historia/")).content.decode()


@pytest.mark.parametrize("what", ["pausa/", "anular/"])
def test_others_may_not(as_: SignIn, ana: User, case: Case, what: str) -> None:
    assert as_(ana).post(url(case, what), {"reason": "porque sí"}).status_code == 403
    case.refresh_from_db()
    assert case.state == "open"


def test_a_small_question_is_only_its_form_for_a_dialog(as_: SignIn, rita: User, case: Case) -> None:
    client = as_(rita)
    page = client.get(url(case, "pausa/"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'name="reason"' in page
    answer = client.post(url(case, "pausa/"), {"reason": "x"}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == url(case)


def test_an_action_that_there_is_not_leads_back(as_: SignIn, ana: User, case: Case) -> None:
    assert as_(ana).get(url(case, "hacer/toy.nothing/"))["Location"] == url(case)


@pytest.mark.parametrize("text", ["monica", "PEÑARANDA mon", "{number}", "{short}", "{count}", "{year}"])
def test_a_case_is_found_by_what_people_know(as_: SignIn, ana: User, case: Case, text: str) -> None:
    text = text.format(
        number=case.number.lower(), short=case.number[-6:], count=int(case.number[-6:]), year=case.number[4:]
    )
    page = as_(ana).get("/casos/", {"q": text, "procedimiento": "toy"})
    assert [row.number for row in page.context["page"].rows] == [case.number]


def test_the_list_says_at_which_step_a_case_stands(as_: SignIn, ana: User, case: Case) -> None:
    page = as_(ana).get("/casos/?procedimiento=toy")
    assert [task.node for row in page.context["page"].rows for task in row.standing] == ["Ask"]


def test_the_list_shows_only_procedures_of_mine(as_: SignIn, person: Callable[..., User], case: Case) -> None:
    page = as_(person("tito", "tecnico_multiservicios")).get("/casos/")
    assert page.context["page"].rows == []


def test_the_list_is_given_as_a_workbook(as_: SignIn, ana: User, case: Case) -> None:
    book = as_(ana).get("/casos/exportar/?procedimiento=toy")
    assert book["Content-Disposition"] == 'attachment; filename="casos.xlsx"'
    rows = CalamineWorkbook.from_filelike(BytesIO(book.content)).get_sheet_by_index(0).to_python()
    assert any(case.number in row and "Mónica Peñaranda" in row for row in rows)


def test_the_search_box_opens_the_case_of_a_number(as_: SignIn, ana: User, case: Case) -> None:
    assert as_(ana).get("/buscar/", {"q": case.number})["Location"] == url(case)


def test_the_search_box_finds_nothing_politely(as_: SignIn, ana: User) -> None:
    assert "No se encontró nada" in as_(ana).get("/buscar/", {"q": "zzz"}).content.decode()


@pytest.mark.parametrize("more", ["", "historia/", "documentos/", "mensajes/", "diagrama/"])
def test_no_page_of_a_case_costs_many_queries(
    as_: SignIn, ana: User, case: Case, more: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = as_(ana)
    for _ in range(10):
        operations.claim(task_at(case, "Ask").pk, by=ana, now=timezone.now())
        operations.release(task_at(case, "Ask").pk, by=ana, now=timezone.now())
    client.get(url(case, more))
    with django_assert_max_num_queries(10):
        client.get(url(case, more))


@pytest.mark.parametrize(
    "path", ["/tareas/{n}/", "/tareas/{n}/devolver/", "/documentos/{n}/", "/incidentes/{n}/omitir/", "/casos/%00/"]
)
def test_what_there_is_not_is_404(as_: SignIn, ana: User, path: str) -> None:
    assert as_(ana).get(path.format(n="9" * 25)).status_code == 404
