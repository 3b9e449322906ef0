"""A move's reads and writes, in as few statements as possible.

Three statements move a case: one that *only* locks it, one that reads it together with the task concerned, and one that writes
everything the move changes. The first two must not become one: the second's snapshot has to be younger than the lock, or two
parallel branches would each still see the other one open (see docs: "How a case moves").

They run on psycopg's own cursor, bound at the server and prepared there: planning them anew each time costs as much as running
them. The last one is put together from the parts that the move needs; each combination is one text, so it is prepared too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, LiteralString

from django.db import connection, transaction
from django.db.backends.postgresql.base import ServerBindingCursor
from psycopg.sql import SQL, Composed, Identifier

from thaki.cases.models import Case, Task
from thaki.people.prepared import cursor, instance, watching

if TYPE_CHECKING:
    from thaki.people.models import User

QUEUE = "cases"  # of the worker


def _listed(table: LiteralString, names: Iterable[str]) -> Composed:
    return SQL(", ").join(SQL("{}.{}").format(SQL(table), Identifier(name)) for name in names)


# What a move has no use for stays unread: the subject's trigrams are many.
_UNREAD = ("search", "submission_key")
_CASE = tuple(f.attname for f in Case._meta.concrete_fields if f.attname not in _UNREAD)
_TASK = tuple(f.attname for f in Task._meta.concrete_fields)
_JSON = tuple(_CASE.index(name) for name in ("marking",))

LOCK = b"SELECT 1 FROM cases_case WHERE id = %s FOR NO KEY UPDATE"
# Who acts is told to the triggers that keep the history of commercial records (records/history.py), once a transaction.
READ_CASE = (
    SQL("SELECT {c}, set_config('pghistory.context_metadata', %s, true) FROM cases_case c WHERE c.id = %s")
    .format(c=_listed("c", _CASE))
    .as_bytes()
)
READ_BOTH = (
    SQL(
        "SELECT {c}, {t}, set_config('pghistory.context_metadata', %s, true) "
        "FROM cases_case c LEFT JOIN cases_task t ON t.case_id = c.id AND t.token = %s WHERE c.id = %s"
    )
    .format(c=_listed("c", _CASE), t=_listed("t", _TASK))
    .as_bytes()
)


LOCK_OF_TASK = b"SELECT id FROM cases_case WHERE id = (SELECT case_id FROM cases_task WHERE id = %s) FOR NO KEY UPDATE"
READ_OF_TASK = (
    SQL(
        "SELECT {c}, {t}, nextval('cases_task_id_seq'), set_config('pghistory.context_metadata', %s, true) "
        "FROM cases_task t JOIN cases_case c ON c.id = t.case_id WHERE t.id = %s"
    )
    .format(c=_listed("c", _CASE), t=_listed("t", _TASK))
    .as_bytes()
)


class NoSuchCase(LookupError):
    """There is no case of that id."""


@dataclass(slots=True)
class Changes:
    """What a move writes. Each list holds the rows of one part below; those of waits that are over hold their tokens."""

    history: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    opened: list[dict[str, Any]] = field(default_factory=list)
    armed: list[dict[str, Any]] = field(default_factory=list)
    disarmed: list[int] = field(default_factory=list)
    awaited: list[dict[str, Any]] = field(default_factory=list)
    forgotten: list[int] = field(default_factory=list)
    jobs: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[int] = field(default_factory=list)
    effects: list[dict[str, Any]] = field(default_factory=list)
    typed: list[dict[str, Any]] = field(default_factory=list)  # what a person sent, for as long as it can be undone
    answered: list[dict[str, Any]] = field(default_factory=list)  # tasks, and who needs his draft of them no more


@dataclass(frozen=True, slots=True)
class _Part:
    """One table that a move writes, in two forms: a single row, as nearly always, and any number of rows as JSON."""

    one: LiteralString  # with a parameter a column, `part_column`
    many: LiteralString  # with the one parameter `part`
    columns: tuple[str, ...] = ()  # () for those that only hold a key


# Single rows as plain parameters cost two thirds of what they cost as a JSON document.
_PARTS: Mapping[str, _Part] = {
    "history": _Part(
        """INSERT INTO cases_historyevent (case_id, at, seq, kind, node, step, role, by_id, data)
        VALUES (%(case)s, %(now)s, %(history_seq)s, %(history_kind)s, %(history_node)s, %(history_step)s, %(history_role)s,
        %(history_by_id)s, %(history_data)s)""",
        """INSERT INTO cases_historyevent (case_id, at, seq, kind, node, step, role, by_id, data)
        SELECT %(case)s, %(now)s, x.* FROM jsonb_to_recordset(%(history)s) AS
        x(seq int, kind text, node text, step text, role text, by_id bigint, data jsonb)""",
        ("seq", "kind", "node", "step", "role", "by_id", "data"),
    ),
    "closed": _Part(
        """UPDATE cases_task SET state = %(closed_state)s, closed_at = %(now)s, closed_by_id = %(closed_by_id)s,
        close_reason = %(closed_reason)s, closed_seq = %(closed_seq)s, submission_key = %(closed_key)s
        WHERE case_id = %(case)s AND token = %(closed_token)s""",
        """UPDATE cases_task t SET state = x.state, closed_at = %(now)s, closed_by_id = x.by_id,
        close_reason = x.reason, closed_seq = x.seq, submission_key = x.key
        FROM jsonb_to_recordset(%(closed)s) AS x(token int, state text, by_id bigint, reason text, seq int, key text)
        WHERE t.case_id = %(case)s AND t.token = x.token""",
        ("token", "state", "by_id", "reason", "seq", "key"),
    ),
    "opened": _Part(
        """INSERT INTO cases_task (case_id, priority, opened_at, state, close_reason, submission_key,
        id, token, node, step, role, assignee_id, assigned_at, team_id, agency, due_at)
        VALUES (%(case)s, %(priority)s, %(now)s, 'open', '', '', coalesce(%(opened_id)s, nextval('cases_task_id_seq')),
        %(opened_token)s, %(opened_node)s, %(opened_step)s, %(opened_role)s, %(opened_assignee_id)s, %(opened_assigned_at)s,
        %(opened_team_id)s, %(opened_agency)s, %(opened_due_at)s) RETURNING id, token""",
        """INSERT INTO cases_task (case_id, priority, opened_at, state, close_reason, submission_key,
        id, token, node, step, role, assignee_id, assigned_at, team_id, agency, due_at)
        SELECT %(case)s, %(priority)s, %(now)s, 'open', '', '', coalesce(x.id, nextval('cases_task_id_seq')),
        x.token, x.node, x.step, x.role, x.assignee_id, x.assigned_at, x.team_id, x.agency, x.due_at
        FROM jsonb_to_recordset(%(opened)s) AS x(id bigint, token int, node text, step text, role text, assignee_id bigint,
        assigned_at timestamptz, team_id bigint, agency text, due_at timestamptz) RETURNING id, token""",
        ("id", "token", "node", "step", "role", "assignee_id", "assigned_at", "team_id", "agency", "due_at"),
    ),
    "armed": _Part(
        """INSERT INTO cases_timer (case_id, armed_at, failures, is_stuck, token, node, due_at)
        VALUES (%(case)s, %(now)s, 0, false, %(armed_token)s, %(armed_node)s, %(armed_due_at)s)""",
        """INSERT INTO cases_timer (case_id, armed_at, failures, is_stuck, token, node, due_at)
        SELECT %(case)s, %(now)s, 0, false, x.*
        FROM jsonb_to_recordset(%(armed)s) AS x(token int, node text, due_at timestamptz)""",
        ("token", "node", "due_at"),
    ),
    "disarmed": _Part(
        "DELETE FROM cases_timer WHERE case_id = %(case)s AND token = %(disarmed)s",
        "DELETE FROM cases_timer WHERE case_id = %(case)s AND token = ANY(%(disarmed)s)",
    ),
    "awaited": _Part(
        """INSERT INTO cases_wait (case_id, since_at, token, node, message)
        VALUES (%(case)s, %(now)s, %(awaited_token)s, %(awaited_node)s, %(awaited_message)s)""",
        """INSERT INTO cases_wait (case_id, since_at, token, node, message)
        SELECT %(case)s, %(now)s, x.* FROM jsonb_to_recordset(%(awaited)s) AS x(token int, node text, message text)""",
        ("token", "node", "message"),
    ),
    "forgotten": _Part(
        "DELETE FROM cases_wait WHERE case_id = %(case)s AND token = %(forgotten)s",
        "DELETE FROM cases_wait WHERE case_id = %(case)s AND token = ANY(%(forgotten)s)",
    ),
    "jobs": _Part(
        """INSERT INTO cases_waitingjob (case_id, since_at, token, node, keys, by_id)
        VALUES (%(case)s, %(now)s, %(jobs_token)s, %(jobs_node)s, %(jobs_keys)s, %(jobs_by_id)s)""",
        """INSERT INTO cases_waitingjob (case_id, since_at, token, node, keys, by_id)
        SELECT %(case)s, %(now)s, x.token, x.node, ARRAY(SELECT jsonb_array_elements_text(x.keys)), x.by_id
        FROM jsonb_to_recordset(%(jobs)s) AS x(token int, node text, keys jsonb, by_id bigint)""",
        ("token", "node", "keys", "by_id"),
    ),
    "dropped": _Part(
        "DELETE FROM cases_waitingjob WHERE case_id = %(case)s AND token = %(dropped)s",
        "DELETE FROM cases_waitingjob WHERE case_id = %(case)s AND token = ANY(%(dropped)s)",
    ),
    "effects": _Part(
        """INSERT INTO cases_effect (case_id, state, attempts, result, error, created_at, node, kind, key, payload, by_id)
        VALUES (%(case)s, 'pending', 0, '{}', '', %(now)s, %(effects_node)s, %(effects_kind)s, %(effects_key)s,
        %(effects_payload)s, %(effects_by_id)s) ON CONFLICT (key) DO NOTHING RETURNING id""",
        """INSERT INTO cases_effect (case_id, state, attempts, result, error, created_at, node, kind, key, payload, by_id)
        SELECT %(case)s, 'pending', 0, '{}', '', %(now)s, x.*
        FROM jsonb_to_recordset(%(effects)s) AS x(node text, kind text, key text, payload jsonb, by_id bigint)
        ON CONFLICT (key) DO NOTHING RETURNING id""",
        ("node", "kind", "key", "payload", "by_id"),
    ),
    "typed": _Part(
        """INSERT INTO cases_remembered (task_id, n, "table", verb, "row", xact, at)
        VALUES (%(typed_task)s, 0, '', 'TYPED', %(typed_row)s, 0, clock_timestamp())""",
        """INSERT INTO cases_remembered (task_id, n, "table", verb, "row", xact, at)
        SELECT x.task, 0, '', 'TYPED', x.row, 0, clock_timestamp()
        FROM jsonb_to_recordset(%(typed)s) AS x(task bigint, "row" text)""",
        ("task", "row"),
    ),
    # What other people typed into the task is theirs until they have seen who was first.
    "answered": _Part(
        "DELETE FROM cases_draft WHERE task_id = %(answered_task)s AND user_id = %(answered_by_id)s",
        """DELETE FROM cases_draft d USING jsonb_to_recordset(%(answered)s) AS x(task bigint, by_id bigint)
        WHERE d.task_id = x.task AND d.user_id = x.by_id""",
        ("task", "by_id"),
    ),
}
# One job for all new effects of a move, by the function that procrastinate itself calls; a test holds the two together.
_QUEUE: LiteralString = """SELECT procrastinate_defer_jobs_v1(ARRAY[ROW(%(queue)s, %(queue_task)s, 0, NULL, NULL,
        jsonb_build_object('effect_ids', jsonb_agg(id)), NULL)::procrastinate_job_to_defer_v1]) AS jobs
        FROM effects HAVING count(*) > 0"""
_RESULTS: Mapping[str, LiteralString] = {
    "opened": "SELECT id, token FROM opened",
    "effects": "SELECT id, 0 FROM effects",  # no wait has the token 0
    "queue": "SELECT jobs[1], -1 FROM queue",
}
_STEP: LiteralString = """UPDATE cases_case SET marking = %(marking)s, version_counter = %(version_counter)s,
    last_seq = %(last_seq)s, last_event_at = %(now)s"""
# What changes seldom: left out of the update of an ordinary step, which then writes less.
_SELDOM: LiteralString = """, state = %(state)s, outcome = %(outcome)s, ended_at = %(ended_at)s, suspended_at = %(suspended_at)s,
    owner_id = %(owner_id)s, priority = %(priority)s"""
_SELDOM_NAMES = ("state", "outcome", "ended_at", "suspended_at", "owner_id", "priority")
_LABEL: LiteralString = ", subject = %(subject)s, search = %(search)s"
_LABEL_NAMES = ("subject", "search")
_THIS: LiteralString = " WHERE id = %(case)s"


@cache
def _statement(parts: tuple[tuple[str, bool], ...], queue: bool, seldom: bool, label: bool) -> bytes:
    """The text for these parts, each with whether it has a single row."""
    texts: dict[str, LiteralString] = {
        name: _PARTS[name].one if single else _PARTS[name].many for name, single in parts
    }
    if queue:
        texts["queue"] = _QUEUE
    update = SQL(_STEP) + SQL(_SELDOM if seldom else "") + SQL(_LABEL if label else "") + SQL(_THIS)
    results = SQL(" UNION ALL ").join([SQL(text) for name, text in _RESULTS.items() if name in texts])
    named = SQL(", ").join([SQL("{} AS ({})").format(Identifier(name), SQL(text)) for name, text in texts.items()])
    if not any(name in texts for name in _RESULTS):
        return SQL("WITH {} {}").format(named, update).as_bytes()
    return SQL("WITH {}, moved AS ({}) {}").format(named, update, results).as_bytes()


@contextmanager
def moving() -> Iterator[None]:
    """The transaction of a move. The ORM's statements within are bound at the server too, so that they are planned once.

    Planning costs as much as running statements as small as those of a step; the rest of the system keeps Django's defaults.
    Nor are there savepoints within: whatever refuses something refuses the whole move, so an operation of the records that
    brings its own `atomic` need not be undone by itself.
    """
    with transaction.atomic():
        raw = connection.connection
        factory = raw.cursor_factory
        raw.cursor_factory = ServerBindingCursor
        savepoints, connection.features.uses_savepoints = connection.features.uses_savepoints, False
        if raw.prepare_threshold is None:
            raw.prepare_threshold, raw.prepared_max = 3, 400
        try:
            with watching():
                yield
        finally:
            raw.cursor_factory = factory
            connection.features.uses_savepoints = savepoints


def lock_and_read(case_id: int, token: int = 0, *, by: User | None = None) -> tuple[Case, Task | None]:
    """Lock the case, then read it, and the task of that token (0: none). Raises NoSuchCase.

    Inside an atomic block only, and two statements: the second takes its snapshot once the lock is there.
    """
    actor = _actor(by, case_id)
    if token:
        row = _after_lock(LOCK, case_id, READ_BOTH, (actor, token, case_id))
    else:
        row = _after_lock(LOCK, case_id, READ_CASE, (actor, case_id))
    if row is None:
        raise NoSuchCase(case_id)
    return _made(row)


def lock_and_read_of(task_id: int, *, by: User | None = None) -> tuple[Case, Task] | None:
    """The same by the id of a task, whose case never changes; None when there is no such task."""
    row = _after_lock(LOCK_OF_TASK, task_id, READ_OF_TASK, (_actor(by, task_id=task_id if by else None), task_id))
    if row is None:
        return None
    case, task = _made([*row[:-2], row[-1]])
    assert task is not None  # it was read by its id
    case.next_task_id = row[-2]
    return case, task


def _after_lock(lock: bytes, key: int, read: bytes, values: tuple[Any, ...]) -> Sequence[Any] | None:
    connection.ensure_connection()
    with connection.wrap_database_errors:
        reader = cursor()
        reader.execute(lock, (key,))
        row: Sequence[Any] | None = reader.execute(read, values).fetchone()
    return row


def _made(row: Sequence[Any]) -> tuple[Case, Task | None]:
    values = list(row)[:-1]
    case = _case(values[: len(_CASE)])
    found = len(values) > len(_CASE) and values[len(_CASE)] is not None
    return case, _task(values[len(_CASE) :], case) if found else None


def _actor(by: User | None, case_id: int | None = None, task_id: int | None = None) -> str:
    """`task` is only there while a person completes it: `remembering` then keeps the rows that change."""
    return json.dumps({"user": by.pk if by else None, "case": case_id} | ({"task": task_id} if task_id else {}))


def act_as(by: User | None, case_id: int | None = None) -> None:
    """Tell the triggers that keep the history of commercial records who acts in this transaction."""
    with connection.cursor() as django_cursor:
        django_cursor.execute("SELECT set_config('pghistory.context_metadata', %s, true)", [_actor(by, case_id)])


def _case(values: list[Any]) -> Case:
    for at in _JSON:
        if isinstance(values[at], str):
            values[at] = json.loads(values[at])
    return instance(Case, _CASE, values)


def _task(values: list[Any], case: Case) -> Task:
    task = instance(Task, _TASK, values)
    task.case = case
    return task


def task_ids(case: Case, count: int) -> list[int]:
    """Ids for tasks that must be known before they are written; the first one may have been kept when the case was read."""
    kept = [] if case.next_task_id is None else [case.next_task_id]
    case.next_task_id = None
    if len(kept) >= count:
        return kept
    with connection.wrap_database_errors:
        found = cursor().execute(
            "SELECT nextval('cases_task_id_seq') FROM generate_series(1, %s)", (count - len(kept),)
        )
        return kept + [row[0] for row in found.fetchall()]


def write(
    case: Case, now: datetime, changes: Changes, *, seldom: bool = False, label: bool = False, task: str = ""
) -> tuple[dict[int, int], list[int]]:
    """Write a move; returns the ids of the opened tasks by token, and those of the effects that are new.

    `seldom` and `label` say that columns of the case change which a step leaves alone. `task` is the worker's task for new
    effects: with "" deferring them is left to the caller.
    """
    parameters: dict[str, Any] = {
        "case": case.pk,
        "now": now,
        "marking": json.dumps(case.marking, separators=(",", ":")),
        "version_counter": case.version_counter,
        "last_seq": case.last_seq,
    }
    for name in (*(_SELDOM_NAMES if seldom else ()), *(_LABEL_NAMES if label else ())):
        parameters[name] = getattr(case, name)
    parts = []
    for name, part in _PARTS.items():
        rows = getattr(changes, name)
        if rows:
            parts.append((name, len(rows) == 1))
            _bind(parameters, name, part, rows)
    if changes.opened:
        parameters["priority"] = case.priority
    queue = bool(changes.effects and task)
    if queue:
        parameters |= {"queue": QUEUE, "queue_task": task}
    with connection.wrap_database_errors:
        found = cursor().execute(_statement(tuple(parts), queue, seldom, label), parameters)
        results = found.fetchall() if found.description else []
    return {token: key for key, token in results if token > 0}, [key for key, token in results if token == 0]


def _bind(parameters: dict[str, Any], name: str, part: _Part, rows: list[Any]) -> None:
    """Add the parameters of a part's rows."""
    if len(rows) > 1:
        parameters[name] = dumps(rows) if part.columns else rows
    elif part.columns:
        for column in part.columns:
            value = rows[0][column]
            parameters[f"{name}_{column}"] = dumps(value) if isinstance(value, dict) else value
    else:
        parameters[name] = rows[0]


def dumps(rows: Sequence[Mapping[str, Any]] | Mapping[str, Any]) -> str:
    """Rows, or one, as JSON for the database."""
    return json.dumps(rows, separators=(",", ":"), ensure_ascii=False, default=_json_value)


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"not for JSON: {value!r}")
