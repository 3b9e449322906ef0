"""The walk: the working copy of a marking, on which one event runs to its fixed point.

An event takes one token from its rest; from there on everything is automatic (`Walk.settle`):

1. tokens under way enter the node their flow leads to, oldest first;
2. when none is under way, sub-processes left empty are complete, the innermost first;
3. when there is none of those either, one inclusive join that misses nobody fires.

The last two look at the whole scope, so they must not be asked while anything still moves: that is
what makes the outcome independent of the order in which parallel branches arrive.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from thaki.engine import moves as mv
from thaki.engine.asking import ASK, TAKE_BACK
from thaki.engine.errors import EndlessLoop
from thaki.engine.marking import Marking, Token
from thaki.engine.passing import PASS, end, outcome_of
from thaki.engine.procedure import Flow, Node, NodeKind, Procedure, Trigger
from thaki.engine.tables import Join, Place, Wait

MAX_PASSES = 1_000  # nodes gone through in one step; more is a loop that waits for nobody


class Walk:
    """The working copy of one advance."""

    __slots__ = (
        "arrived", "emptied", "facts", "moves", "next_token", "outcome", "passes", "places",
        "procedure", "tokens", "under_way",
    )  # fmt: skip

    def __init__(self, procedure: Procedure, marking: Marking, facts: Mapping[str, str]) -> None:
        self.procedure = procedure
        self.places = procedure.places
        self.facts = facts
        self.tokens = dict(marking.tokens)
        self.arrived = dict(marking.arrived)
        self.next_token = marking.next_token
        self.outcome = marking.outcome
        self.moves: list[mv.Move] = []
        self.under_way: deque[tuple[Flow, int]] = deque()  # flow, scope
        self.emptied: set[int] = set()  # scopes in which a token ended
        self.passes = 0

    def marking(self) -> Marking:
        """The result."""
        return Marking(self.tokens, self.arrived, self.next_token, self.outcome)

    # -- the fixed point -------------------------------------------------------------------

    def settle(self) -> None:
        """Repeat the automatic moves until none is left."""
        while True:
            if self.under_way:
                flow, scope = self.under_way.popleft()
                self._arrive(flow, scope)
            elif self.emptied:
                # Inner scopes have the higher tokens: they were entered later.
                scope = max(self.emptied)
                self.emptied.discard(scope)
                self._complete_if_empty(scope)
            elif not (self.arrived and self._fire_an_inclusive_join()):
                return

    def _arrive(self, flow: Flow, scope: int) -> None:
        place = self.places[flow.target]
        if place.join is Join.NONE:
            self.enter(place, scope)
            return
        here = (scope, flow.id)
        self.arrived[here] = self.arrived.get(here, 0) + 1
        if place.join is Join.PARALLEL and all((scope, each) in self.arrived for each in place.incoming):
            self._fire(place, scope)

    def _fire(self, join: Place, scope: int) -> None:
        """Take one token from each way in that has one, and go on."""
        for flow in join.incoming:
            here = (scope, flow)
            if here in self.arrived:
                self.arrived[here] -= 1
                if not self.arrived[here]:
                    del self.arrived[here]
        self.enter(join, scope)

    def _fire_an_inclusive_join(self) -> bool:
        """Fire the first inclusive join, by id, that misses nobody."""
        waiting = {(self.procedure.flows[flow].target, scope) for scope, flow in self.arrived}
        for node, scope in sorted(waiting):
            place = self.places[node]
            if place.join is Join.INCLUSIVE and self._misses_nobody(place, scope):
                self._fire(place, scope)
                return True
        return False

    def _misses_nobody(self, join: Place, scope: int) -> bool:
        """BPMN 2.0.2, table 13.3: no token can still come to an empty way in.

        A token that could also come to a way in that already has one is not waited for: if it were,
        it might never be able to come at all.
        """
        filled = [join.reach[f] for f in join.incoming if (scope, f) in self.arrived]
        empty = [join.reach[f] for f in join.incoming if (scope, f) not in self.arrived]
        return not any(
            any(at in reach for reach in empty) and not any(at in reach for reach in filled)
            for at in self._whereabouts(scope)
        )

    def _whereabouts(self, scope: int) -> Iterable[str]:
        """Nodes of the scope that hold a token; those of events count with their host."""
        for token in self.tokens.values():
            if token.scope == scope and not token.host:
                yield token.node
        for at, flow in self.arrived:
            if at == scope:
                yield self.procedure.flows[flow].target

    def _complete_if_empty(self, scope: int) -> None:
        if any(token.scope == scope for token in self.tokens.values()):
            return
        if any(at == scope for at, _ in self.arrived):
            return
        if scope:
            self.finish(scope)
        else:
            self._end_case()

    def _end_case(self) -> None:
        node = self.places[self.outcome].node
        self.moves.append(mv.EndCase(outcome_of(node), node.id))

    # -- entering and leaving --------------------------------------------------------------

    def enter(self, place: Place, scope: int) -> None:
        """A token comes to a node (joins have gathered theirs by now)."""
        self.passes += 1
        if self.passes > MAX_PASSES:
            raise EndlessLoop(place.node.id)
        if place.wait is Wait.NONE:
            PASS[place.node.kind](self, place, scope)
        else:
            self.rest(place, scope)

    def rest(self, place: Place, scope: int, host: int = 0) -> None:
        """Put a token to rest, ask for what it waits for, arm what stands around it."""
        token = self.put(place.node.id, scope, host)
        ASK[place.wait](self, token, place)
        for boundary in place.armed:
            self.rest(self.places[boundary.id], scope, token)

    def put(self, node: str, scope: int, host: int = 0, fired: int = 0) -> int:
        """A new token at rest; its number."""
        token = self.next_token
        self.next_token += 1
        self.tokens[token] = Token(node, scope, host, fired)
        return token

    def leave(self, place: Place, scope: int, flows: tuple[Flow, ...] | None = None) -> None:
        """Send a token down each of the flows: all of the node's when none are named."""
        for flow in place.outgoing if flows is None else flows:
            self.under_way.append((flow, scope))

    def go_through(self, place: Place, scope: int, flows: tuple[Flow, ...] | None = None) -> None:
        """Leave, and say that the case was here."""
        flows = place.outgoing if flows is None else flows
        self.moves.append(mv.Passed(place.node.id, tuple([flow.id for flow in flows])))
        self.leave(place, scope, flows)

    def finish(self, token: int) -> None:
        """What the token waited for happened: take back what stood around it, and go on."""
        at = self.tokens.pop(token)
        place = self.places[at.node]
        if place.wait is Wait.TASK:
            self.moves.append(mv.CloseTask(token, at.node, mv.CloseReason.COMPLETED))
        self.release(token)
        if place.wait is Wait.TASK:
            self.leave(place, at.scope)
        elif place.node.kind is NodeKind.END_EVENT:
            end(self, place, at.scope)
        else:
            self.go_through(place, at.scope)

    def withdraw(self, token: int) -> None:
        """Give up what the token waits for, with all that stands around it and goes on inside."""
        at = self.tokens.pop(token)
        place = self.places[at.node]
        if place.wait is Wait.SCOPE:
            self.clear(token)
        move = TAKE_BACK.get(place.wait)
        if move is not None:
            self.moves.append(move(token, at.node))
        self.release(token)

    def release(self, host: int) -> None:
        """Withdraw the events that wait beside an activity or behind a gateway."""
        for token in [i for i, at in self.tokens.items() if at.host == host]:
            self.withdraw(token)

    def clear(self, scope: int) -> None:
        """Withdraw everything inside a sub-process, or of the whole case (0)."""
        for token in [i for i, at in self.tokens.items() if at.scope == scope and not at.host]:
            self.withdraw(token)
        for here in [here for here in self.arrived if here[0] == scope]:
            del self.arrived[here]
        self.under_way = deque(each for each in self.under_way if each[1] != scope)
        self.emptied.discard(scope)

    # -- errors and escalations ------------------------------------------------------------

    def catcher(self, token: int, trigger: Trigger, code: str) -> tuple[int, Place] | None:
        """The nearest boundary event that catches it, on this activity or one around it."""
        while token:
            at = self.tokens[token]
            caught = _matching(self.places[at.node].catchers, trigger, code)
            if caught is not None:
                return token, self.places[caught.id]
            token = at.scope
        return None

    def catch(self, token: int, boundary: Place) -> None:
        """Go on from a boundary event of the activity at this token."""
        scope = self.tokens[token].scope
        if boundary.node.interrupting:
            self.withdraw(token)
        self.go_through(boundary, scope)


def _matching(catchers: tuple[Node, ...], trigger: Trigger, code: str) -> Node | None:
    """The one that names the code, else one that catches any."""
    fitting = [node for node in catchers if node.trigger is trigger]
    named = [node for node in fitting if code and code == (node.error or node.escalation)]
    catch_all = [node for node in fitting if not (node.error or node.escalation)]
    return next(iter(named + catch_all), None)
