"""One move of a case, in memory: the engine's moves become rows, jobs run, and everything is written at the end.

A move begins with an event and goes on by itself as long as jobs pass at once. Nothing here reads the clock or knows what a sale
is; the record and its steps belong to the procedure's own room.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from thaki.cases import store, surroundings
from thaki.cases.delivered import Delivered, Opened
from thaki.cases.language import of_the_house
from thaki.cases.models import Case, Effect, Task
from thaki.cases.registry import Happened, Work, listeners
from thaki.cases.rows import Entry, Kind, Rows
from thaki.cases.rules import trigrams
from thaki.cases.versions import Version
from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.advance import advance
from thaki.engine.marking import Marking
from thaki.engine.procedure import Node

if TYPE_CHECKING:
    from thaki.people.models import User


class Move(Rows):
    """Gathers what one event, and all that follows from it at once, changes in a locked case."""

    def __init__(self, version: Version, case: Case, *, by: User | None, now: datetime) -> None:
        super().__init__(version, case, by=by, now=now)
        self.marking = Marking.from_json(case.marking) if case.marking else Marking()
        self.about: dict[str, Any] = {}  # codes that its history event bears beside the step's notes
        self._seldom = False  # whether columns change that an ordinary step leaves alone
        self._tells: list[tuple[int, str, dict[str, Any]]] = []
        self._before = (case.subject, case.owner_id, case.priority)
        self._first_seq = self._seq + 1

    # ------------------------------------------------------------------ what the procedure's room works with
    def work(self, node: str, task: Task | None = None) -> Work:
        """A stretch of work at a node, for a step, a job or a receiver."""
        return Work(self.case, self.record, self.now, self.by, task, node)

    def collect(self, work: Work) -> None:
        """Take over the effects and messages that a stretch of work asked for."""
        for kind, key, payload in work.effects:
            self.changes.effects.append(
                {
                    "node": work.node,
                    "kind": kind,
                    "key": key,
                    "payload": payload,
                    "by_id": self.by.pk if self.by else None,
                }
            )
        self._tells.extend(work.after)

    # ------------------------------------------------------------------ moving
    def advance(self, event: ev.Event, kind: Kind, node: Node | None, work: Work | None = None) -> None:
        """Let the engine answer the event, enter it into the history, and run the jobs that follow."""
        entry = Entry(kind, node, self.by, self.about | ({"notes": work.notes} if work and work.notes else {}))
        if isinstance(event, _SPENT):
            getattr(self.changes, _SPENT_ROWS[type(event)]).append(event.token)
            entry.data["token"] = event.token
        self._step(event, entry)
        while self._jobs:
            self._run(self._jobs.popleft())

    def _step(self, event: ev.Event, entry: Entry) -> None:
        facts = self.app.facts(self.record)
        self.marking, moves = advance(self.procedure, self.marking, event, facts, self.now)
        self._seq += 1
        seq = self._seq
        self.apply(moves, entry)
        self._write_history(seq, entry)
        for move in moves:
            if isinstance(move, mv.EndCase):
                self._end(move)

    def enter(self, kind: Kind, node: Node | None = None, data: Mapping[str, Any] | None = None) -> int:
        """Enter something into the history that does not move a token; returns its number in the case."""
        self._seq += 1
        self._write_history(self._seq, Entry(kind, node, self.by, dict(data or {})))
        return self._seq

    def _write_history(self, seq: int, entry: Entry) -> None:
        node = entry.node
        self.changes.history.append(
            {
                "seq": seq,
                "kind": str(entry.kind),
                "node": node.id if node else "",
                "step": node.step if node else "",
                "role": node.role if node else "",
                "by_id": entry.by.pk if entry.by else None,
                "data": entry.data,
            }
        )

    # ------------------------------------------------------------------ jobs
    def _run(self, job: mv.RunJob) -> None:
        """Run a job; the case goes on at once unless it asked for effects that are still to be done."""
        node = self.procedure.nodes[job.node]
        work = self.work(job.node)
        handler = self.app.job(node.handler) if node.handler else None
        if handler:
            with of_the_house():
                handler.run(work)
        self.collect(work)
        keys = [key for _, key, _ in work.effects]
        results = _settled(keys) if keys else {}
        if len(results) < len(set(keys)):
            self.changes.jobs.append(
                {"token": job.token, "node": job.node, "keys": keys, "by_id": self.by.pk if self.by else None}
            )
            self._notes_of_waiting(node, work)
            return
        if handler and handler.done:
            handler.done(work, results)
            self.collect_after_done(work, len(keys))
        self._step(ev.JobDone(job.token), self.job_entry(job.token, node, work))

    def collect_after_done(self, work: Work, known: int) -> None:
        """Take over what `done` asked for on top of the job's own effects."""
        work.effects, work.after = work.effects[known:], []
        self.collect(work)

    def job_entry(self, token: int, node: Node, work: Work) -> Entry:
        """The history event of a job that is done: it bears who completed the step before it (R-A12)."""
        return Entry(Kind.PASSED, node, self.by, {"token": token} | ({"notes": work.notes} if work.notes else {}))

    def _notes_of_waiting(self, node: Node, work: Work) -> None:
        if work.notes:
            self.enter(Kind.NOTED, node, {"notes": work.notes})

    def _end(self, move: mv.EndCase) -> None:
        cancelled = not move.node and not move.error
        self.case.state = Case.State.CANCELLED if cancelled else Case.State.ENDED
        self.case.outcome = (move.outcome or move.error)[:60]
        self.case.ended_at, self.case.suspended_at = self.now, None
        self._seldom = True
        if self.app.ended:
            work = self.work(move.node)
            self.app.ended(work, self.case.outcome)
            self.collect(work)
        if not cancelled:
            self.enter(Kind.ENDED, self.procedure.nodes.get(move.node), {"outcome": self.case.outcome})

    # ------------------------------------------------------------------ writing
    def finish(self) -> Delivered:
        """Write everything and defer the jobs, all in the caller's transaction."""
        self._prepare_tasks()
        case = self.case
        case.marking = self.marking.to_json()
        case.version_counter += 1
        case.last_seq, case.last_event_at = self._seq, self.now
        label = self._label()
        self._tell_listeners()
        world = surroundings.current()
        tasks, effects = store.write(
            case, self.now, self.changes, seldom=self._seldom, label=label, task=world.effects_task
        )
        if effects and not world.effects_task:
            world.defer_effects(effects)
        self._defer(world)
        opened = tuple(
            Opened(tasks[token], token, row["node"], row["step"], row["role"], row["assignee_id"])
            for token, row in self._opening.items()
        )
        return Delivered(case.pk, case.number, self._first_seq, opened, case.outcome, not case.is_open)

    def _tell_listeners(self) -> None:
        """Take over the effects that those ask for who listen to every move."""
        for listener in listeners():
            closed = any(row["state"] == Task.State.DONE for row in self.changes.closed)
            happened = Happened(
                self.case,
                self._first_seq,
                self.now,
                self.by,
                is_new=self._first_seq == 1,
                has_ended=not self.case.is_open,
                completed=self.task if closed else None,
                opened=self._opened_rows,
            )
            for asked in listener(happened):
                self.changes.effects.append(
                    {"node": "", "kind": asked.kind, "key": asked.key, "payload": asked.payload, "by_id": None}
                )

    def _opened_rows(self) -> list[dict[str, Any]]:
        """The tasks that the move opens, with ids taken now where the writing statement would take them."""
        rows = [row for row in self.changes.opened if row["id"] is None]
        for row, task_id in zip(rows, store.task_ids(self.case, len(rows)) if rows else (), strict=True):
            row["id"] = task_id
        return list(self.changes.opened)

    def write_history_only(self) -> None:
        """Write what was entered when no token moved: the marking and the columns that change seldom stay as they are."""
        self.case.last_seq, self.case.last_event_at = self._seq, self.now
        self.case.version_counter += 1
        store.write(self.case, self.now, self.changes)

    def _prepare_tasks(self) -> None:
        """Let the steps have a hand in the tasks that open: who gets them, when they are due, what is sent out with them."""
        hooks = [(row, hook) for row in self._opening.values() if (hook := self._hook(row["node"])) is not None]
        ids = store.task_ids(self.case, len(hooks)) if hooks else []
        for (row, hook), task_id in zip(hooks, ids, strict=True):
            row["id"] = task_id
            task = Task(case=self.case, opened_at=self.now, priority=self.case.priority, **row)
            work = self.work(task.node, task)
            hook(work)
            self.collect(work)
            self._notes_of_waiting(self.procedure.nodes[task.node], work)
            row.update({name: getattr(task, name) for name in ("assignee_id", "team_id", "agency", "due_at")})
            row["assigned_at"] = self.now if task.assignee_id else None
        self.changes.opened.extend(self._opening.values())

    def _hook(self, node: str) -> Callable[[Work], None] | None:
        handler = self.procedure.nodes[node].handler
        return self.app.step(handler).opened if handler else None

    def _label(self) -> bool:
        """Bring the case's subject up to date; returns whether it changed."""
        case = self.case
        case.subject = self.app.subject(self.record)[:120]
        if (case.owner_id, case.priority) != self._before[1:]:
            self._seldom = True
        if case.priority != self._before[2]:
            Task.objects.filter(case=case, state=Task.State.OPEN).update(priority=case.priority)
        if case.subject == self._before[0]:
            return False
        case.search = trigrams(case.subject)
        return True

    def _defer(self, world: surroundings.Surroundings) -> None:
        for case_id, message, payload in self._tells:
            world.defer_message(case_id, message, payload)
        for child in self._children:
            world.defer_child(self.case.pk, child.token, child.called)
        for token in self._dropped_children:
            world.defer_drop_child(self.case.pk, token)
        if self.case.parent_id is not None and not self.case.is_open:
            assert self.case.parent_token is not None  # the database pairs them
            world.defer_child_ended(self.case.parent_id, self.case.parent_token, self.case.outcome)


def _settled(keys: list[str]) -> dict[str, Any]:
    """The results of those effects that are settled already (the same thing asked for before)."""
    rows = Effect.objects.filter(key__in=keys, state__in=(Effect.State.DONE, Effect.State.SKIPPED))
    return dict(rows.values_list("key", "result"))


# An event spends the row that waited for it; the engine only takes back what was not answered.
_SPENT_ROWS: Mapping[type, str] = {
    ev.TimerFired: "disarmed",
    ev.MessageReceived: "forgotten",
    ev.JobDone: "dropped",
    ev.JobFailed: "dropped",
    ev.ChildEnded: "dropped",
}
_SPENT = (ev.TimerFired, ev.MessageReceived, ev.JobDone, ev.JobFailed, ev.ChildEnded)
