"""The live diagram: where the tokens are, the way that was taken with its counts, and the time in each step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from thaki.cases import versions
from thaki.cases.models import Case, HistoryEvent, Incident, Task, Timer, Wait, WaitingJob
from thaki.cases.rules import standing
from thaki.engine.procedure import Procedure

Kind = HistoryEvent.Kind


@dataclass(slots=True)
class NodeState:
    """One element of the diagram in this case."""

    state: str  # done, current, late, incident; waiting (a timer or a message hangs on it)
    count: int = 0  # how often the case went through
    time: timedelta = timedelta()  # spent there, until now
    task_id: int | None = None
    due_at: datetime | None = None


@dataclass(slots=True)
class DiagramState:
    """What the diagram paints over the procedure."""

    nodes: dict[str, NodeState] = field(default_factory=dict)
    flows: dict[str, int] = field(default_factory=dict)  # taken how often
    focus: str = ""  # where to look first: the newest token


def diagram_state(case: Case, *, now: datetime) -> DiagramState:
    """The diagram of one case; the number of queries is fixed."""
    procedure = versions.of_id(case.version_id).procedure
    tasks = list(Task.objects.filter(case=case).order_by("pk"))
    state = DiagramState()
    passed, flows = _passed(procedure, case)
    for node, count in passed.items():
        state.nodes[node] = NodeState("done", count)
    state.flows = dict(flows)
    _time_spent(state, tasks, case.ended_at or now)
    _waiting(state, case)
    for task in tasks:
        if task.is_open:
            _current(state, task.node, "late" if task.is_late(now) else "current", task)
    for incident in Incident.objects.filter(case=case, resolved_at=None).exclude(node=""):
        _current(state, incident.node, "incident")
    return state


def _passed(procedure: Procedure, case: Case) -> tuple[Counter[str], Counter[str]]:
    """How often each node was gone through, and each flow taken."""
    nodes: Counter[str] = Counter()
    flows: Counter[str] = Counter()
    for event in standing(HistoryEvent.objects.filter(case=case)):
        for node in _nodes_of(event):
            nodes[node] += 1
            if node == event.node:
                flows.update(_only_way_out(procedure, node))
        flows.update(event.data.get("flows", ()))
    return nodes, flows


def _nodes_of(event: HistoryEvent) -> Iterator[str]:
    passed = event.data.get("passed", [])
    yield from passed
    if event.kind in (Kind.COMPLETED, Kind.PASSED, Kind.TIMER_FIRED, Kind.MESSAGE) and event.node not in passed:
        yield event.node


def _only_way_out(procedure: Procedure, node: str) -> Iterable[str]:
    """The engine tells the flows of what it passes by itself; those out of a task are its only one."""
    place = procedure.places.get(node)
    return [flow.id for flow in place.outgoing] if place else []


def _time_spent(state: DiagramState, tasks: Iterable[Task], now: datetime) -> None:
    for task in tasks:
        node = state.nodes.setdefault(task.node, NodeState("done"))
        node.time += (task.closed_at or now) - task.opened_at


def _waiting(state: DiagramState, case: Case) -> None:
    for job in WaitingJob.objects.filter(case=case):
        _current(state, job.node, "current")
    for timer in Timer.objects.filter(case=case):
        _hang(state, timer.node).due_at = timer.due_at
    for wait in Wait.objects.filter(case=case):
        _hang(state, wait.node)


def _hang(state: DiagramState, node: str) -> NodeState:
    found = state.nodes.setdefault(node, NodeState("waiting"))
    found.state = "waiting"
    return found


def _current(state: DiagramState, node: str, name: str, task: Task | None = None) -> None:
    found = state.nodes.setdefault(node, NodeState(name))
    found.state = name
    state.focus = node
    if task is not None:
        found.task_id, found.due_at = task.pk, task.due_at
