"""The least that moving a case can cost: four plain statements of psycopg in one durable transaction.

Lock the case, close its task, open the next one, add a history row. No ORM, no forms, no rules: what any engine on PostgreSQL
pays. Its tables are of the same shape as ours, with the indexes without which there would be no worklist and no history page.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import LiteralString

import psycopg

SCHEMA: LiteralString = """
DROP SCHEMA IF EXISTS bench_floor CASCADE;
CREATE SCHEMA bench_floor;
CREATE TABLE bench_floor.kase (id bigint PRIMARY KEY, state text NOT NULL DEFAULT 'open', node text NOT NULL DEFAULT '');
CREATE TABLE bench_floor.task (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, case_id bigint NOT NULL REFERENCES bench_floor.kase,
    node text NOT NULL, role text NOT NULL, state text NOT NULL DEFAULT 'open', opened_at timestamptz NOT NULL,
    due_at timestamptz, closed_at timestamptz, closed_by bigint);
CREATE INDEX ON bench_floor.task (case_id);
CREATE INDEX ON bench_floor.task (role, due_at) WHERE state = 'open';
CREATE TABLE bench_floor.history (
    case_id bigint NOT NULL, seq int NOT NULL, at timestamptz NOT NULL, kind text NOT NULL, node text NOT NULL,
    by_id bigint, data jsonb NOT NULL, PRIMARY KEY (case_id, seq));
"""
LOCK: LiteralString = "SELECT id FROM bench_floor.kase WHERE id = %s FOR NO KEY UPDATE"
CLOSE: LiteralString = "UPDATE bench_floor.task SET state = 'done', closed_at = %s, closed_by = %s WHERE id = %s"
OPEN: LiteralString = (
    "INSERT INTO bench_floor.task (case_id, node, role, opened_at, due_at) VALUES (%s, %s, %s, %s, %s) RETURNING id"
)
HISTORY: LiteralString = "INSERT INTO bench_floor.history VALUES (%s, %s, %s, %s, %s, %s, %s)"


def make(url: str, cases: int) -> None:
    """Make the tables anew, with so many cases, each with its open task."""
    now = datetime.now(UTC)
    with psycopg.connect(url) as connection:
        connection.execute(SCHEMA)
        connection.execute("INSERT INTO bench_floor.kase (id) SELECT generate_series(1, %s)", (cases,))
        connection.execute(
            "INSERT INTO bench_floor.task (case_id, node, role, opened_at) SELECT id, 'Ask', 'role', %s "
            "FROM bench_floor.kase ORDER BY id",
            (now,),
        )


def drop(url: str) -> None:
    """Leave nothing behind."""
    with psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS bench_floor CASCADE")


class Floor:
    """One process's share of the cases, stepped round and round."""

    def __init__(self, url: str, first: int, count: int) -> None:
        self.connection = psycopg.connect(url)
        self.cursor = self.connection.cursor()
        self.cases = list(range(first, first + count))
        self.tasks = {case: case for case in self.cases}  # the first tasks were numbered like their cases
        self.turn = 0
        self.seq = 0

    def steps(self, count: int) -> float:
        """Move so many cases one step each; returns the seconds."""
        began = time.perf_counter()
        for _ in range(count):
            self._step()
        return time.perf_counter() - began

    def _step(self) -> None:
        case = self.cases[self.turn % len(self.cases)]
        self.turn += 1
        self.seq += 1
        now = datetime.now(UTC)
        execute = self.cursor.execute
        execute(LOCK, (case,))
        execute(CLOSE, (now, 1, self.tasks[case]))
        execute(OPEN, (case, "Check", "role", now, now))
        row = self.cursor.fetchone()
        assert row is not None
        self.tasks[case] = row[0]
        execute(HISTORY, (case, self.seq, now, "completed", "Ask", 1, "{}"))
        self.connection.commit()

    def close(self) -> None:
        """End the connection."""
        self.connection.close()


def main(argv: Sequence[str]) -> int:
    """Print the floor alone: `thaki bench floor`."""
    url = os.environ["DATABASE_URL"]
    make(url, 100)
    floor = Floor(url, 1, 100)
    floor.steps(200)
    seconds = floor.steps(1000)
    floor.close()
    drop(url)
    print(f"floor: {1000 / seconds:.0f} steps/s ({seconds:.3f} ms a step)")
    return 0
