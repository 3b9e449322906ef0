"""A program reads cases and does the steps, by the rules of the screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.integration.api.conftest import Caller

from thaki.api.models import FirstAnswer
from thaki.cases.models import Case, HistoryEvent, Task
from thaki.people.models import User

pytestmark = pytest.mark.django_db


def open_task(case: Case) -> Task:
    return Task.objects.get(case=case, state="open")


def test_a_case_tells_where_it_stands(case: Case, caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1").get(f"cases/{case.number}")
    assert told["subject"] == "María Elena Rojas Vargas"
    assert [(task["step"], task["assignee"]) for task in told["standing"]] == [("1", None)]


def test_a_list_is_read_to_its_end_by_cursors(opened: Callable[..., Case], caller: Callable[..., Caller]) -> None:
    made = [opened(name, hours_ago=n).number for n, name in enumerate(("Ana", "Eva", "Luz", "Paz", "Sol"))]
    found, cursor = [], ""
    while True:
        page = caller("ejecutivo1").get(f"cases?limit=2&cursor={cursor}")
        found += [item["number"] for item in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert found == made


def test_a_list_is_narrowed(opened: Callable[..., Case], caller: Callable[..., Caller]) -> None:
    opened("Rosa Mamani")
    wanted = opened("Óscar Peredo")
    asked = caller("ejecutivo1")
    assert [c["number"] for c in asked.get("cases?q=peredo+oscar")["items"]] == [wanted.number]
    assert asked.get("cases?state=ended")["items"] == []
    assert asked.get("cases?mine=true")["items"] == []


def test_a_filter_that_is_not_known_is_refused_and_not_passed_over(caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1").get("cases?estado=open", 422)
    assert told["errors"][0]["field"] == "estado"


def test_a_procedure_in_which_the_person_has_no_part_is_refused(case: Case, caller: Callable[..., Caller]) -> None:
    assert caller("cajero1").get("cases?procedure=sales_report", 403)["code"] == "not_allowed"
    assert caller("ejecutivo1").get("cases/GVD-2026-999999", 404)["code"] == "not_found"


def test_the_history_is_told_in_order(case: Case, caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1").get(f"cases/{case.number}/history?limit=1")
    assert told["items"][0]["kind"] == "started"


def test_a_task_tells_what_its_step_asks(case: Case, caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1").get(f"tasks/{open_task(case).pk}")
    fields = {field["name"]: field for field in told["fields"]}
    assert ["call", "Llamada"] in fields["channel"]["choices"] or fields["channel"]["choices"]
    assert fields["channel"]["required"]


def test_a_task_is_taken_given_back_and_taken_again(case: Case, caller: Callable[..., Caller]) -> None:
    asked, task = caller("ejecutivo1"), open_task(case)
    assert [t["id"] for t in asked.get("tasks?list=available")["items"]] == [task.pk]
    assert asked.post(f"tasks/{task.pk}/claim")["assignee"]["username"] == "ejecutivo1"
    assert [t["id"] for t in asked.get("tasks")["items"]] == [task.pk]
    assert asked.post(f"tasks/{task.pk}/return")["assignee"] is None
    assert caller("ejecutivo2").post(f"tasks/{task.pk}/claim")["assignee"]["username"] == "ejecutivo2"
    assert asked.post(f"tasks/{task.pk}/claim", expect=403)["code"] == "not_allowed"


def test_a_step_is_completed_with_its_own_form(case: Case, caller: Callable[..., Caller]) -> None:
    asked = caller("ejecutivo1")
    told = asked.post(f"tasks/{open_task(case).pk}/complete", {"answer": {"channel": "call"}})
    assert told["opened"] == [open_task(case).pk]
    assert open_task(case).step == "2"
    assert HistoryEvent.objects.filter(case=case, kind="completed").get().by == asked.user


def test_what_the_form_refuses_is_told_by_field(case: Case, caller: Callable[..., Caller]) -> None:
    asked, task = caller("ejecutivo1"), open_task(case)
    told = asked.post(f"tasks/{task.pk}/complete", {"answer": {"channel": "paloma"}}, 422)
    assert (told["code"], told["errors"][0]["field"]) == ("answer_invalid", "channel")
    told = asked.post(f"tasks/{task.pk}/complete", {"answer": {"paloma": "sí"}}, 422)
    assert told["errors"][0]["field"] == "answer.paloma"
    assert open_task(case).pk == task.pk


def test_a_step_of_another_role_is_not_completed(case: Case, caller: Callable[..., Caller]) -> None:
    told = caller("helpdesk1").post(f"tasks/{open_task(case).pk}/complete", {"answer": {"channel": "call"}}, 403)
    assert told["code"] == "not_allowed"


def test_a_closed_task_names_who_was_first(case: Case, caller: Callable[..., Caller]) -> None:
    task = open_task(case)
    caller("ejecutivo1").post(f"tasks/{task.pk}/complete", {"answer": {"channel": "call"}})
    told = caller("ejecutivo2").post(f"tasks/{task.pk}/complete", {"answer": {"channel": "call"}}, 409)
    assert told["code"] == "already_closed"
    assert "Ejecutivo" in told["detail"]


def test_the_same_key_gets_the_first_answer_and_does_nothing(case: Case, caller: Callable[..., Caller]) -> None:
    asked, task = caller("ejecutivo1"), open_task(case)
    path, body = f"tasks/{task.pk}/complete", {"answer": {"channel": "call"}}
    first = asked.send(path, body, Idempotency_Key="a-1")
    again = asked.send(path, body, Idempotency_Key="a-1")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert again["Idempotency-Replayed"] == "true"
    assert HistoryEvent.objects.filter(case=case, kind="completed").count() == 1


def test_the_same_key_with_another_body_is_refused(case: Case, caller: Callable[..., Caller]) -> None:
    asked, task = caller("ejecutivo1"), open_task(case)
    asked.post(f"tasks/{task.pk}/claim", Idempotency_Key="a-1")
    told = asked.post(f"tasks/{task.pk}/return", expect=422, Idempotency_Key="a-1")
    assert told["code"] == "key_reused"


def test_a_refused_request_may_be_corrected_under_its_key(case: Case, caller: Callable[..., Caller]) -> None:
    asked, path = caller("ejecutivo1"), f"tasks/{open_task(case).pk}/complete"
    asked.post(path, {"answer": {"channel": "paloma"}}, 422, Idempotency_Key="a-1")
    assert not FirstAnswer.objects.exists()
    asked.post(path, {"answer": {"channel": "call"}}, Idempotency_Key="a-1")


def test_the_same_key_of_another_person_is_another_key(case: Case, caller: Callable[..., Caller]) -> None:
    task = open_task(case)
    caller("ejecutivo1").post(f"tasks/{task.pk}/claim", Idempotency_Key="a-1")
    caller("ejecutivo2").post(f"tasks/{task.pk}/claim", expect=403, Idempotency_Key="a-1")


def test_what_is_no_json_is_told_as_a_problem(case: Case, caller: Callable[..., Caller]) -> None:
    asked = caller("ejecutivo1")
    answer = asked.client.post(
        f"/api/v1/tasks/{open_task(case).pk}/complete",
        "{no",
        content_type="application/json",
        headers={"Authorization": f"Bearer {asked.key}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert asked.client.put("/api/v1/cases").json()["code"] == "method_not_allowed"
    assert asked.client.get("/api/v1/nothing").json()["code"] == "not_found"


def test_a_supervisor_lists_what_his_people_have(
    case: Case, caller: Callable[..., Caller], people: dict[str, User]
) -> None:
    told = caller("canales1").get("tasks?list=supervised&procedure=sales&step=1")
    assert [item["case"] for item in told["items"]] == [case.number]
