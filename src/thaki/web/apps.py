"""Django application `web`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from thaki.people.models import User


class WebConfig(AppConfig):
    """Staff screens."""

    name = "thaki.web"
    label = "web"

    def ready(self) -> None:
        """Tell the navigation what this room has, and the badges how a change is shown."""
        from thaki.people.roles import Role
        from thaki.ui import navigation, states
        from thaki.ui.navigation import Entry
        from thaki.ui.states import State, Tone

        supervisors = frozenset(
            role.value for role in Role if role.value.startswith(("responsable_", "jefe_", "supervisor_"))
        )
        navigation.register(
            Entry(_("Mi trabajo"), "my_work", "checklist", "work", order=10, short=_("Trabajo"), badge=_open_tasks),
            Entry(_("Equipo"), "team_work", "users-group", "work", supervisors, 20, _("Equipo")),
            Entry(_("Casos"), "cases", "folder", "work", order=30, short=_("Casos")),
            Entry(_("Incidentes"), "incidents", "alert-triangle", "work", order=40),
            Entry(_("Procedimientos"), "procedures", "sitemap", "procedures", order=10),
        )
        states.define(
            "difference",
            {
                "added": State(_("Añadido"), Tone.GOOD, "plus"),
                "removed": State(_("Quitado"), Tone.BAD, "minus"),
                "changed": State(_("Cambiado"), Tone.WARN, "pencil"),
            },
        )


def _open_tasks(user: User) -> int:
    """How much the person has; the partial index on open tasks answers it."""
    from thaki.cases.models import Task

    known: int | None = getattr(user, "_open_tasks", None)  # the side and the bottom bar both ask
    if known is None:
        known = Task.objects.filter(assignee=user, state="open").count()
        user._open_tasks = known  # type: ignore[attr-defined]  # a memory for this request only
    return known
