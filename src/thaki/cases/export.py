"""The history of cases for process mining: XES (IEEE 1849-2023) and OCEL 2.0 (JSON).

Both are written case by case, so that any number of cases needs the memory of one. A person is given by id alone: names belong to
the people's own records.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

from django.db.models import Prefetch, QuerySet

from thaki.cases import versions
from thaki.cases.models import Case, HistoryEvent, Task
from thaki.cases.rules import standing

CHUNK = 200  # cases read at a time
Kind = HistoryEvent.Kind
# What a miner sees as the end of an activity; the start comes from the task, where there was one.
COMPLETES = frozenset({Kind.COMPLETED, Kind.PASSED, Kind.SENT_BACK, Kind.TIMER_FIRED, Kind.MESSAGE})
XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xes.features="" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
  <classifier name="Activity" keys="concept:name"/>
"""


def xes(cases: QuerySet[Case]) -> Iterator[str]:
    """The log of these cases as XES, in pieces: one trace a case, with start and complete of each activity."""
    yield XES_HEAD
    for case in _with_history(cases):
        yield _trace(case)
    yield "</log>\n"


def _trace(case: Case) -> str:
    lines = ["  <trace>", _string("concept:name", case.number, 4), _string("procedure", case.procedure, 4)]
    if case.outcome:
        lines.append(_string("outcome", case.outcome, 4))
    for at, activity, transition, role, by in sorted(_activities(case), key=_order):
        lines.append("    <event>")
        lines.append(_string("concept:name", activity, 6))
        lines.append(_string("lifecycle:transition", transition, 6))
        lines.append(f'      <date key="time:timestamp" value="{_instant(at)}"/>')
        if role:
            lines.append(_string("org:role", role, 6))
        if by is not None:
            lines.append(_string("org:resource", str(by), 6))
        lines.append("    </event>")
    lines.append("  </trace>\n")
    return "\n".join(lines)


Activity = tuple[datetime, str, str, str, int | None]  # at, name, transition, role, person


def _activities(case: Case) -> Iterator[Activity]:
    """Tasks with their start and end; what the system did with its end alone. What was undone has not been."""
    for task in case.tasks.all():
        if task.close_reason != "undone":
            yield task.opened_at, _name(case, task.node), "start", task.role, None
    for event in standing(case.history.all()):
        if event.kind in COMPLETES and event.node:
            yield event.at, _name(case, event.node), "complete", event.role, event.by_id


def _order(activity: Activity) -> tuple[datetime, bool]:
    """By time; at one instant what ends comes before what begins."""
    return activity[0], activity[2] == "start"


def _string(key: str, value: str, indent: int) -> str:
    return f"{' ' * indent}<string key={quoteattr(key)} value={quoteattr(value)}/>"


# ---------------------------------------------------------------------- OCEL 2.0
def ocel(cases: QuerySet[Case]) -> Iterator[str]:
    """The log as OCEL 2.0 JSON, in pieces. Objects are cases, tasks and documents; an event relates to those it is about."""
    yield '{"objectTypes": ' + _json(OBJECT_TYPES) + ',\n"eventTypes": ' + _json(_event_types()) + ',\n"objects": [\n'
    yield from _joined(_json(each) for case in _with_history(cases) for each in _objects(case))
    yield '\n],\n"events": [\n'
    yield from _joined(_json(each) for case in _with_history(cases) for each in _events(case))
    yield "\n]}\n"


OBJECT_TYPES = [
    {
        "name": "case",
        "attributes": [{"name": "procedure", "type": "string"}, {"name": "outcome", "type": "string"}],
    },
    {"name": "task", "attributes": [{"name": "node", "type": "string"}, {"name": "role", "type": "string"}]},
    {"name": "document", "attributes": [{"name": "kind", "type": "string"}]},
]


def _event_types() -> list[dict[str, Any]]:
    attributes = [{"name": name, "type": "string"} for name in ("node", "step", "role", "resource")]
    return [{"name": str(kind), "attributes": attributes} for kind in Kind.values]


def _objects(case: Case) -> Iterator[dict[str, Any]]:
    opened = _instant(case.opened_at)
    attributes = [{"name": "procedure", "time": opened, "value": case.procedure}]
    if case.ended_at is not None:
        attributes.append({"name": "outcome", "time": _instant(case.ended_at), "value": case.outcome})
    yield {"id": case.number, "type": "case", "attributes": attributes, "relationships": []}
    for task in case.tasks.all():
        at = _instant(task.opened_at)
        yield {
            "id": _task_id(case, task.token),
            "type": "task",
            "attributes": [
                {"name": "node", "time": at, "value": task.node},
                {"name": "role", "time": at, "value": task.role},
            ],
            "relationships": [{"objectId": case.number, "qualifier": "of"}],
        }
    for document in case.documents.all():
        yield {
            "id": f"document-{case.number}-{document.pk}",
            "type": "document",
            "attributes": [{"name": "kind", "time": _instant(document.attached_at), "value": document.kind}],
            "relationships": [{"objectId": case.number, "qualifier": "of"}],
        }


def _events(case: Case) -> Iterator[dict[str, Any]]:
    tokens = {task.token for task in case.tasks.all()}
    for event in case.history.all():
        known = {"node": event.node, "step": event.step, "role": event.role, "resource": event.by_id}
        yield {
            "id": f"{case.number}-{event.seq}",
            "type": str(event.kind),
            "time": _instant(event.at),
            "attributes": [{"name": name, "value": str(value)} for name, value in known.items() if value],
            "relationships": [
                {"objectId": case.number, "qualifier": "case"},
                *(_relation(case, token, qualifier) for token, qualifier in _tokens(event) if token in tokens),
            ],
        }


def _tokens(event: HistoryEvent) -> Iterator[tuple[int, str]]:
    if "token" in event.data:
        yield event.data["token"], "about"
    for token, _node in event.data.get("opened", ()):
        yield token, "opens"
    for token, _node in event.data.get("withdrawn", ()):
        yield token, "withdraws"


def _relation(case: Case, token: int, qualifier: str) -> dict[str, str]:
    return {"objectId": _task_id(case, token), "qualifier": qualifier}


def _task_id(case: Case, token: int) -> str:
    return f"task-{case.number}-{token}"


# ---------------------------------------------------------------------- both
def _with_history(cases: QuerySet[Case]) -> Iterator[Case]:
    """The cases with their tasks, documents and history, some at a time."""
    tasks = Prefetch("tasks", Task.objects.order_by("token"))
    history = Prefetch("history", HistoryEvent.objects.order_by("seq"))
    wanted = cases.filter(is_rehearsal=False).prefetch_related(tasks, history, "documents").order_by("pk")
    return wanted.iterator(chunk_size=CHUNK)


def _name(case: Case, node: str) -> str:
    """The activity as the diagram names it."""
    found = versions.of_id(case.version_id).procedure.nodes.get(node)
    return found.name or node if found else node


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _joined(pieces: Iterable[str]) -> Iterator[str]:
    for number, piece in enumerate(pieces):
        yield f",\n{piece}" if number else piece
