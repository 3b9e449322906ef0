"""What the case page adds to `cases.queries.case_page`: addresses, words and the diagram's JSON. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from thaki.cases import permissions, policies, queries
from thaki.cases.models import Case, HistoryEvent, Task
from thaki.cases.queries import CasePage, DiagramState, NodeState
from thaki.people.models import User
from thaki.ui import formats
from thaki.web import narration
from thaki.web.reading import title


@dataclass(frozen=True, slots=True)
class Signed:
    """One signed number above the page, as the stepper component shows it."""

    number: str
    label: str
    state: str
    href: str


def signed_steps(page: CasePage) -> list[Signed]:
    """The signed numbers; an open one leads to its task, the others to what the procedure says there."""
    text = f"{reverse('procedure', args=[page.case.procedure])}?version={page.version.number}"
    return [
        Signed(
            step.number,
            title(step.node),
            step.state,
            reverse("task", args=[step.task_id]) if step.task_id else f"{text}#paso-{step.number}",
        )
        for step in page.steps
    ]


def in_words(page: CasePage, events: Sequence[HistoryEvent]) -> list[narration.Line]:
    """These events of the case in Spanish."""
    ids = narration.mentioned(events)
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}
    return narration.lines(events, narration.Known(page.version.procedure, names, page.remarks, page.version.app.notes))


# ---------------------------------------------------------------------- what may be done
@dataclass(frozen=True, slots=True)
class Possible:
    """A button: where it leads, and why not, if it may not be pressed."""

    label: str
    href: str
    reason: str = ""
    icon: str = ""
    post: bool = False  # done at once, without a question


def why_not(*checks: Any) -> str:
    """The reason of the first check that refuses; "" when all allow it."""
    for check, *arguments in checks:
        try:
            check(*arguments)
        except (permissions.NotAllowed, policies.NotNow) as reason:
            return str(reason)
    return ""


def task_buttons(task: Task, user: User, back_to: Sequence[str], reason: str) -> list[Possible]:
    """What may be done with a task beside completing it; `reason` is why it cannot be completed, if it cannot."""
    found = []
    if back_to:
        href = reverse("task_send_back", args=[task.pk])
        found.append(Possible(_("Devolver a un paso anterior"), href, reason, "arrow-back-up"))
    if task.assignee_id is not None:
        refused = why_not((permissions.check_can_reassign, user, task))
        found.append(Possible(_("Traspasar"), reverse("task_hand_over", args=[task.pk]), refused, "arrows-exchange"))
    return found


def case_buttons(case: Case, user: User) -> list[Possible]:
    """What who supervises may do with the whole case; nothing at all is shown to others."""
    if not case.is_open or not permissions.can_supervise(user, case):
        return []
    if case.state == Case.State.SUSPENDED:
        pause = Possible(_("Reanudar"), reverse("case_resume", args=[case.number]), "", "player-play", post=True)
    else:
        pause = Possible(_("Poner en pausa"), reverse("case_suspend", args=[case.number]), "", "player-pause")
    return [pause, Possible(_("Anular el caso"), reverse("case_cancel", args=[case.number]), "", "ban")]


# ---------------------------------------------------------------------- the live diagram
def diagram_json(case: Case, now: datetime) -> dict[str, Any]:
    """Where the tokens are, the way done and the time in each step, as static/ui/diagram.js reads it."""
    state: DiagramState = queries.diagram_state(case, now=now)
    nodes = {name: _node_json(node, now) for name, node in state.nodes.items()}
    return {"nodes": nodes, "flows": sorted(state.flows), "focus": state.focus}


def _node_json(node: NodeState, now: datetime) -> dict[str, Any]:
    shown: dict[str, Any] = {"state": node.state, "count": node.count, "text": ""}
    if node.time:
        shown["text"] = formats.format_span(node.time)
    elif node.due_at:
        shown["text"] = formats.format_ago(node.due_at, now)
    if node.task_id and node.state != "done":
        shown["url"] = reverse("task", args=[node.task_id])
        shown["count"] = 1  # a number before the time would read as its part
    return shown
