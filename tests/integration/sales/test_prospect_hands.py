"""Prospects taken and given out by turn, called back, attempted in one key, merged with their cases and un-merged."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from tests.integration.sales.conftest import NOW, Walk

from thaki.cases.models import Case, Task
from thaki.cases.permissions import NotAllowed
from thaki.people import policies
from thaki.people.models import Absence, User
from thaki.procedures.sales import prospect_agenda, prospect_merge, prospect_share
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.prospect_attempts import note_attempt
from thaki.records.prospects import duplicates
from thaki.records.prospects.models import ContactAttempt, Merge, Prospect
from thaki.records.reasons import RuleError


def in_base(count: int) -> list[Prospect]:
    return [
        Prospect.objects.create(
            name=f"Campaña {chr(65 + n)}",
            phone=f"7{n:07}",
            channel="facebook",
            standing="base",
            received_at=NOW - timedelta(hours=n),
        )
        for n in range(count)
    ]


def holders(prospects: list[Prospect]) -> list[str]:
    tasks = Task.objects.filter(case__sale__prospect__in=prospects).order_by("case__sale__prospect__received_at")
    return [task.assignee.username if task.assignee else "" for task in tasks.select_related("assignee")]


# ---------------------------------------------------------------- taken, given out
def test_who_takes_a_prospect_of_the_base_has_his_case_at_step_1(people: dict[str, User]) -> None:
    newer, older = in_base(2)
    case = prospect_share.take_next(by=people["ejecutivo1"], now=NOW)
    assert case is not None
    task = Task.objects.get(case=case)
    assert (task.step, task.assignee) == ("1", people["ejecutivo1"])
    assert Sale.objects.get(pk=case.pk).prospect == older  # who has waited longest
    with pytest.raises(RuleError):
        prospect_share.take(older.pk, by=people["ejecutivo2"], now=NOW)
    assert prospect_share.waiting().get() == newer


def test_by_turn_they_go_to_those_who_are_there_one_after_the_other(people: dict[str, User]) -> None:
    away = User.objects.create_user("ejecutivo3", roles=["ejecutivo_ventas_digitales"])
    Absence.objects.create(user=away, from_on=date(2026, 11, 20), to_on=date(2026, 11, 25))
    made = in_base(5)
    assert prospect_share.give_out(now=NOW) == 0  # the policy is to take
    policies.set("sales.prospects_by_turn", True, by=None, reason="prueba", now=NOW)
    policies.set("sales.prospects_ahead", 2, by=None, reason="prueba", now=NOW)
    assert prospect_share.give_out(now=NOW.replace(hour=2)) == 0  # the office is closed
    assert prospect_share.give_out(now=NOW) == 4
    assert holders(made) == ["ejecutivo1", "ejecutivo2", "ejecutivo1", "ejecutivo2"]
    assert prospect_share.give_out(now=NOW) == 0  # nobody has room


def test_by_turn_a_lead_that_came_in_is_given_before_the_base(walk: Walk, people: dict[str, User]) -> None:
    in_base(1)
    policies.set("sales.prospects_by_turn", True, by=None, reason="prueba", now=NOW)
    assert prospect_share.give_out(now=NOW) == 2
    assert walk.task(1).assignee == people["ejecutivo1"]


def test_given_out_by_hand_each_gets_so_many(people: dict[str, User]) -> None:
    made = in_base(5)
    chosen = [people["ejecutivo1"], people["ejecutivo2"]]
    assert prospect_share.give_base(chosen, 2, by=people["ventas1"], now=NOW) == 4
    assert sorted(holders(made)) == ["ejecutivo1", "ejecutivo1", "ejecutivo2", "ejecutivo2"]


# ---------------------------------------------------------------- attempts and the agenda
def test_a_call_back_is_said_as_on_the_telephone_and_the_task_is_due_then(walk: Walk, people: dict[str, User]) -> None:
    note_attempt(walk.case, "call_back", "15:30", by=people["ejecutivo1"], now=NOW)
    assert walk.task(1).due_at == NOW + timedelta(hours=5, minutes=30)
    with pytest.raises(RuleError, match="No se entiende"):
        note_attempt(walk.case, "call_back", "quizás", by=people["ejecutivo1"], now=NOW)


def test_who_was_talked_to_has_answered_step_1(walk: Walk, people: dict[str, User]) -> None:
    note_attempt(walk.case, "talked", by=people["ejecutivo1"], now=NOW)
    assert walk.open_steps == ["2"]
    assert walk.sale.visited_at == NOW
    note_attempt(walk.case, "talked", by=people["ejecutivo1"], now=NOW)
    assert walk.open_steps == ["2"]
    assert ContactAttempt.objects.count() == 2


def test_a_wrong_number_is_false_data_and_goes_to_19(walk: Walk, people: dict[str, User]) -> None:
    note_attempt(walk.case, "false_data", by=people["ejecutivo1"], now=NOW)
    assert walk.open_steps == ["19"]
    with pytest.raises(Exception, match="no se puede"):
        note_attempt(walk.case, "no_answer", by=people["ejecutivo1"], now=NOW)


def test_the_agenda_has_the_days_calls_those_missed_first(
    walk_of: Callable[..., Walk], people: dict[str, User]
) -> None:
    me = people["ejecutivo1"]
    for n, said in enumerate(("15:30", "11", "mañana 9")):
        walk = walk_of(phone=f"7000000{n}", name=f"Llamada {chr(65 + n)}")
        Task.objects.filter(case=walk.case).update(assignee=me, assigned_at=NOW)
        note_attempt(walk.case, "call_back", said, by=me, now=NOW)
    noon = NOW + timedelta(hours=2)
    today = prospect_agenda.day_of(me, date(2026, 11, 23), now=noon)
    assert [card.prospect.name for card in today.missed] == ["Llamada B"]
    assert [card.prospect.name for card in today.calls] == ["Llamada A"]
    tomorrow = prospect_agenda.day_of(me, date(2026, 11, 24), now=noon)
    assert [card.prospect.name for card in tomorrow.calls] == ["Llamada C"]
    assert prospect_agenda.day_of(people["ejecutivo2"], date(2026, 11, 23), now=noon).calls == []


# ---------------------------------------------------------------- merged, with their cases
@pytest.fixture
def two(walk_of: Callable[..., Walk]) -> tuple[Walk, Walk]:
    """One person twice: the second case is further on."""
    early, ahead = walk_of(phone="71234567", email=""), walk_of(phone="71234567", email="m@b.bo")
    return early, ahead.to(3)


def test_the_case_that_is_further_on_stays_and_the_other_rests(two: tuple[Walk, Walk], people: dict[str, User]) -> None:
    early, ahead = two
    merge = prospect_merge.merge(early.sale.prospect_id, ahead.sale.prospect_id, by=people["ventas1"], now=NOW)
    assert (merge.survivor_id, merge.held_ref) == (ahead.sale.prospect_id, early.case.number)
    assert Case.objects.get(pk=early.case.pk).state == "suspended"
    later = NOW + timedelta(hours=3)
    prospect_merge.unmerge(merge.pk, by=people["ventas1"], now=later)
    assert Case.objects.get(pk=early.case.pk).state == "open"
    assert early.task(1).due_at == NOW + timedelta(hours=3, minutes=15)  # its clocks stood still
    assert duplicates.group_of(early.sale.prospect_id) == [early.sale.prospect_id]


def test_a_colleagues_case_is_put_to_rest_by_a_chief_alone(two: tuple[Walk, Walk], people: dict[str, User]) -> None:
    early, ahead = two
    Sale.objects.filter(pk=early.case.pk).update(executive=people["ejecutivo2"])
    with pytest.raises(NotAllowed):
        prospect_merge.merge(early.sale.prospect_id, ahead.sale.prospect_id, by=people["ejecutivo1"], now=NOW)
    assert not Merge.objects.exists()
    assert Case.objects.get(pk=early.case.pk).state == "open"


def test_a_merge_refused_half_way_leaves_the_case_awake(two: tuple[Walk, Walk], people: dict[str, User]) -> None:
    early, ahead = two
    duplicates.merge(in_base(1)[0].pk, ahead.sale.prospect_id, by=None, now=NOW)
    with pytest.raises(RuleError, match="ya está unido"):
        prospect_merge.merge(early.sale.prospect_id, ahead.sale.prospect_id, by=people["ventas1"], now=NOW)
    assert Case.objects.get(pk=early.case.pk).state == "open"


def test_what_rested_too_long_is_given_up_and_un_merging_puts_him_back_into_the_base(
    two: tuple[Walk, Walk], people: dict[str, User]
) -> None:
    early, ahead = two
    merge = prospect_merge.merge(early.sale.prospect_id, ahead.sale.prospect_id, by=people["ventas1"], now=NOW)
    assert prospect_merge.give_up_rested(now=NOW + timedelta(days=29)) == 0
    assert prospect_merge.give_up_rested(now=NOW + timedelta(days=31)) == 1
    assert Case.objects.get(pk=early.case.pk).state == "cancelled"
    prospect_merge.unmerge(merge.pk, by=people["ventas1"], now=NOW + timedelta(days=32))
    assert Prospect.objects.get(pk=early.sale.prospect_id).standing == "base"


# ---------------------------------------------------------------- on the screens
@pytest.fixture
def client_of(people: dict[str, User]) -> Callable[[str], Client]:
    def make(name: str) -> Client:
        client = Client()
        client.force_login(people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return make


def test_duplicates_are_decided_on_their_page(two: tuple[Walk, Walk], client_of: Callable[[str], Client]) -> None:
    duplicates.compare_waiting(now=timezone.now())
    client = client_of("ventas1")
    page = client.get("/ventas/duplicados/").content.decode()
    assert "Mismo teléfono: 71234567" in page
    pair = duplicates.proposals().get()
    client.post(f"/ventas/duplicados/{pair.pk}/unir/")
    merge = Merge.objects.get()
    assert "Deshacer" in client.get("/ventas/duplicados/").content.decode()
    client.post(f"/ventas/duplicados/{merge.pk}/deshacer/")
    merge.refresh_from_db()
    assert merge.undone_at is not None


def test_a_key_from_the_list_notes_the_attempt(walk: Walk, client_of: Callable[[str], Client]) -> None:
    client = client_of("ejecutivo1")
    address = f"/ventas/prospectos/{walk.case.number}/intento/"
    said = client.post(address, {"result": "no_answer"}, headers={"HX-Request": "true"})
    assert said.status_code == 204
    assert "prospects" in said.headers["HX-Trigger"]
    assert "No contesta" in client.get("/ventas/prospectos/?vista=lista").content.decode()
    said = client.post(address, {"result": "call_back", "when": "nunca"}, headers={"HX-Request": "true"})
    assert "bad" in said.headers["HX-Trigger"]
    assert client.post(address, {"result": "talked"}).headers["Location"] == f"/casos/{walk.case.number}/"


def test_the_base_is_taken_from_and_given_out_on_the_screen(
    people: dict[str, User], client_of: Callable[[str], Client]
) -> None:
    made = in_base(3)
    chief = client_of("ventas1")
    assert "Tomar el siguiente" in chief.get("/ventas/prospectos/?hito=base").content.decode()
    chief.post("/ventas/prospectos/repartir/", {"each": "1", "to": [people["ejecutivo2"].pk]})
    assert holders(made) == ["ejecutivo2"]
    assert (
        client_of("ejecutivo1")
        .post(f"/ventas/prospectos/{made[0].pk}/tomar/")
        .headers["Location"]
        .startswith("/casos/GVD-")
    )
    assert client_of("ejecutivo1").get("/ventas/agenda/?dia=x").status_code == 200
