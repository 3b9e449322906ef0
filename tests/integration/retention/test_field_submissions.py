"""What a technician's telephone sends arrives once, at the server's time; what comes too late is kept and shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.integration.retention.visiting import Visit, at_the_visit, person, picture, report, submission

from thaki.cases import operations, versions
from thaki.cases.models import CaseDocument
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.hand_overs.models import HandOver
from thaki.records.work_orders.models import Submission, WorkOrder

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # a Monday, 10:00 in Cochabamba
Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Any, db: None) -> Iterator[None]:
    """Documents go to a folder of the test; the shipped procedures are in force."""
    settings.DATA_DIR = tmp_path
    versions.forget()
    versions.seed(NOW)
    yield
    versions.forget()


@pytest.fixture
def technician(db: None) -> User:
    return person("tecnico1", Role.TECNICO_MULTISERVICIOS)


@pytest.fixture
def visit(technician: User) -> Visit:
    return at_the_visit(1, technician, NOW)


@pytest.fixture
def send(client: Client, technician: User) -> Send:
    """Sends a body with its pictures, at an instant of the server's."""

    def at(body: dict[str, Any], now: datetime, files: dict[str, bytes] | None = None) -> Any:
        parts = {name: picture("PNG" if name.startswith("firma") else "JPEG") for name in _named(body)} | (files or {})
        data: dict[str, Any] = {name: SimpleUploadedFile(f"{name}.jpg", content) for name, content in parts.items()}
        with time_machine.travel(now, tick=False):
            client.force_login(technician)
            return client.post("/terreno/api/envios/", {"envio": json.dumps(body)} | data)

    return at


def _named(body: dict[str, Any]) -> list[str]:
    return [each["file"] for each in [*body.get("photos", ()), *body.get("signatures", ())] if each["file"]]


def hours(count: float) -> datetime:
    return NOW + timedelta(hours=count)


def test_a_whole_visit_closes_the_order_and_moves_the_case_past_8(visit: Visit, send: Send) -> None:
    answer = send(report(visit, "r1", hours(4)), hours(4))
    assert answer.status_code == 200, answer.content
    order = visit.fresh()
    assert (order.state, order.arrived_at, order.closed_at) == ("closed", hours(4), hours(4))
    assert order.review == "Conector flojo"
    assert [str(used) for used in order.materials.all()] == ["12.50 m Cable UTP"]
    assert order.photos.count() == 2
    assert not visit.open_nodes()
    assert visit.retention.visit == "done"
    assert visit.retention.order_closed_at == hours(4)


def test_each_signed_paper_is_a_pdf_of_the_case(visit: Visit, send: Send) -> None:
    send(report(visit, "r1", hours(4)), hours(4))
    kinds = set(CaseDocument.objects.filter(case=visit.case).values_list("kind", flat=True))
    assert {"hoja_servicio", "orden_trabajo", "foto_visita"} <= kinds
    for signature in visit.order.signatures.select_related("pdf"):
        assert signature.pdf is not None
        assert signature.pdf.media_type == "application/pdf"
        assert (signature.lat, signature.lon) == (-17.38, -66.16)


def test_posted_twice_it_counts_once(visit: Visit, send: Send) -> None:
    body = report(visit, "r1", hours(4))
    assert [send(body, hours(4)).status_code, send(body, hours(5)).status_code] == [200, 200]
    assert Submission.objects.count() == 1
    assert visit.order.photos.count() == 2


def test_the_arrival_ends_the_24_hours_and_moves_nothing(visit: Visit, send: Send) -> None:
    assert send(submission(visit, "arrival", "a1", hours(3)), hours(3)).status_code == 200
    order = visit.fresh()
    assert (order.state, order.arrived_at, order.arrived_lat) == ("on_site", hours(3), -17.38)
    assert visit.open_nodes() == {"Step_7"}


def test_an_arrival_without_a_place_is_taken(visit: Visit, send: Send) -> None:
    assert send(submission(visit, "arrival", "a1", hours(3), place={"why": "denied"}), hours(3)).status_code == 200
    assert visit.fresh().arrived_lat is None


def test_two_days_without_signal_keep_the_hours_at_which_things_were_done(visit: Visit, send: Send) -> None:
    body = report(visit, "r1", hours(4)) | {"sent_device_at": hours(52).isoformat()}
    assert send(body, hours(52)).status_code == 200
    assert visit.fresh().arrived_at == visit.fresh().closed_at == hours(4)


@pytest.mark.parametrize("ahead", [24, -24])
def test_a_clock_that_is_a_day_wrong_does_not_rule_and_is_kept_beside(visit: Visit, send: Send, ahead: int) -> None:
    wrong = hours(4 + ahead)
    assert send(report(visit, "r1", wrong) | {"sent_device_at": wrong.isoformat()}, hours(4)).status_code == 200
    order = visit.fresh()
    assert (order.closed_at, order.closed_device_at) == (hours(4), wrong)
    assert Submission.objects.get().skew_s == ahead * 3600


def test_a_clock_far_off_is_said_on_the_cases_page(visit: Visit, send: Send, technician: User) -> None:
    wrong = hours(3 + 24)
    send(submission(visit, "arrival", "a1", wrong), hours(3))
    at_the_office = Client()
    at_the_office.force_login(technician)
    page = at_the_office.get(f"/tareas/{visit.task('Step_7').pk}/").content.decode()
    assert "El teléfono marcaba 24/11/2026 13:00 cuando eran 23/11/2026 13:00" in page


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tasks": []}, "al menos una tarea"),
        ({"arrival": None}, "la llegada"),
        ({"signatures": []}, "Falta la firma"),
    ],
)
def test_what_lacks_is_refused_and_leaves_nothing(visit: Visit, send: Send, change: dict[str, Any], told: str) -> None:
    answer = send(report(visit, "r1", hours(4), **change), hours(4))
    assert answer.status_code == 422
    assert told in answer.content.decode("unicode_escape")
    assert not Submission.objects.exists()
    assert visit.fresh().state == "scheduled"
    assert visit.open_nodes() == {"Step_7"}


def test_a_paper_without_its_signature_is_refused_by_its_name(visit: Visit, send: Send) -> None:
    body = report(visit, "r1", hours(4))
    body["signatures"][1]["file"] = ""
    answer = send(body, hours(4))
    assert answer.status_code == 422
    assert "Orden de Trabajo" in json.loads(answer.content)["errors"]["signature-work_order"]


def test_a_service_that_fails_keeps_the_order_open(visit: Visit, send: Send) -> None:
    body = report(visit, "r1", hours(4))
    body["services"][0]["works"] = False
    answer = send(body, hours(4))
    assert answer.status_code == 422
    assert "No quedó funcionando: Hogar Fibra 60" in json.loads(answer.content)["errors"]["services"]


@pytest.mark.parametrize("content", [b"not a picture", b"%PDF-1.4 1 0 obj << >> endobj %%EOF"])
def test_a_photo_that_is_no_image_is_refused_and_can_be_sent_again_without_it(
    visit: Visit, send: Send, content: bytes
) -> None:
    body = report(visit, "r1", hours(4))
    answer = send(body, hours(4), {"foto-1": content})
    assert answer.status_code == 422
    assert "Foto 2" in json.loads(answer.content)["errors"]["foto-1"]
    body["photos"] = body["photos"][:1]
    assert send(body, hours(4)).status_code == 200


# ---------------------------------------------------------------- too late
def _conflict(visit: Visit, send: Send) -> Submission:
    answer = send(report(visit, "r1", hours(4)), hours(4))
    assert answer.status_code == 409, answer.content
    return Submission.objects.get(outcome="conflict")


def test_an_order_given_to_somebody_else_meanwhile_keeps_the_work_as_a_conflict(visit: Visit, send: Send) -> None:
    other = person("tecnico2", Role.TECNICO_MULTISERVICIOS)
    WorkOrder.objects.filter(pk=visit.order.pk).update(assigned_to=other)
    kept = _conflict(visit, send)
    assert kept.conflict["code"] == "reassigned"
    assert "ahora es de Tecnico2" in kept.conflict["message"]
    assert len(kept.conflict["pictures"]) == 4
    assert CaseDocument.objects.filter(case=visit.case, kind="conflicto_visita").exists()
    assert visit.fresh().state == "scheduled"
    assert not visit.order.tasks.exists()


def test_half_a_visit_of_an_order_given_away_is_kept_too(visit: Visit, send: Send) -> None:
    WorkOrder.objects.filter(pk=visit.order.pk).update(assigned_to=person("tecnico2", Role.TECNICO_MULTISERVICIOS))
    body = report(visit, "r1", hours(4), tasks=[], services=[])
    body["signatures"][0]["file"] = ""
    assert send(body, hours(4)).status_code == 409
    assert len(Submission.objects.get().conflict["pictures"]) == 3


def test_a_cancelled_order_is_not_touched(visit: Visit, send: Send) -> None:
    WorkOrder.objects.filter(pk=visit.order.pk).update(
        state="cancelled", cancelled_at=hours(1), cancelled_why="El cliente se fue"
    )
    assert _conflict(visit, send).conflict["code"] == "cancelled"
    assert visit.fresh().closed_at is None


def test_an_order_is_not_closed_twice(visit: Visit, send: Send) -> None:
    send(report(visit, "r1", hours(4)), hours(4))
    assert send(report(visit, "r2", hours(5)), hours(5)).status_code == 409
    assert visit.fresh().closed_at == hours(4)


def test_a_conflict_sent_twice_is_one_conflict(visit: Visit, send: Send) -> None:
    WorkOrder.objects.filter(pk=visit.order.pk).update(assigned_to=person("tecnico2", Role.TECNICO_MULTISERVICIOS))
    body = report(visit, "r1", hours(4))
    assert [send(body, hours(4)).status_code, send(body, hours(5)).status_code] == [409, 409]
    assert Submission.objects.count() == 1


def test_a_suspended_case_takes_nothing_and_loses_nothing(visit: Visit, send: Send) -> None:
    chief = person("retencion1", Role.RESPONSABLE_RETENCION)
    operations.suspend(visit.case.pk, reason="Se revisa", by=chief, now=hours(1))
    assert _conflict(visit, send).conflict["code"] == "elsewhere"


def test_the_supervisor_sees_the_conflict_with_the_work_in_it_and_settles_it(visit: Visit, send: Send) -> None:
    WorkOrder.objects.filter(pk=visit.order.pk).update(assigned_to=person("tecnico2", Role.TECNICO_MULTISERVICIOS))
    kept = _conflict(visit, send)
    at_his_desk = Client()
    at_his_desk.force_login(person("supervisor1", Role.SUPERVISOR_CENTRO_OPERACIONES))
    assert visit.order.number in at_his_desk.get("/retencion/visitas/conflictos/").content.decode()
    page = at_his_desk.get(f"/retencion/visitas/conflictos/{kept.pk}/").content.decode()
    assert "Cable nuevo" in page
    assert "Conector flojo" in page
    at_his_desk.post(f"/retencion/visitas/conflictos/{kept.pk}/resolver/")
    assert visit.order.number not in at_his_desk.get("/retencion/visitas/conflictos/").content.decode()
    assert visit.order.number in at_his_desk.get("/retencion/visitas/conflictos/?todos").content.decode()


# ---------------------------------------------------------------- whose it is
def test_nobody_sends_what_another_one_wrote(visit: Visit, send: Send) -> None:
    body = report(visit, "r1", hours(4)) | {"user": person("tecnico2", Role.TECNICO_MULTISERVICIOS).pk}
    assert send(body, hours(4)).status_code == 422
    assert not Submission.objects.exists()


def test_an_expired_session_is_led_to_sign_in_and_takes_nothing(visit: Visit, client: Client) -> None:
    answer = client.post("/terreno/api/envios/", {"envio": json.dumps(report(visit, "r1", hours(4)))})
    assert answer.status_code == 302
    assert client.get("/terreno/api/sesion/").json()["user"] is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"kind": "report"}', "{", '{"kind": "party"}'])
def test_what_cannot_be_read_is_refused(client: Client, technician: User, text: str) -> None:
    client.force_login(technician)
    assert client.post("/terreno/api/envios/", {"envio": text}).status_code == 422


# ---------------------------------------------------------------- visits that could not be made (R-B11)
def _fail(visit: Visit, send: Send, kind: str, **more: Any) -> Any:
    return send(
        submission(visit, "failure", f"f-{kind}".replace("-", "").replace("_", ""), hours(4), failure=kind, **more),
        hours(4),
    )


def test_an_absent_customer_is_proven_and_goes_back_to_the_supervisor(visit: Visit, send: Send) -> None:
    assert _fail(visit, send, "absent").status_code == 422
    photos = [{"kind": "absence", "file": "foto-0", "device_at": hours(4).isoformat(), "place": {}}]
    assert _fail(visit, send, "absent", photos=photos).status_code == 200
    failure = visit.order.failures.get()
    assert (failure.kind, failure.at, failure.device_at) == ("absent", hours(4), hours(4))
    assert failure.proof is not None
    assert visit.open_nodes() == {"Step_6"}
    assert visit.fresh().is_open


def test_refused_access_goes_back_to_the_supervisor(visit: Visit, send: Send) -> None:
    assert _fail(visit, send, "refused").status_code == 422
    assert _fail(visit, send, "refused", note="No quiso abrir").status_code == 200
    assert visit.open_nodes() == {"Step_6"}


def test_a_plant_fault_is_handed_to_solucion_de_incidentes_and_the_order_stays(visit: Visit, send: Send) -> None:
    assert _fail(visit, send, "plant_fault", note="Poste caído").status_code == 200
    sent = HandOver.objects.get()
    assert (sent.to, sent.case_ref) == ("incidentes", visit.case.number)
    assert "Poste caído" in sent.body
    assert visit.fresh().is_open


def test_a_postponed_visit_stops_its_clock_until_the_hour_that_the_customer_named(visit: Visit, send: Send) -> None:
    assert _fail(visit, send, "postponed", until="2026-11-25T09:00").status_code == 200
    order = visit.fresh()
    until = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert order.resumes_at == until
    assert order.due_at == until + timedelta(hours=20)  # what was left of the 24
    assert visit.retention.visit_resumes_at == until
    assert not visit.open_nodes()
