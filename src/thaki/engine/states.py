"""All that can happen to a case, tried out with `advance` itself.

The space of states is searched breadth first, so the first way found to anything is a shortest one.
Two assumptions make the search finite and safe:

*Any step may change any fact.* Facts are the business of people and handlers, which the diagram
does not show. So at every step all values are tried of those facts that gateways ask on the way;
within one step a fact keeps its value. What is sound under this is sound whatever the steps do.

*Twice shows all.* An event that may repeat (a reminder, a message beside a task) fires at most
twice at each activity. Otherwise, two tokens at one place in one scope are reported and not
followed further: whatever comes of them, comes of that.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.advance import advance
from thaki.engine.conditions import Fact
from thaki.engine.errors import EndlessLoop, NotApplicable, ProcedureError
from thaki.engine.marking import Marking, Token
from thaki.engine.procedure import Node, NodeKind, Procedure, TimerKind, Trigger
from thaki.engine.tables import Wait

MAX_STATES = 20_000
TRIES_A_STATE = 10  # calls of advance, on average
MOST_REPEATS = 2  # firings of an event that repeats

Key = tuple[Any, ...]  # nested tuples, compared with one another


@dataclass(slots=True)
class State:
    """A marking that some case can have, and how it first comes to have it."""

    marking: Marking
    before: int  # index of the state before; -1 for none
    through: tuple[str, ...]  # nodes gone through since then
    end_reached: bool = False  # whether an end event is on the way here
    next: set[int] = field(default_factory=set)  # indexes of the states after it
    cut: bool = False  # not followed further: reported already


class Spot(NamedTuple):
    """Where a node was first come to."""

    before: int  # index of the state before
    leg: tuple[str, ...]  # nodes gone through since then, the node itself the last


@dataclass
class Space:
    """The states found, and what was seen on the way."""

    procedure: Procedure
    states: list[State] = field(default_factory=list)
    seen: dict[str, Spot] = field(default_factory=dict)  # nodes come to, and first from where
    twice: dict[str, tuple[str, ...]] = field(default_factory=dict)  # likewise
    loops: dict[str, tuple[str, ...]] = field(default_factory=dict)  # likewise
    complete: bool = True

    def path_to(self, node: str) -> tuple[str, ...]:
        """Nodes gone through from the start to this one, by the shortest way; empty when there is none."""
        spot = self.seen.get(node)
        return (*self.path(spot.before), *spot.leg) if spot else ()

    def path(self, index: int) -> tuple[str, ...]:
        """Nodes gone through from the start to this state."""
        legs: list[tuple[str, ...]] = []
        while index >= 0:
            legs.append(self.states[index].through)
            index = self.states[index].before
        return tuple(node for leg in reversed(legs) for node in leg)


def explore(procedure: Procedure, limit: int = MAX_STATES) -> Space:
    """Try out everything, up to that many states."""
    return _Search(procedure, limit).run()


class _Search:
    """The search while it goes on."""

    def __init__(self, procedure: Procedure, limit: int) -> None:
        self.procedure = procedure
        self.limit = limit
        self.space = Space(procedure)
        self._index: dict[Key, int] = {}
        self._todo: deque[int] = deque()
        self._tries = 0
        self._may_repeat = _repeating_zone(procedure)

    def run(self) -> Space:
        for start in self.procedure.starts:
            self._try(-1, Marking(), ev.Started(start))
        while self._todo and self.space.complete:
            index = self._todo.popleft()
            marking = self.space.states[index].marking
            for event in possible_events(self.procedure, marking):
                self._try(index, marking, event)
        return self.space

    def _try(self, before: int, marking: Marking, event: ev.Event) -> None:
        """Try an event with all values of the facts that it turns on."""
        leading = _leading(self.procedure, marking, event)
        todo: list[dict[str, str]] = [{}]
        while todo:
            asked = _Asked(self.procedure.facts, todo.pop())
            self._tries += 1
            if self._tries > self.limit * TRIES_A_STATE or len(self.space.states) >= self.limit:
                self.space.complete = False
                return
            try:
                after, moves = advance(self.procedure, marking, event, asked)
                self._note(before, after, (*leading, *_through(moves)), moves)
            except ProcedureError as error:
                self._note_error(before, error, leading)
            except NotApplicable:  # an error that nothing here catches after all
                return
            todo.extend(asked.other_answers())

    def _note_error(self, before: int, error: ProcedureError, leading: tuple[str, ...]) -> None:
        leg = (*leading, error.node)
        self.space.seen.setdefault(error.node, Spot(before, leg))
        if isinstance(error, EndlessLoop):
            self.space.loops.setdefault(error.node, (*self.space.path(before), *leg))
        # The case would stand still before this event; other events may still help it on.

    def _note(self, before: int, after: Marking, through: tuple[str, ...], moves: tuple[mv.Move, ...]) -> None:
        self._see(before, after, through)
        doubled = _doubled(self.procedure, after)
        if any(count > MOST_REPEATS for count in doubled.values()) and not self._odd(doubled):
            return  # only more of what may repeat
        key = canonical(after)
        index = self._index.get(key)
        if index is None:
            index = self._add(key, before, after, through)
            odd = self._odd(doubled)
            for node in odd:
                self.space.twice.setdefault(node, self.space.path(index))
            self.space.states[index].cut = bool(odd)
            if not odd:
                self._todo.append(index)
        if before >= 0:
            self.space.states[before].next.add(index)

    def _odd(self, doubled: Mapping[str, int]) -> list[str]:
        """Nodes with two tokens that have no business to."""
        return [node for node in doubled if node not in self._may_repeat]

    def _add(self, key: Key, before: int, after: Marking, through: tuple[str, ...]) -> int:
        index = self._index[key] = len(self.space.states)
        ends = any(self.procedure.nodes[each].kind is NodeKind.END_EVENT for each in through)
        if before >= 0:
            ends = ends or self.space.states[before].end_reached
        self.space.states.append(State(after, before, through, ends))
        return index

    def _see(self, before: int, after: Marking, through: tuple[str, ...]) -> None:
        for node in (*through, *(token.node for token in after.tokens.values())):
            if node not in self.space.seen:
                leg = through[: through.index(node) + 1] if node in through else (*through, node)
                self.space.seen[node] = Spot(before, leg)


class _Asked(Mapping[str, str]):
    """Facts that answer what they are asked, and remember it."""

    def __init__(self, facts: Mapping[str, Fact], given: dict[str, str]) -> None:
        self._facts = facts
        self._given = given
        self._answers = dict(given)

    def __getitem__(self, name: str) -> str:
        if name not in self._answers:
            self._answers[name] = next(iter(self._facts[name].values))
        return self._answers[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def other_answers(self) -> Iterator[dict[str, str]]:
        """For each question not answered before, all that is the same but its answer."""
        same: dict[str, str] = {}
        for name, answer in self._answers.items():
            if name not in self._given:
                for other in self._facts[name].values:
                    if other != answer:
                        yield {**same, name: other}
            same[name] = answer


def possible_events(procedure: Procedure, marking: Marking) -> Iterator[ev.Event]:
    """All that can happen next."""
    for token, at in marking.tokens.items():
        place = procedure.places[at.node]
        if place.wait is Wait.TASK:
            yield ev.Completed(token)
            yield from (ev.SentBack(token, node) for node in place.node.back_to)
            for catcher in place.catchers:
                if catcher.trigger is Trigger.ESCALATION:
                    yield ev.Escalated(token, catcher.escalation)
        elif place.wait is Wait.JOB:
            yield ev.JobDone(token)
            yield from (ev.JobFailed(token, code) for code in _caught(procedure, marking, token))
        elif place.wait is Wait.CHILD:
            yield ev.ChildEnded(token)
            for code in _caught(procedure, marking, token):
                yield ev.ChildEnded(token, error_code=code)
        elif at.fired < MOST_REPEATS and place.wait is Wait.TIMER:
            yield ev.TimerFired(token)
        elif at.fired < MOST_REPEATS and place.wait is Wait.MESSAGE:
            yield ev.MessageReceived(token)


def _caught(procedure: Procedure, marking: Marking, token: int) -> list[str]:
    """Codes of the errors that something around the token catches; any, for a catch-all."""
    codes: list[str] = []
    while token:
        at = marking.tokens[token]
        errors = [each for each in procedure.places[at.node].catchers if each.trigger is Trigger.ERROR]
        codes.extend(each.error or "any" for each in errors)
        token = at.scope
    return sorted(set(codes))


def _leading(procedure: Procedure, marking: Marking, event: ev.Event) -> tuple[str, ...]:
    """What a path names before the nodes gone through: the activity that an event interrupts."""
    if isinstance(event, ev.Started | ev.Cancelled):
        return ()
    at: Token = marking.tokens[event.token]
    node = procedure.nodes[at.node]
    if node.attached_to:
        return (node.attached_to,)
    if isinstance(event, ev.JobFailed | ev.Escalated) or (isinstance(event, ev.ChildEnded) and event.error_code):
        return (node.id,)
    return ()


def _through(moves: tuple[mv.Move, ...]) -> tuple[str, ...]:
    """The nodes gone through."""
    return tuple(
        move.node
        for move in moves
        if isinstance(move, mv.Passed)
        or (isinstance(move, mv.CloseTask) and move.reason is not mv.CloseReason.CANCELLED)
    )


def _doubled(procedure: Procedure, marking: Marking) -> dict[str, int]:
    """Nodes that hold more than one token in one scope, with how many."""
    held = Counter((t.scope, t.node) for t in marking.tokens.values() if not t.host)
    found = {node: count for (_, node), count in held.items() if count > 1}
    for (_, flow), count in marking.arrived.items():
        if count > 1:
            found[procedure.flows[flow].target] = count
    return found


def canonical(marking: Marking) -> Key:
    """What two markings share when they differ in the numbers of their tokens alone."""
    inside: dict[int, list[int]] = defaultdict(list)
    beside: dict[int, list[tuple[str, int]]] = defaultdict(list)
    waiting: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for token, at in marking.tokens.items():
        if at.host:
            beside[at.host].append((at.node, at.fired))
        else:
            inside[at.scope].append(token)
    for (scope, flow), count in marking.arrived.items():
        waiting[scope].append((flow, count))

    def of_scope(scope: int) -> Key:
        tokens = sorted(
            (marking.tokens[each].node, tuple(sorted(beside[each])), of_scope(each)) for each in inside[scope]
        )
        return (tuple(tokens), tuple(sorted(waiting[scope])))

    return of_scope(0)


def _repeating_zone(procedure: Procedure) -> frozenset[str]:
    """Nodes that an event which may repeat leads to."""
    zone: set[str] = set()
    todo = [node.id for node in procedure.nodes.values() if _may_repeat(node)]
    while todo:
        here = todo.pop()
        if here not in zone:
            zone.add(here)
            place = procedure.places[here]
            todo.extend(flow.target for flow in place.outgoing)
            todo.extend(node.id for node in (*place.armed, *place.catchers))
            todo.extend([place.link] if place.link else [])
            todo.extend(n.id for n in procedure.nodes.values() if n.scope == here)
    return frozenset(zone)


def _may_repeat(node: Node) -> bool:
    if node.kind is not NodeKind.BOUNDARY_EVENT or node.interrupting:
        return False
    return node.timer is None or node.timer.kind is TimerKind.CYCLE
