"""Where an instant lies among events: keys grow with time, so they serve as an index by it, for which no step has to pay."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField
from django.db.models.expressions import RawSQL

# An event bears the instant at which its transaction began, its key that at which it was written.
SLACK = timedelta(hours=1)
# Halving: some thirty probes of the primary key, however many events there are; the next key counts, so a gap is no matter.
_FIRST = """(WITH RECURSIVE halved (low, high) AS (
    SELECT coalesce(min(pgh_id), 1)::bigint, coalesce(max(pgh_id), 0)::bigint + 1 FROM {table}
    UNION ALL
    SELECT CASE WHEN found.at < %s THEN found.id + 1 ELSE low END, CASE WHEN found.at < %s THEN high ELSE (low + high) / 2 END
    FROM halved CROSS JOIN LATERAL (
        SELECT pgh_id AS id, pgh_created_at AS at FROM {table} WHERE pgh_id >= (low + high) / 2 ORDER BY pgh_id LIMIT 1
    ) found WHERE low < high
) SELECT max(low) FROM halved)"""


def first_key(events: Any, at: datetime) -> RawSQL:
    """The key of the first event of a model that is not before the instant, as a condition compares it."""
    table = events._meta.db_table
    return RawSQL(_FIRST.format(table=f'"{table}"'), (at, at), output_field=BigIntegerField())  # noqa: S611  # our own table
