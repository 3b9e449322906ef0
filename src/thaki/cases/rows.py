"""What the engine asks for, as rows in the making: the half of a move that knows tables, and nothing of when to do what."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from thaki.cases import clocks, store
from thaki.cases.models import Case, HistoryEvent, Task
from thaki.cases.versions import Version
from thaki.engine import moves as mv
from thaki.engine.procedure import Node, Procedure, TimerSpec

if TYPE_CHECKING:
    from thaki.people.models import User

Kind = HistoryEvent.Kind


@dataclass(slots=True)
class Entry:
    """A history event in the making."""

    kind: Kind
    node: Node | None = None
    by: User | None = None
    data: dict[str, Any] = field(default_factory=dict)


class Rows:
    """The rows that a move opens, closes, arms and awaits in a locked case, gathered until they are written at once."""

    def __init__(self, version: Version, case: Case, *, by: User | None, now: datetime) -> None:
        self.version = version
        self.app = version.app
        self.procedure = version.procedure
        self.case = case
        self.by = by
        self.now = max(now, case.last_event_at)
        self.record: Any = None
        self.changes = store.Changes()
        self.task: Task | None = None  # the one that the event closes
        self.submission_key = ""
        self._seq = case.last_seq
        self._children: list[mv.StartCase] = []
        self._dropped_children: list[int] = []
        self._opening: dict[int, dict[str, Any]] = {}
        self._jobs: deque[mv.RunJob] = deque()

    def apply(self, moves: tuple[mv.Move, ...], entry: Entry) -> None:
        """Turn what the engine asks for into rows, and note it in the history event that led to it."""
        for move in moves:
            _APPLY[type(move)](self, move, entry)

    def _open_task(self, move: mv.OpenTask, entry: Entry) -> None:
        node = self.procedure.nodes[move.node]
        whose = self._whose(node)
        self._opening[move.token] = {
            "id": None,
            "token": move.token,
            "node": node.id,
            "step": node.step,
            "role": node.role,
            "assignee_id": whose,
            "assigned_at": self.now if whose else None,
            "team_id": None,
            "agency": "",
            "due_at": self._instant(node.due) if node.due else None,
        }
        entry.data.setdefault("opened", []).append([move.token, node.id])

    def _instant(self, spec: TimerSpec) -> datetime:
        """When it is due, counted from now or from the moment of the record that it names."""
        since = self.app.moments[spec.since](self.record) if spec.since else None
        return clocks.instant(spec, self.now, since)

    def _whose(self, node: Node) -> int | None:
        """Who goes on with the case: the person who just worked in the same role, else who leads it, if it is his role."""
        if self.task is not None and self.by is not None and self.task.role == node.role:
            return self.by.pk
        if self.case.owner_id is not None and node.role == self.lead_role:
            return self.case.owner_id
        return None

    @property
    def lead_role(self) -> str:
        """The role in whose lane the procedure begins: its person leads the case."""
        return plain_start(self.procedure).role

    def _close_task(self, move: mv.CloseTask, entry: Entry) -> None:
        if self._opening.pop(move.token, None) is not None:  # opened and taken back within this move: it never was
            entry.data["opened"] = [pair for pair in entry.data.get("opened", []) if pair[0] != move.token]
            return
        completed = move.reason is mv.CloseReason.COMPLETED
        mine = self.task is not None and self.task.token == move.token
        self.changes.closed.append(
            {
                "token": move.token,
                "state": Task.State.DONE if completed else Task.State.CANCELLED,
                "by_id": self.by.pk if self.by else None,
                "reason": str(move.reason),
                "seq": self._seq,
                "key": self.submission_key if mine else "",
            }
        )
        if mine:
            entry.data["token"] = move.token
        else:
            entry.data.setdefault("withdrawn", []).append([move.token, move.node])

    def _arm_timer(self, move: mv.ArmTimer, entry: Entry) -> None:
        due_at = self._instant(move.spec)
        self.changes.armed.append({"token": move.token, "node": move.node, "due_at": due_at})

    def _disarm_timer(self, move: mv.DisarmTimer, entry: Entry) -> None:
        _take_back(self.changes.armed, self.changes.disarmed, move.token)

    def _await_message(self, move: mv.AwaitMessage, entry: Entry) -> None:
        self.changes.awaited.append({"token": move.token, "node": move.node, "message": move.message})

    def _forget_message(self, move: mv.ForgetMessage, entry: Entry) -> None:
        _take_back(self.changes.awaited, self.changes.forgotten, move.token)

    def _run_job(self, move: mv.RunJob, entry: Entry) -> None:
        self._jobs.append(move)

    def _drop_job(self, move: mv.DropJob, entry: Entry) -> None:
        waiting = [job for job in self._jobs if job.token == move.token]
        if waiting:
            self._jobs.remove(waiting[0])
        else:
            _take_back(self.changes.jobs, self.changes.dropped, move.token)

    def _start_case(self, move: mv.StartCase, entry: Entry) -> None:
        self.changes.jobs.append(
            {"token": move.token, "node": move.node, "keys": [], "by_id": self.by.pk if self.by else None}
        )
        self._children.append(move)

    def _drop_case(self, move: mv.DropCase, entry: Entry) -> None:
        known = len(self._children)
        self._children = [child for child in self._children if child.token != move.token]
        if len(self._children) == known:
            self._dropped_children.append(move.token)
        _take_back(self.changes.jobs, self.changes.dropped, move.token)

    def _passed(self, move: mv.Passed, entry: Entry) -> None:
        entry.data.setdefault("passed", []).append(move.node)
        if move.flows:
            entry.data.setdefault("flows", []).extend(move.flows)

    def _end_case(self, move: mv.EndCase, entry: Entry) -> None:
        """Entered after the event that led to it: see `_end`."""


def plain_start(procedure: Procedure) -> Node:
    """The start event by which people open a case: the one without a trigger, else the first."""
    starts = [procedure.nodes[start] for start in procedure.starts]
    return next((node for node in starts if not node.trigger), starts[0])


def _take_back(asked: list[dict[str, Any]], taken_back: list[int], token: int) -> None:
    """What this move asked for itself is struck out; what stood before is taken back in the database."""
    for row in asked:
        if row["token"] == token:
            asked.remove(row)
            return
    taken_back.append(token)


_APPLY: Mapping[type, Callable[[Rows, Any, Entry], None]] = {
    mv.OpenTask: Rows._open_task,
    mv.CloseTask: Rows._close_task,
    mv.ArmTimer: Rows._arm_timer,
    mv.DisarmTimer: Rows._disarm_timer,
    mv.AwaitMessage: Rows._await_message,
    mv.ForgetMessage: Rows._forget_message,
    mv.RunJob: Rows._run_job,
    mv.DropJob: Rows._drop_job,
    mv.StartCase: Rows._start_case,
    mv.DropCase: Rows._drop_case,
    mv.Passed: Rows._passed,
    mv.EndCase: Rows._end_case,
}
