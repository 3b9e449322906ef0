"""Two sales walk from lead to closed, and each step of theirs is taken back once and done again.

Everything that a step may change (every watched table, whole) is compared before and after: the steps need no inverse of their
own, and this holds that none does.
"""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from bench._sales import Walker, everybody, plan
from django.db import connection

from thaki.cases import operations, remembering, undoing, versions
from thaki.cases.models import Case, CaseDocument, Effect, Task
from thaki.people.demo import ensure_people
from thaki.records import demo as records

pytestmark = pytest.mark.django_db(transaction=True)
# Counted on, kept on purpose (tasks as withdrawn, received papers), or of the server itself.
APART = {Case._meta.db_table, Task._meta.db_table, CaseDocument._meta.db_table}
FINAL = {"12", "16"}  # an invoice issued, an invoice printed


def image() -> dict[str, Any]:
    """Every row of every table that a step may change."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in remembering.watched()} - APART):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')  # noqa: S608 - tables of our own models
            found[table] = cursor.fetchall()
        cursor.execute(
            "SELECT id, to_jsonb(c) - '{marking,last_seq,version_counter,last_event_at}'::text[] FROM cases_case c ORDER BY 1"
        )
        found["case"] = cursor.fetchall()
        cursor.execute("SELECT t::text FROM cases_task t WHERE close_reason <> 'undone' ORDER BY 1")
        found["task"] = cursor.fetchall()
    return found


@pytest.fixture
def undoing_each(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Makes `operations.complete` take every step back once before it does it for good; tells which were and which were not."""
    done = operations.complete
    told: list[str] = []
    settle = Walker._settle

    def of_what_stands(walker: Walker) -> None:
        standing = Effect.objects.filter(pk__in=walker.waiting).values_list("pk", flat=True)
        walker.waiting[:] = [each for each in walker.waiting if each in set(standing)]
        settle(walker)

    def twice(task_id: int, **given: Any) -> Any:
        task = Task.objects.get(pk=task_id)
        before = image()
        moved = done(task_id, **given)
        try:
            undoing.undo(moved.case_id, moved.seq, by=given["by"], now=given["now"])
        except undoing.CannotUndo as refused:
            told.append(f"{task.step}: {refused}")
            return moved
        after = image()
        assert {name: rows for name, rows in after.items() if rows != before[name]} == {}, task.node
        told.append(task.step)
        _rewind(given)
        return done(task_id, **given)

    monkeypatch.setattr(operations, "complete", twice)
    monkeypatch.setattr(Walker, "_settle", of_what_stands)
    return told


def _rewind(given: dict[str, Any]) -> None:
    """Uploads are read once."""
    for upload in (given.get("files") or {}).values():
        for each in upload if isinstance(upload, list) else [upload]:
            each.seek(0)


@pytest.mark.parametrize("payment", ["postpaid", "prepaid_transfer"])
def test_every_step_can_be_taken_back(payment: str, undoing_each: list[str], settings: Any, tmp_path: Any) -> None:
    from django.utils import timezone

    settings.DATA_DIR = tmp_path
    versions.forget()
    versions.seed()
    ensure_people()
    records.build(now=timezone.now(), customers=40, lines=200, points=15)
    walker = Walker(everybody(1)[0], Random(7))
    case = walker.open()
    for _step in walker.walk(case, plan(payment=payment)):
        pass
    case.refresh_from_db()
    assert not case.is_open
    refused = [each for each in undoing_each if ":" in each]
    print(undoing_each)
    assert [each for each in refused if each.partition(":")[0] not in FINAL] == []
