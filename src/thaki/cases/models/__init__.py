"""Where every case stands, what it waits for, and what has happened to it.

The case knows *where* it is; the procedure's own record (a `Sale`) knows what is true. Waiting is a row: an open `Task`, an armed
`Timer`, an awaited message (`Wait`) or a job whose effects are still out (`WaitingJob`). Rows that only wait are deleted once the
wait is over; tasks stay, and so does `HistoryEvent`, which the database refuses to change (migration 0002).

Columns that change at every step are kept out of the indexes of `Case`, so that its update stays a heap-only one; the indexes of
`Task` that the worklists read are partial on open tasks, so their cost does not grow with what is finished.
"""

from thaki.cases.models.case import Case, Task
from thaki.cases.models.effect import Effect, Incident
from thaki.cases.models.fleeting import Presence, Remembered
from thaki.cases.models.history import CaseDocument, Draft, HistoryEvent, Remark
from thaki.cases.models.rollup import RolledDay, Rollup
from thaki.cases.models.version import ProcedureVersion
from thaki.cases.models.waits import Timer, Wait, WaitingJob

__all__ = [
    "Case",
    "CaseDocument",
    "Draft",
    "Effect",
    "HistoryEvent",
    "Incident",
    "Presence",
    "ProcedureVersion",
    "Remark",
    "Remembered",
    "RolledDay",
    "Rollup",
    "Task",
    "Timer",
    "Wait",
    "WaitingJob",
]
