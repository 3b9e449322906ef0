"""Invariants that hold whatever the program does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.integration.cases.conftest import Clock, task_at

from thaki.cases.models import Case, Effect, HistoryEvent, Incident, ProcedureVersion, Task
from thaki.people.models import User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cases_historyevent SET kind = 'noted'",
        "DELETE FROM cases_historyevent",
        "TRUNCATE cases_historyevent",
        "UPDATE cases_historyevent SET kind = 'noted' WHERE false",
    ],
)
def test_history_is_append_only(case: Case, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_history_survives_its_subject(case: Case, clock: Clock) -> None:
    from django.db.models import CASCADE

    field: Any = HistoryEvent._meta.get_field("case")
    assert field.remote_field.on_delete is not CASCADE
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conrelid = 'cases_historyevent'::regclass"
        )
        assert cursor.fetchone() == (0,)


Wrong = Callable[[Case, Task, User], Any]


def _twice(model: type[Any], row: Any, **changes: Any) -> Any:
    values = {f.attname: getattr(row, f.attname) for f in model._meta.concrete_fields if f.attname != "id"}
    return model.objects.create(**(values | changes))


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda case, task, ana: _twice(Task, task), id="two tasks of a token"),
        pytest.param(lambda case, task, ana: _twice(Case, case), id="a number twice"),
        pytest.param(lambda case, task, ana: Case.objects.update(state="ended"), id="ended without when"),
        pytest.param(lambda case, task, ana: Case.objects.update(outcome="done"), id="an outcome while open"),
        pytest.param(lambda case, task, ana: Case.objects.update(state="suspended"), id="suspended without when"),
        pytest.param(lambda case, task, ana: Task.objects.update(state="done"), id="done without when"),
        pytest.param(lambda case, task, ana: Task.objects.update(closed_by=ana), id="closed by, but open"),
        pytest.param(lambda case, task, ana: Task.objects.update(assignee=ana), id="assigned without when"),
        pytest.param(lambda case, task, ana: Case.objects.update(parent_token=3), id="a token without a parent"),
    ],
)
def test_what_contradicts_itself_is_refused(case: Case, ana: User, wrong: Wrong) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong(case, task_at(case, "Ask"), ana)


def test_an_effect_key_is_unique_for_ever(case: Case, clock: Clock) -> None:
    values = {"case": case, "node": "Ask", "kind": "toy.mail", "key": "k", "created_at": clock.now}
    Effect.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Effect.objects.create(**values)


def test_an_effect_has_one_open_incident(case: Case, clock: Clock) -> None:
    effect = Effect.objects.create(case=case, node="Ask", kind="toy.mail", key="k", created_at=clock.now)
    values = {"case": case, "kind": "effect", "effect": effect, "error": "x", "opened_at": clock.now}
    Incident.objects.create(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.create(**values)


def test_one_version_of_a_procedure_is_in_force(case: Case) -> None:
    version = ProcedureVersion.objects.get(code="toy")
    with pytest.raises(IntegrityError), transaction.atomic():
        _twice(ProcedureVersion, version, number=2)


def test_worklists_read_an_index_of_open_tasks_only(case: Case) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM cases_task WHERE state = 'open' AND role = 'cajero' "
            "ORDER BY priority DESC, due_at, id LIMIT 50"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "cases_task_by_role" in plan
    assert "Sort" not in plan
