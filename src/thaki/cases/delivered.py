"""What a move did to its case, for whoever asked for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from thaki.people.models import User


@dataclass(frozen=True, slots=True)
class Opened:
    """A task that a move opened."""

    task_id: int
    token: int
    node: str
    step: str
    role: str
    assignee_id: int | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a move did to its case."""

    case_id: int
    number: str
    seq: int  # of its history event
    opened: tuple[Opened, ...] = ()
    outcome: str = ""
    ended: bool = False
    repeated: bool = False  # the same form came twice: this is the first one's result

    def next_for(self, user: User) -> Opened | None:
        """The task that the person goes on with, if the move opened one for him."""
        return next((opened for opened in self.opened if opened.assignee_id == user.pk), None)
