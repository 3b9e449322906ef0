"""The history of a case put into words: one short Spanish sentence an event, from the codes that the runtime keeps.

The runtime writes ids, codes and short values; names of steps come from the version's file, names of people from their rows and
reasons from the remarks, which may be erased while the history may not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thaki.cases.models import HistoryEvent
from thaki.cases.registry import procedure_apps
from thaki.engine.procedure import Procedure
from thaki.ui import formats
from thaki.web.reading import title

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from thaki.people.models import User

Kind = HistoryEvent.Kind

LOOKS: Mapping[str, tuple[str, str]] = {  # kind -> icon, tone
    Kind.STARTED: ("flag", "info"),
    Kind.COMPLETED: ("circle-check", "good"),
    Kind.PASSED: ("bolt", "good"),
    Kind.TIMER_FIRED: ("clock-exclamation", "warn"),
    Kind.MESSAGE: ("message", "info"),
    Kind.SENT_BACK: ("arrow-back-up", "warn"),
    Kind.UNDONE: ("rotate", "warn"),
    Kind.CLAIMED: ("hand-grab", "neutral"),
    Kind.RELEASED: ("inbox", "neutral"),
    Kind.HANDED_OVER: ("arrows-exchange", "neutral"),
    Kind.ESCALATED: ("bell", "warn"),
    Kind.EXTENDED: ("calendar-time", "neutral"),
    Kind.ATTACHED: ("paperclip", "neutral"),
    Kind.SUSPENDED: ("player-pause", "wait"),
    Kind.RESUMED: ("player-play", "info"),
    Kind.CANCELLED: ("circle-x", "bad"),
    Kind.ENDED: ("flag", "good"),
    Kind.INCIDENT: ("alert-triangle", "bad"),
    Kind.RESOLVED: ("tool", "good"),
    Kind.NOTED: ("note", "neutral"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the timeline component shows it."""

    seq: int
    at: datetime
    title: str
    by: User | str
    text: str  # why, or how much: what explains it
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the sentences need beside the events."""

    procedure: Procedure
    names: Mapping[int, str] = field(default_factory=dict)  # of the people whom events mention by id
    remarks: Mapping[int, str] = field(default_factory=dict)  # number of the event -> what the person wrote
    notes: Mapping[str, Callable[[str], str]] = field(default_factory=dict)  # the procedure's own words for its codes

    def place(self, node_id: str) -> str:
        """The step as people know it: its signed number and name."""
        node = self.procedure.nodes.get(node_id)
        if node is None:
            return node_id
        return f"{node.step}. {title(node)}" if node.step else title(node) or node_id

    def person(self, value: object) -> str:
        """The name of a person given by id; "" when unknown."""
        return self.names.get(int(str(value)), "") if str(value).isdigit() else ""


def lines(events: Iterable[HistoryEvent], known: Known) -> list[Line]:
    """Every event in words, in the order given."""
    return [_line(event, known) for event in events]


def mentioned(events: Iterable[HistoryEvent]) -> set[int]:
    """The ids of the people whom the events name in their data (who did them comes with the rows)."""
    return {int(value) for event in events for key in ("to", "from") if str(value := event.data.get(key, "")).isdigit()}


def _line(event: HistoryEvent, known: Known) -> Line:
    icon, tone = LOOKS.get(event.kind, ("circle-dot", "neutral"))
    said = known.remarks.get(event.seq, "")
    extra = _notes(event, known)
    return Line(
        seq=event.seq,
        at=event.at,
        title=_SAY.get(event.kind, _plain)(event, known),
        by=event.by or _("el sistema"),
        text=" · ".join(part for part in (said, extra) if part),
        icon=icon,
        tone=tone,
    )


def _notes(event: HistoryEvent, known: Known) -> str:
    """The short values that a step noted, those that read as words: facts by their label, numbers of things as they are."""
    notes: Mapping[str, object] = event.data.get("notes") or {}
    return " · ".join(text for name, value in notes.items() if (text := _note(name, value, known)))


def _note(name: str, value: object, known: Known) -> str:
    if not isinstance(value, str) or name in _FOR_MACHINES:
        return ""
    if name in known.notes:
        return known.notes[name](value)
    fact = known.procedure.facts.get(name)
    if fact is not None:
        label = fact.values.get(value, "" if _CODE.fullmatch(value) else value)
        return f"{fact.label}: {label}" if label else ""
    return "" if _CODE.fullmatch(value) else value


_CODE = re.compile(r"[a-z][a-z_.0-9]*")  # "no_answer", "sales.contact_attempt": a word of the program, not of people
_FOR_MACHINES = frozenset({"action", "submission", "message", "to"})


Say = Callable[[HistoryEvent, Known], str]


def _plain(event: HistoryEvent, known: Known) -> str:
    kind = event.get_kind_display()
    return f"{kind}: {known.place(event.node)}" if event.node else str(kind)


def _with_place(sentence: str | _StrPromise) -> Say:
    return lambda event, known: str(sentence) % {"place": known.place(event.node)}


def _fixed(sentence: str | _StrPromise) -> Say:
    return lambda event, known: str(sentence)


def _sent_back(event: HistoryEvent, known: Known) -> str:
    to = (event.data.get("notes") or {}).get("to", "")
    return _("Devolvió «%(place)s» a «%(to)s»") % {"place": known.place(event.node), "to": known.place(to)}


def _handed_over(event: HistoryEvent, known: Known) -> str:
    to = known.person(event.data.get("to")) or _("otra persona")
    return _("Traspasó «%(place)s» a %(to)s") % {"place": known.place(event.node), "to": to}


def _noted(event: HistoryEvent, known: Known) -> str:
    code = event.data.get("action", "")
    labels = (action.label for app in procedure_apps() for action in app.actions if action.code == code)
    return str(next(labels, "")) or str(event.get_kind_display())


def _extended(event: HistoryEvent, known: Known) -> str:
    until = datetime.fromisoformat(event.data["due_at"]) if event.data.get("due_at") else None
    return _("Cambió el plazo de «%(place)s» al %(until)s") % {
        "place": known.place(event.node),
        "until": formats.format_instant(until),
    }


def _message(event: HistoryEvent, known: Known) -> str:
    node = known.procedure.nodes.get(event.node)
    name = title(node) if node else ""
    at = known.place(node.attached_to) if node and node.attached_to else ""
    return _("%(name)s, en «%(place)s»") % {"name": name, "place": at} if at else name or _("Llegó un aviso")


def _resumed(event: HistoryEvent, known: Known) -> str:
    days = int(event.data.get("seconds", 0)) // formats.DAY
    if not days:
        return _("Reanudó el caso")
    return ngettext("Reanudó el caso tras %(n)d día", "Reanudó el caso tras %(n)d días", days) % {"n": days}


def _ended(event: HistoryEvent, known: Known) -> str:
    name = known.place(event.node) if event.node else str(event.data.get("outcome", ""))
    return _("Terminó: %(outcome)s") % {"outcome": name}


_SAY: Mapping[str, Say] = {
    Kind.STARTED: _fixed(gettext_lazy("Se abrió el caso")),
    Kind.COMPLETED: _with_place(gettext_lazy("Completó «%(place)s»")),
    Kind.PASSED: _with_place(gettext_lazy("Se hizo «%(place)s»")),
    Kind.TIMER_FIRED: _with_place(gettext_lazy("Venció el plazo «%(place)s»")),
    Kind.MESSAGE: _message,
    Kind.SENT_BACK: _sent_back,
    Kind.UNDONE: _with_place(gettext_lazy("Deshizo «%(place)s»: el caso quedó como estaba antes")),
    Kind.CLAIMED: _with_place(gettext_lazy("Tomó «%(place)s»")),
    Kind.RELEASED: _with_place(gettext_lazy("Dejó «%(place)s» en la cola del equipo")),
    Kind.HANDED_OVER: _handed_over,
    Kind.ESCALATED: _with_place(gettext_lazy("Se avisó al responsable: «%(place)s» está atrasado")),
    Kind.EXTENDED: _extended,
    Kind.ATTACHED: _fixed(gettext_lazy("Adjuntó un documento")),
    Kind.SUSPENDED: _fixed(gettext_lazy("Puso el caso en pausa")),
    Kind.RESUMED: _resumed,
    Kind.CANCELLED: _fixed(gettext_lazy("Anuló el caso")),
    Kind.ENDED: _ended,
    Kind.INCIDENT: _with_place(gettext_lazy("Algo automático falló en «%(place)s»")),
    Kind.RESOLVED: _with_place(gettext_lazy("Resolvió el incidente en «%(place)s»")),
    Kind.NOTED: _noted,
}
