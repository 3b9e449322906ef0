"""What is wrong with a procedure, as codes: the words are for whoever shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """One thing wrong."""

    code: str  # one of CODES
    node: str  # where: a node, a flow or a lane
    params: Mapping[str, str] = field(default_factory=dict)
    path: tuple[str, ...] = ()  # nodes of the shortest way there; empty when there is none


# Every code that a check can give, with what `params` then holds. In the order of a report.
CODES: Mapping[str, tuple[str, ...]] = {
    # about single elements
    "lane_without_role": (),
    "role_unknown": ("role",),
    "no_lane": (),
    "no_handler": (),
    "handler_unknown": ("handler",),
    "called_unknown": ("called",),
    "message_unknown": ("message",),
    "moment_unknown": ("moment",),
    "timer_unbounded": ("value",),
    "timer_at_once": ("value",),
    # about gateways
    "gap": ("facts", "count", "combinations"),  # no way out for these facts
    "overlap": ("facts", "flows", "count", "combinations"),  # more than one way out
    "never_true": ("flow", "condition"),
    "too_many_combinations": ("combinations", "limit"),
    # about what happens when it runs
    "stuck": ("joins",),  # nothing can happen any more, and no end was reached
    "token_left": ("joins",),  # an end was reached, but something waits for ever at a join
    "never_ends": (),  # things happen, but none of them leads to an end
    "twice": (),  # two tokens at once where one is meant
    "endless_loop": (),  # goes round without waiting for anything
    "dead_step": (),  # no case ever comes here
    "too_large": ("states", "limit"),  # not all of it could be tried
}
