"""Steps 7 and 8 and the failed visit from the case's page, as the office does them without the telephone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.retention.visiting import Visit, at_the_visit, person, picture

from thaki.cases import operations, runtime, versions
from thaki.cases.models import CaseDocument
from thaki.people.roles import Role
from thaki.procedures.retention.field import today
from thaki.procedures.retention.models import XpressTask

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=5)
SIGNATURE = "data:image/png;base64," + base64.b64encode(picture("PNG")).decode()
WORK = {
    "tasks": ["tv"],
    "done_tv": "Conectores nuevos",
    "materials_tv": "Conector F; 4\nCable coaxial; 12,5; m",
    "review": "Todo",
}
SIGNED = {
    "services": ["*"], "papers": ["damage_report"], "signer_name": "Lucía Rojas", "signature_damage_report": SIGNATURE,
}  # fmt: skip


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Any, db: None) -> Iterator[None]:
    """Documents go to a folder of the test; the shipped procedures are in force."""
    settings.DATA_DIR = tmp_path
    versions.forget()
    versions.seed(NOW)
    yield
    versions.forget()


@pytest.fixture
def visit(db: None) -> Visit:
    return at_the_visit(1, person("tecnico1", Role.TECNICO_MULTISERVICIOS), NOW)


def done(visit: Visit, node: str, data: dict[str, Any], **files: Any) -> None:
    operations.complete(visit.task(node).pk, by=visit.technician, now=LATER, data=data, files=files)


def act(visit: Visit, code: str, data: dict[str, Any], **files: Any) -> None:
    operations.perform(visit.case.pk, code, by=visit.technician, now=LATER, data=data, files=files)


def errors(caught: pytest.ExceptionInfo[runtime.AnswerInvalid]) -> str:
    return str(dict(caught.value.form.errors))


def test_7_keeps_arrival_tasks_and_materials_and_8_closes_the_order_with_its_paper(visit: Visit) -> None:
    done(visit, "Step_7", WORK | {"arrived_at": "2026-11-23T13:00"})
    assert visit.fresh().arrived_at == datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    assert [str(each) for each in visit.order.materials.all()] == ["4.00 u Conector F", "12.50 m Cable coaxial"]
    assert visit.open_nodes() == {"Step_8"}
    done(visit, "Step_8", SIGNED)
    assert visit.fresh().state == "closed"
    assert visit.retention.visit == "done"
    assert CaseDocument.objects.filter(case=visit.case, kind="reporte_dano").count() == 1


def test_an_arrival_in_the_future_is_refused(visit: Visit) -> None:
    with pytest.raises(runtime.AnswerInvalid) as caught:
        done(visit, "Step_7", WORK | {"arrived_at": "2026-11-24T13:00"})
    assert "futura" in errors(caught)


def test_7_wants_a_task(visit: Visit) -> None:
    with pytest.raises(runtime.AnswerInvalid) as caught:
        done(visit, "Step_7", {"arrived_at": "2026-11-23T13:00"})
    assert "al menos una tarea" in errors(caught)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"services": []}, "Pruebe los servicios"),
        ({"services": ["T00001"]}, "No quedó funcionando: Hogar Fibra 60"),
        ({"papers": []}, "Falta la firma"),
        ({"signature_damage_report": ""}, "Falta la firma"),
        ({"signature_damage_report": "data:text/html,x"}, "firme de nuevo"),
        ({"signature_damage_report": "data:image/png;base64,AAAA"}, "firma"),
    ],
)
def test_8_says_what_lacks(visit: Visit, change: dict[str, Any], told: str) -> None:
    done(visit, "Step_7", WORK | {"arrived_at": "2026-11-23T13:00"})
    with pytest.raises(runtime.AnswerInvalid) as caught:
        done(visit, "Step_8", SIGNED | change)
    assert told in errors(caught)
    assert visit.open_nodes() == {"Step_8"}


def test_a_paper_signed_on_paper_is_photographed(visit: Visit) -> None:
    done(visit, "Step_7", WORK | {"arrived_at": "2026-11-23T13:00"})
    scan = SimpleUploadedFile("papel.jpg", picture())
    done(visit, "Step_8", SIGNED | {"signature_damage_report": ""}, scan_damage_report=scan)
    assert visit.order.signatures.get().image.media_type == "image/jpeg"


def test_the_arrival_is_noted_by_itself_and_asked_no_more(visit: Visit) -> None:
    act(visit, "retention.arrive", {})
    assert visit.fresh().arrived_at == LATER
    done(visit, "Step_7", WORK)
    assert visit.open_nodes() == {"Step_8"}


def test_an_absence_without_its_photo_is_refused_on_the_page_too(visit: Visit) -> None:
    with pytest.raises(runtime.AnswerInvalid) as caught:
        act(visit, "retention.visit_failed", {"kind": "absent"})
    assert "foto" in errors(caught)
    act(visit, "retention.visit_failed", {"kind": "absent"}, proof=SimpleUploadedFile("casa.jpg", picture()))
    assert visit.open_nodes() == {"Step_6"}


def test_the_pages_of_7_and_8_and_of_what_failed_are_shown(visit: Visit, client: Client) -> None:
    client.force_login(visit.technician)
    page = client.get(f"/tareas/{visit.task('Step_7').pk}/").content.decode()
    assert XpressTask.objects.get(code="tv").name in page
    assert client.get(f"/casos/{visit.case.number}/hacer/retention.visit_failed/").status_code == 200
    assert client.get(f"/casos/{visit.case.number}/hacer/retention.arrive/").status_code == 200
    done(visit, "Step_7", WORK | {"arrived_at": "2026-11-23T13:00"})
    page = client.get(f"/tareas/{visit.task('Step_8').pk}/").content.decode()
    assert "Conectores nuevos" in page
    assert "Televisión Básica" in page


def test_the_telephones_visits_are_vip_first_and_cost_the_same_however_many(
    visit: Visit, django_assert_max_num_queries: Any
) -> None:
    other = at_the_visit(2, visit.technician, NOW)
    type(other.retention).objects.filter(pk=other.case.pk).update(vip=True)
    at_the_visit(3, visit.technician, NOW)
    with django_assert_max_num_queries(6):
        rows = today.visits_of(visit.technician, NOW)
    assert rows[0]["number"] == other.order.number
    assert rows[0]["services"][0]["name"].startswith("Hogar Fibra 60")
    assert len(rows[0]["claims"]) == 2


def test_a_technician_who_leaves_the_office_page_leaves_no_customer_on_his_telephone(
    visit: Visit, client: Client
) -> None:
    client.force_login(visit.technician)
    assert client.post("/cuenta/logout/").headers["Location"] == "/terreno/salir/"
    client.force_login(person("supervisor1", Role.SUPERVISOR_CENTRO_OPERACIONES))
    assert client.post("/cuenta/logout/").headers["Location"] != "/terreno/salir/"


def test_the_shell_and_its_worker_hold_nobodys_data(visit: Visit, client: Client) -> None:
    stranger = [client.get(path).content for path in ("/terreno/", "/terreno/sw.js", "/terreno/manifest.webmanifest")]
    client.force_login(visit.technician)
    his = [client.get(path).content for path in ("/terreno/", "/terreno/sw.js", "/terreno/manifest.webmanifest")]
    assert stranger == his
    assert b"/terreno/api" not in his[1]
