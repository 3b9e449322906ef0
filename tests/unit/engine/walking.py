"""Walking a case in tests, with nodes named instead of tokens."""

from __future__ import annotations

from collections.abc import Mapping

from tests.unit.engine.drawing import procedure

from thaki.engine import events as ev
from thaki.engine import moves as mv
from thaki.engine.advance import advance
from thaki.engine.marking import Marking


class Walk:
    """A case of a drawn procedure."""

    def __init__(self, text: str, facts: Mapping[str, str] | None = None, start: str = "", **values: str) -> None:
        self.procedure = procedure(text, facts)
        self.facts = values
        self.marking = Marking()
        self.moves: tuple[mv.Move, ...] = ()
        self.apply(ev.Started(start))

    def apply(self, event: ev.Event) -> Walk:
        """Apply an event; the moves are those it caused."""
        self.marking, self.moves = advance(self.procedure, self.marking, event, self.facts)
        return self

    def token(self, node: str) -> int:
        """The only token at the node."""
        (found,) = self.marking.waiting_at(node)
        return found

    def done(self, *nodes: str) -> Walk:
        """Finish the tasks, one after another."""
        for node in nodes:
            self.apply(ev.Completed(self.token(node)))
        return self

    def come(self, node: str) -> Walk:
        """The message that the node awaits comes."""
        return self.apply(ev.MessageReceived(self.token(node)))

    def fire(self, node: str) -> Walk:
        """The timer of the node falls due."""
        return self.apply(ev.TimerFired(self.token(node)))

    def run(self, node: str) -> Walk:
        """The node's job is done."""
        return self.apply(ev.JobDone(self.token(node)))

    def fail(self, node: str, code: str = "") -> Walk:
        """The node's job fails."""
        return self.apply(ev.JobFailed(self.token(node), code))

    @property
    def open(self) -> str:
        """Nodes that wait, in order of their names; events beside an activity in brackets."""
        names = [f"[{t.node}]" if t.host else t.node for t in self.marking.tokens.values()]
        return " ".join(sorted(names, key=lambda name: name.strip("[]")))

    @property
    def told(self) -> str:
        """The moves of the last event, briefly."""
        return " ".join(f"{type(move).__name__}:{move.node}" for move in self.moves)

    @property
    def outcome(self) -> str:
        """How the case ended; "" while it has not."""
        ends = [move.outcome for move in self.moves if isinstance(move, mv.EndCase)]
        assert bool(ends) == self.marking.ended
        return ends[0] if ends else ""
