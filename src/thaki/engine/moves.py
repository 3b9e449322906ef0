"""What the engine asks of the runtime, in the order in which it is to be done.

Moves in pairs: what is opened, armed, run, awaited or started is later either answered by the event
that belongs to it or taken back by its opposite, never both. (`CloseTask` is given in both cases.)
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from thaki.engine.procedure import TimerSpec


class CloseReason(StrEnum):
    """Why a task is closed."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"  # something else made it needless
    SENT_BACK = "sent_back"


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Someone is to do this."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class CloseTask:
    """The task is no longer open."""

    token: int
    node: str
    reason: CloseReason


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """`TimerFired` is to come when the time has passed."""

    token: int
    node: str
    spec: TimerSpec


@dataclass(frozen=True, slots=True)
class DisarmTimer:
    """The timer must not fire any more."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class RunJob:
    """The node's handler is to run; `JobDone` or `JobFailed` answers."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class DropJob:
    """The job's answer is not wanted any more."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class AwaitMessage:
    """`MessageReceived` is to come when such a message does."""

    token: int
    node: str
    message: str


@dataclass(frozen=True, slots=True)
class ForgetMessage:
    """The message is not awaited any more."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class StartCase:
    """Another procedure is to run; `ChildEnded` answers."""

    token: int
    node: str
    called: str


@dataclass(frozen=True, slots=True)
class DropCase:
    """The other procedure's case is to be cancelled."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Passed:
    """The case went through this node (tasks excepted: they are closed)."""

    node: str
    flows: tuple[str, ...] = ()  # the ways it took on from there


@dataclass(frozen=True, slots=True)
class EndCase:
    """The case is over."""

    outcome: str
    node: str  # the end event that gave the outcome; "" when cancelled
    error: str = ""  # code of the error it ended by, if it did


Move = (
    OpenTask
    | CloseTask
    | ArmTimer
    | DisarmTimer
    | RunJob
    | DropJob
    | AwaitMessage
    | ForgetMessage
    | StartCase
    | DropCase
    | Passed
    | EndCase
)
