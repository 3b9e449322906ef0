"""RET 11 to 14 and the baja (R-B4, R-B9)."""

from datetime import timedelta
from typing import Any

import pytest
from tests.integration.retention.deciding import DAMAGED, Decided, ground

from thaki.cases import operations, runtime
from thaki.people.models import User
from thaki.records.courtesies.models import Courtesy
from thaki.records.hand_overs.models import HandOver
from thaki.records.withdrawals.models import Withdrawal
from thaki.records.work_orders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings: Any, tmp_path: Any) -> dict[str, User]:
    settings.DATA_DIR = tmp_path
    return ground()


def at_11(people: dict[str, User], **start: Any) -> Decided:
    one = Decided(people, start)
    one.does("Step_1")
    one.does("Step_2", subscription="44990001")
    return one


def test_a_courtesy_runs_from_today_for_its_days(people: dict[str, User]) -> None:
    one = at_11(people)
    one.does("Step_11", motives=["competitor"])
    one.does("Step_14", answer="accepted", courtesy="ancho_de_banda")
    given = Courtesy.objects.get()
    assert (given.ends_on - given.starts_on).days == 29
    assert one.retention.ended_at is not None
    assert not one.retention.live


def test_what_his_service_cannot_carry_is_refused_with_the_reason(people: dict[str, User]) -> None:
    one = at_11(people)
    one.does("Step_11", motives=["competitor"])
    with pytest.raises(runtime.AnswerInvalid, match="servicio que necesita"):
        one.does("Step_14", answer="accepted", courtesy="datos_fijacom")


def test_a_motive_without_a_courtesy_does_not_get_one(people: dict[str, User]) -> None:
    one = at_11(people)
    with pytest.raises(runtime.AnswerInvalid):
        one.does("Step_11", motives=["moving"], petition="offer")


def test_a_baja_needs_its_reason(people: dict[str, User]) -> None:
    one = at_11(people)
    with pytest.raises(runtime.AnswerInvalid):
        one.does("Step_11", motives=["moving"])


def test_the_baja_goes_to_gestion_de_solicitudes_with_the_equipment(people: dict[str, User]) -> None:
    one = at_11(people)
    one.does("Step_11", motives=["moving"], withdrawal_reason="moving", equipment="Módem", certificate_noted="on")
    baja = Withdrawal.objects.get()
    assert (baja.reason, baja.equipment_to_return, baja.certificate_noted) == ("moving", ["Módem"], True)
    told = HandOver.objects.get()
    assert told.to == "solicitudes"
    assert baja.number in told.body
    assert one.retention.left_at_step == "11"


def test_leaving_with_an_open_order_cancels_it(people: dict[str, User]) -> None:
    one = at_11(people, claims=DAMAGED)
    one.does("Step_3", answer="removal", mobile="79999903")
    one.does("Step_4")
    one.does("Step_5", mobile="79999903")
    one.now += timedelta(hours=1)
    answer = {"withdrawal_reason": "no_trust", "leaving": ["44990001"]}
    operations.perform(one.case.pk, "retention.leave", data=answer, by=people["asesor1"], now=one.now)
    assert WorkOrder.objects.get().state == "cancelled"
    assert one.retention.left_at_step == "6"


def test_nobody_leaves_before_3(people: dict[str, User]) -> None:
    one = Decided(people)
    with pytest.raises(operations.NotNow):
        operations.perform(one.case.pk, "retention.leave", data={}, by=people["asesor1"], now=one.now)
