"""Which rows a completed step changed, and how they were before: kept by triggers for the minutes in which it can be undone.

Theory of operation. A step changes its case's rows, its procedure's record and whatever commercial records it touches, by many
roads (the ORM, prepared statements, `INSERT … SELECT`). An inverse written for each step would have to know them all, and would
be wrong the day one is added; a trigger sees every row, whoever wrote it. It does nothing but while a person completes a task:
`store` then puts the task's id beside the person's in the setting that the history of records already reads. The table is not
logged and swept each minute, so it costs a step some microseconds a row (see ADR 0011).

Not watched: what only ever grows (history, remarks, calls to other systems, files) and what is no part of a step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from psycopg.sql import SQL, Identifier

TRIGGER = "cases_remember"
JOBS = "procrastinate_jobs"  # what the step asked the worker to do: it is taken out of the queue again, if it is still there
WHILE_A_PERSON_COMPLETES = """current_setting('pghistory.context_metadata', true) LIKE '%"task"%'"""
# By model: these stay as they are when a step is taken back.
UNWATCHED = frozenset(
    {
        "cases.Draft",  # put back as it was sent
        "cases.HistoryEvent",
        "cases.Presence",
        "cases.ProcedureVersion",
        "cases.Remark",
        "cases.Remembered",
        "cases.RolledDay",  # counted by a job
        "cases.Rollup",
        "documents.Document",  # a file that was received stays in the case
        "bss.BssCall",
    }
)
ROOMS = (
    "thaki.cases.",
    "thaki.records.",
    "thaki.reporting.",
    "thaki.channels.",
    "thaki.integrations.",
    "thaki.procedures.",
    "tests.toy.",
)


def watched() -> Iterator[type[models.Model]]:
    """The models whose rows a step may change; those of records' own history are not among them."""
    for room in apps.all_models.values():
        for model in room.values():
            plain = model._meta.managed and not model._meta.proxy and not _is_history(model)
            if plain and f"{model.__module__}.".startswith(ROOMS) and model._meta.label not in UNWATCHED:
                yield model


def _is_history(model: type[models.Model]) -> bool:
    return any(field.name == "pgh_id" for field in model._meta.fields)


def install(**_signal: Any) -> None:
    """Give every watched table its trigger; after each migration, and nothing to do in most of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc('cases_remember') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return  # the migrations have not come so far yet
        cursor.execute(
            "SELECT c.relname, EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = %s) "
            "FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace",
            [TRIGGER],
        )
        has = dict(cursor.fetchall())
        wanted = {model._meta.db_table: "INSERT OR UPDATE OR DELETE" for model in watched()} | {JOBS: "INSERT"}
        for table, verbs in wanted.items():
            if has.get(table) is False:
                cursor.execute(_trigger(table, verbs))


def _trigger(table: str, verbs: str) -> Any:
    text = SQL("CREATE TRIGGER {} AFTER " + verbs + " ON {} FOR EACH ROW WHEN ({}) EXECUTE FUNCTION cases_remember()")
    return text.format(Identifier(TRIGGER), Identifier(table), SQL(WHILE_A_PERSON_COMPLETES))


def sweep() -> None:
    """Forget what is too old to be undone. By the database's clock, which also wrote it."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_remembered WHERE at < clock_timestamp() - interval '1 hour'")
