"""What can happen to a case.

Every event but the first and `Cancelled` names the token it is about: each wait of a case (a task,
a job, a timer, a message, also those of boundary events) has a token number of its own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Started:
    """The case begins."""

    start: str = ""  # id of the start event; "" for the plain one, or the only one


@dataclass(frozen=True, slots=True)
class Completed:
    """A person finished a task."""

    token: int


@dataclass(frozen=True, slots=True)
class SentBack:
    """A person sent a task back to an earlier node, where the procedure allows it."""

    token: int
    to_node: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """Someone, or the clock, raised an escalation at an open task."""

    token: int
    escalation_code: str = ""


@dataclass(frozen=True, slots=True)
class TimerFired:
    """An armed timer fell due. The timer is spent: one that repeats is armed anew."""

    token: int


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """An awaited message came. The wait is spent: one that repeats is asked for anew."""

    token: int


@dataclass(frozen=True, slots=True)
class JobDone:
    """A job did its work."""

    token: int


@dataclass(frozen=True, slots=True)
class JobFailed:
    """A job failed with a business error; does not apply where nothing catches the error."""

    token: int
    error_code: str = ""


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """A case started by a call activity ended."""

    token: int
    outcome: str = ""
    error_code: str = ""  # when it ended by an error that it did not catch itself


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Someone gave the whole case up."""


Answer = Completed | TimerFired | MessageReceived | JobDone  # after which the token just goes on
Event = (
    Started
    | Completed
    | SentBack
    | Escalated
    | TimerFired
    | MessageReceived
    | JobDone
    | JobFailed
    | ChildEnded
    | Cancelled
)
