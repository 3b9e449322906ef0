"""The words and colours of states: every badge of the system is drawn from this table.

A state never speaks by colour alone: it has words, and a shape (its icon). Rooms add their own at start-up:

    states.define("invoice", {"issued": State(_("Emitida"), Tone.GOOD), "voided": State(_("Anulada"), Tone.BAD)})

and templates write `{% state "invoice" invoice.state %}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Tone(StrEnum):
    """What a colour means; the stylesheet gives each its AA pair in light and dark."""

    NEUTRAL = "neutral"
    INFO = "info"  # under way
    GOOD = "good"
    WARN = "warn"  # needs somebody soon
    BAD = "bad"  # late, refused, broken
    WAIT = "wait"  # for somebody or something outside


ICONS = {
    Tone.NEUTRAL: "circle",
    Tone.INFO: "circle-dot",
    Tone.GOOD: "circle-check",
    Tone.WARN: "alert-circle",
    Tone.BAD: "circle-x",
    Tone.WAIT: "hourglass",
}


@dataclass(frozen=True, slots=True)
class State:
    """How one state is shown."""

    label: str | _StrPromise
    tone: Tone = Tone.NEUTRAL
    icon: str = ""  # "": the tone's own

    @property
    def shape(self) -> str:
        """The icon to draw."""
        return self.icon or ICONS[self.tone]


_states: dict[tuple[str, str], State] = {}


def define(kind: str, states: Mapping[str, State]) -> None:
    """Say how the states of a kind of thing are shown."""
    _states.update({(kind, code): state for code, state in states.items()})


def look_up(kind: str, code: str) -> State:
    """How a state is shown; one that nobody defined shows its own code."""
    return _states.get((kind, str(code)), State(str(code)))


define(
    "case",
    {
        "open": State(_("En curso"), Tone.INFO),
        "suspended": State(_("Suspendido"), Tone.WAIT, "player-pause"),
        "ended": State(_("Terminado"), Tone.GOOD),
        "cancelled": State(_("Cancelado"), Tone.NEUTRAL, "ban"),
    },
)
define(
    "task",
    {
        "open": State(_("Pendiente"), Tone.INFO),
        "done": State(_("Hecha"), Tone.GOOD),
        "cancelled": State(_("Sin efecto"), Tone.NEUTRAL, "ban"),
    },
)
define(
    "version",
    {
        "draft": State(_("Borrador"), Tone.WARN, "pencil"),
        "published": State(_("Vigente"), Tone.GOOD),
        "retired": State(_("Retirada"), Tone.NEUTRAL, "archive"),
    },
)
define("active", {"True": State(_("Activo"), Tone.GOOD), "False": State(_("Inactivo"), Tone.NEUTRAL, "ban")})
