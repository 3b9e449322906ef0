"""Where the tokens of a case are: its whole state, as far as the engine is concerned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Token(NamedTuple):
    """A token at rest."""

    node: str
    scope: int = 0  # token of the sub-process it is inside; 0 at the top
    host: int = 0  # of a boundary event: the activity's token; behind an event gateway: its token
    fired: int = 0  # of a boundary event that repeats: how often it has fired


@dataclass(frozen=True, slots=True)
class Marking:
    """The tokens, and what has arrived at joins that wait for more. `Marking()` has not begun."""

    tokens: Mapping[int, Token] = field(default_factory=dict)
    arrived: Mapping[tuple[int, str], int] = field(default_factory=dict)  # (scope, flow) -> count
    next_token: int = 1
    outcome: str = ""  # the end event reached that named an outcome

    @property
    def begun(self) -> bool:
        """Whether the case ever started."""
        return self.next_token > 1

    @property
    def ended(self) -> bool:
        """Whether nothing is left to happen."""
        return self.begun and not self.tokens and not self.arrived

    def waiting_at(self, node: str) -> tuple[int, ...]:
        """Tokens that rest at the node, lowest first."""
        return tuple(sorted(i for i, token in self.tokens.items() if token.node == node))

    def to_json(self) -> dict[str, object]:
        """A small object of JSON types: `n`ext token, `t`okens, `a`rrived, `o`utcome."""
        small: dict[str, object] = {"n": self.next_token}
        if self.tokens:
            small["t"] = [[i, *_trimmed(token)] for i, token in self.tokens.items()]
        if self.arrived:
            small["a"] = [[scope, flow, n] for (scope, flow), n in self.arrived.items()]
        if self.outcome:
            small["o"] = self.outcome
        return small

    @classmethod
    def from_json(cls, small: Mapping[str, object]) -> Marking:
        """The marking that `to_json` gave; ValueError for anything else."""
        try:
            tokens = {int(i): Token(*rest) for i, *rest in small.get("t", [])}  # type: ignore[attr-defined]  # whatever else it is, the except below says so
            arrived = {(int(s), str(f)): int(n) for s, f, n in small.get("a", [])}  # type: ignore[attr-defined]  # as above
            return cls(tokens, arrived, int(str(small["n"])), str(small.get("o", "")))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("not a marking") from error


def _trimmed(token: Token) -> tuple[object, ...]:
    """The token without the noughts at its end."""
    if token.fired:
        return token
    if token.host:
        return token[:3]
    return token[:2] if token.scope else token[:1]
