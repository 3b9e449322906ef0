"""The shortest way, by the arrows, to an element of a file that could not be read.

A refusal names an id; its reader thinks of the steps before it. This looks at the file itself, since
there is no procedure to look at.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from thaki.engine.bpmn_elements import BPMN, THAKI, local


def way_to(process: Element, element_id: str) -> tuple[str, ...]:
    """Names of the nodes from a start to the element; empty when no arrows lead there."""
    elements = {each.get("id", ""): each for each in process.iter() if each.tag.startswith(f"{{{BPMN}}}")}
    target = elements.get(element_id)
    if target is None:
        return ()
    goal = target.get("sourceRef", "") if local(target) == "sequenceFlow" else element_id
    before: dict[str, str] = {each.get("id", ""): "" for each in process.findall(f"{{{BPMN}}}startEvent")}
    todo = deque(before)
    ways = _ways(elements)
    while todo and goal not in before:
        here = todo.popleft()
        for there in ways.get(here, ()):
            if there not in before:
                before[there] = here
                todo.append(there)
    return tuple(_name(elements[each]) for each in _back(goal, before) if each in elements)


def _ways(elements: Mapping[str, Element]) -> Mapping[str, list[str]]:
    """For each node, the nodes after it: by a flow, beside it, or inside it."""
    ways: dict[str, list[str]] = defaultdict(list)
    for each in elements.values():
        if local(each) == "sequenceFlow":
            ways[each.get("sourceRef", "")].append(each.get("targetRef", ""))
        elif local(each) == "boundaryEvent":
            ways[each.get("attachedToRef", "")].append(each.get("id", ""))
        elif local(each) == "subProcess":
            starts = each.findall(f"{{{BPMN}}}startEvent")
            ways[each.get("id", "")] += [start.get("id", "") for start in starts]
    return ways


def _back(goal: str, before: Mapping[str, str]) -> list[str]:
    """The nodes up to the goal, first to last."""
    path: list[str] = []
    while goal and goal in before:
        path.append(goal)
        goal = before[goal]
    return path[::-1]


def _name(element: Element) -> str:
    """What people call it: the number in the signed procedure and the name."""
    step = element.get(f"{{{THAKI}}}step", "")
    name = " ".join(element.get("name", "").split()) or element.get("id", "")
    return f"{step}. {name}" if step else name
