"""Steps 9 and 10: the controls appear on their day, from the system's report; the fault that came back goes to 5 again (R-B3)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from tests.integration.retention.operating import DAY, HOUR, NOW, Walk, everybody, rest_is_blank, walk

from thaki.cases import runtime, versions
from thaki.cases.models import Case
from thaki.cases.policies import NotNow
from thaki.cases.runtime import AnswerInvalid
from thaki.people.models import User
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.quality_models import Relapse
from thaki.records.claims.models import Claim

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank(settings: Any, tmp_path: Any) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with rest_is_blank():
        versions.seed(NOW)
        yield


@pytest.fixture
def people() -> dict[str, User]:
    return everybody()


@pytest.fixture
def one(people: dict[str, User]) -> Walk:
    return walk(people).to_controls()


def claim(one: Walk, at: Any) -> Claim:
    return Claim.objects.create(
        number=f"REC-{Claim.objects.count() + 1}",
        customer=one.service.customer,
        subscription=one.service,
        product="internet",
        fault="cuts",
        claimed_at=at,
    )


def test_the_call_appears_on_the_second_day_and_not_before(one: Walk) -> None:
    assert one.later(1.5 * DAY - 4 * HOUR).nodes == set()  # 22:00 of the day before
    assert one.later(4 * HOUR).nodes == {"Step_9"}


def test_good_waits_for_the_30_days_and_is_kept_then(one: Walk) -> None:
    one.later(2 * DAY).done("Step_9", {"result": "good"})
    assert one.later(20 * DAY).nodes == set()
    assert one.later(10 * DAY).nodes == {"Step_10"}
    one.done("Step_10", {"result": "good"})
    assert one.retention.kept_at == one.now
    assert (Case.objects.get(pk=one.case.pk).outcome, one.retention.live) == ("kept", False)


def test_bad_goes_back_to_5_and_is_charged_to_the_technician_and_his_tasks(one: Walk, people: dict[str, User]) -> None:
    one.later(2 * DAY).done("Step_9", {"result": "bad", "note": "Se sigue cortando"})
    assert one.nodes == {"Step_5"}
    relapse = Relapse.objects.get()
    assert (relapse.order, relapse.technician, relapse.tasks) == (one.order, one.order.assigned_to, ["drop"])
    assert (relapse.found_by, relapse.note) == ("quality", "Se sigue cortando")


def test_nobody_is_given_up_before_three_calls(one: Walk) -> None:
    one.later(2 * DAY)
    with pytest.raises(AnswerInvalid):
        one.done("Step_9", {"result": "not_reached"})
    for _time in range(2):
        one.act("retention.no_answer", "incidentes1")
        one.now += 3 * HOUR
    with pytest.raises(AnswerInvalid):
        one.act("retention.no_answer", "incidentes1")
    one.done("Step_9", {"result": "not_reached"})
    assert (one.retention.quality, one.retention.quality_attempts, one.nodes) == ("not_reached", 3, set())


def test_who_was_not_reached_is_decided_by_the_report_alone(one: Walk) -> None:
    one.later(2 * DAY)
    for _time in range(2):
        one.act("retention.no_answer", "incidentes1")
    one.done("Step_9", {"result": "not_reached"})
    one.later(29 * DAY)
    with pytest.raises(AnswerInvalid):
        one.done("Step_10", {"result": "bad"})
    one.done("Step_10", {})
    assert one.retention.recurrence == "good"


def test_a_call_without_an_answer_is_noted_only_while_9_is_open(one: Walk) -> None:
    with pytest.raises(NotNow):
        one.act("retention.no_answer", "incidentes1")


@pytest.mark.parametrize("days", [5, 29])
def test_a_new_claim_on_the_product_brings_it_back_that_day(one: Walk, days: int) -> None:
    one.later(2 * DAY).done("Step_9", {"result": "good"})
    one.later((days - 2) * DAY)
    new = claim(one, one.now)
    runtime.offer(one.case.pk, "new_claim", {"claim": new.pk}, by=None, now=one.now)
    assert one.nodes == {"Step_5"}
    assert (Relapse.objects.get().found_by, Relapse.objects.get().claim) == ("claim", new)


def test_an_order_closed_late_keeps_10_waiting_for_9(people: dict[str, User]) -> None:
    one = walk(people).to_dispatch()
    one.now += 29 * DAY
    one.to_controls().later(DAY)
    assert one.nodes == set()
    one.later(DAY)
    assert one.nodes == {"Step_9"}
    one.done("Step_9", {"result": "good"})
    one.later(timedelta(seconds=1))
    assert one.nodes == {"Step_10"}


def test_after_two_further_orders_the_supervisor_proposes_and_gerencia_decides(one: Walk) -> None:
    for _order in range(2):
        one.later(2 * DAY).done("Step_9", {"result": "bad"})
        one.new_order()
        one.done("Step_5")
        one.to_controls()
    one.later(2 * DAY).done("Step_9", {"result": "bad"})
    assert one.nodes == {"Propose_Recurrence"}
    one.done("Propose_Recurrence", {"proposal": "Cambiar el puerto de la caja"})
    one.done("Decide_Recurrence", {"decision": "close", "note": "Se ofrece otra tecnología"})
    assert Case.objects.get(pk=one.case.pk).outcome == "recurred"
    assert Relapse.objects.count() == 3


# ---------------------------------------------------------------- the lists
def test_the_lists_answer_with_one_click(one: Walk, client: Client, people: dict[str, User]) -> None:
    one.later(2 * DAY)
    client.force_login(people["incidentes1"])
    page = client.get("/retencion/control/calidad/").content.decode()
    assert one.order.number in page
    assert "Acometida nueva" in page
    task = one.task("Step_9")
    client.post(f"/retencion/control/tareas/{task.pk}/", {"result": "no_answer"})
    assert one.retention.quality_attempts == 1
    client.post(f"/retencion/control/tareas/{task.pk}/", {"result": "good"})
    assert one.retention.quality == "good"
    assert "No hay controles" in client.get("/retencion/control/calidad/").content.decode()
    assert client.get("/retencion/control/calidad/reporte.xlsx").content.startswith(b"PK")


def test_the_other_team_has_its_own_list(one: Walk, client: Client, people: dict[str, User]) -> None:
    one.later(2 * DAY).done("Step_9", {"result": "good"})
    one.later(30 * DAY)
    seen = claim(one, one.order.closed_at)
    Claim.objects.filter(pk=seen.pk).update(claimed_at=one.now - DAY)
    client.force_login(people["calidad1"])
    assert seen.number in client.get("/retencion/control/reiterados/").content.decode()
    client.force_login(people["incidentes1"])
    answer = client.post(f"/retencion/control/tareas/{one.task('Step_10').pk}/", {"result": "good"})
    assert answer.status_code == 404
    assert Retention.objects.get(pk=one.case.pk).recurrence == "unknown"
