"""SpiffWorkflow as an oracle: the same model, the same choices, the same things open at every point.

Both engines read the same XML. At every point the nodes that wait for a person or a message must be
the same ones; then one of them is answered in both, under facts drawn anew, and so on to the end.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.event_definitions import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.advance import advance
from thaki.engine.marking import Marking
from thaki.engine.procedure import Procedure
from thaki.engine.tables import Wait

MAX_STEPS = 40  # answers in one run

# It logs every change of every task; pytest would keep them all.
logging.getLogger("spiff").setLevel(logging.WARNING)


class _Facts(PythonScriptEngine):
    """Conditions read the facts of the moment, as ours do, and not what a task carries with it."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: Mapping[str, str] = {}

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> bool:
        """The models' conditions mean the same in CEL and in Python."""
        return bool(eval(expression, {"__builtins__": {}}, dict(self.facts)))  # noqa: S307  # text of our own making


class Theirs:
    """A case in SpiffWorkflow."""

    def __init__(self, xml: bytes, facts: Mapping[str, str]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(xml)
        self.engine = _Facts()
        self.engine.facts = facts
        self.workflow = BpmnWorkflow(
            parser.get_spec("test"), parser.get_subprocess_specs("test"), script_engine=self.engine
        )
        self.workflow.do_engine_steps()

    def open(self) -> Counter[str]:
        """Nodes that wait, with how often."""
        names = [task.task_spec.name for task in self._tasks(TaskState.READY) if task.task_spec.manual]
        for task in self._tasks(TaskState.WAITING):
            spec = task.task_spec
            if isinstance(getattr(spec, "event_definition", None), MessageEventDefinition):
                names.append(spec.name)
            elif type(spec).__name__ == "EventBasedGateway":
                names.extend(each.name for each in spec.outputs)
        return Counter(names)

    def answer(self, node: str, is_task: bool, facts: Mapping[str, str]) -> None:
        """Finish a task, or deliver the message of the node's own name."""
        self.engine.facts = facts
        if is_task:
            next(each for each in self._tasks(TaskState.READY) if each.task_spec.name == node).run()
        else:
            self.workflow.catch(BpmnEvent(MessageEventDefinition(node)))
        self.workflow.do_engine_steps()

    def _tasks(self, state: int) -> Iterable[Any]:
        """Tasks in that state, those inside sub-processes among them."""
        return {task.id: task for task in self.workflow.get_tasks(state=state)}.values()

    def ended(self) -> bool:
        """Whether the case is over."""
        return bool(self.workflow.is_completed())


@dataclass(frozen=True)
class Difference:
    """Where the two do not agree."""

    answered: tuple[str, ...]  # nodes answered until then
    ours: Counter[str]  # what is open
    theirs: Counter[str]
    settled: str = ""  # the known difference that it is (docs/explanation/engine.md), if it is one


class _Run:
    """One case in both engines."""

    def __init__(self, procedure: Procedure, xml: bytes, random: Random) -> None:
        self.procedure = procedure
        self.random = random
        self.answered: list[str] = []
        self.passed: Counter[str] = Counter()  # nodes gone through
        facts = self.facts()
        self.marking = Marking()
        self.step(ev.Started(), facts)
        self.theirs = Theirs(xml, facts)

    def facts(self) -> dict[str, str]:
        """Facts drawn anew."""
        return {name: self.random.choice(list(fact.values)) for name, fact in self.procedure.facts.items()}

    def step(self, event: ev.Event, facts: Mapping[str, str]) -> None:
        self.marking, moves = advance(self.procedure, self.marking, event, facts)
        self.passed.update(move.node for move in moves if isinstance(move, mv.Passed))

    def open(self) -> Counter[str]:
        """Nodes that wait, but for messages that came once: SpiffWorkflow takes each once an activity."""
        places = self.procedure.places
        tokens = self.marking.tokens.values()
        waiting = (Wait.TASK, Wait.MESSAGE)
        return Counter(t.node for t in tokens if places[t.node].wait in waiting and not t.fired)

    def answer(self, node: str) -> None:
        """Answer the node in both."""
        self.answered.append(node)
        facts = self.facts()
        is_task = self.procedure.places[node].wait is Wait.TASK
        token = next(t for t in self.marking.waiting_at(node) if not self.marking.tokens[t].fired)
        self.step(ev.Completed(token) if is_task else ev.MessageReceived(token), facts)
        self.theirs.answer(node, is_task, facts)

    def over(self) -> bool:
        """Whether there is no more to compare.

        With two tokens at one node, theirs gives a message or an escalation to both: models in which
        something may start a second round of the same are compared until it does.
        """
        return self.marking.ended or any(count > 1 for count in Counter(self.nodes()).values())

    def nodes(self) -> list[str]:
        """Nodes that hold a token."""
        return [token.node for token in self.marking.tokens.values() if not token.fired]

    def difference(self) -> Difference | None:
        """What is open here and not there, if anything."""
        ours, theirs = self.open(), self.theirs.open()
        if ours == theirs and self.marking.ended == self.theirs.ended():
            return None
        return Difference(tuple(self.answered), ours, theirs, self.known(ours, theirs))

    def known(self, ours: Counter[str], theirs: Counter[str]) -> str:
        """The settled difference that this one is, if it is one."""
        waits = {self.procedure.flows[flow].target for _, flow in self.marking.arrived}
        if any(self.passed[join] for join in waits) and not ours - theirs:
            return "join_in_loop"  # a join that fired before waits again; theirs fires on what came then
        boundary = (node for node in self.procedure.nodes.values() if not node.interrupting)
        if any(self.passed[node.id] > 1 for node in boundary) and not theirs - ours:
            return "beside_once"  # an event that does not interrupt came again; theirs takes only the first
        return ""


def compare(procedure: Procedure, xml: bytes, random: Random) -> Difference | None:
    """Run one case in both; the first difference, if there is one."""
    run = _Run(procedure, xml, random)
    for _ in range(MAX_STEPS):
        found = run.difference()
        if found is not None or run.over():
            return found
        run.answer(random.choice(sorted(run.open())))
    return None
