"""Sequences behind the numbers of records, for migrations."""

from __future__ import annotations

from django.db.migrations import RunSQL


def sequence(series: str) -> RunSQL:
    """Make the sequence that `thaki.records.numbers.take` draws from."""
    name = f"records_{series.lower()}_seq"
    return RunSQL(f"CREATE SEQUENCE {name}", f"DROP SEQUENCE {name}")
