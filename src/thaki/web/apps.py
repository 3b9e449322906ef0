"""Django application `web`."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Staff screens."""

    name = "thaki.web"
    label = "web"

    def ready(self) -> None:
        """Tell the navigation what this room has, and the badges how a change is shown."""
        from thaki.cases.registry import procedure_apps
        from thaki.people.roles import Role
        from thaki.records.customers.readers import CUSTOMER_READERS
        from thaki.ui import navigation, states
        from thaki.ui.navigation import Entry
        from thaki.ui.states import State, Tone
        from thaki.web import badges
        from thaki.web.admin import index

        # Who supervises a procedure, and the posts that supervise teams; the page itself asks whether there is anybody.
        of_procedures = {role for app in procedure_apps() for role in app.supervisors}
        of_teams = {role.value for role in Role if role.value.startswith(("responsable_", "supervisor_"))}
        supervisors = frozenset(of_procedures | of_teams)
        navigation.register(
            Entry(_("Tablero"), "dashboard", "layout-dashboard", "work", order=5),
            Entry(
                _("Mi trabajo"), "my_work", "checklist", "work", order=10, short=_("Trabajo"), badge=badges.open_tasks
            ),
            Entry(_("Equipo"), "team_work", "users-group", "work", supervisors, 20, _("Equipo")),
            Entry(_("Casos"), "cases", "folder", "work", order=30, short=_("Casos")),
            Entry(_("Clientes"), "customers", "id", "commercial", frozenset(map(str, CUSTOMER_READERS)), order=20),
            Entry(_("Incidentes"), "incidents", "alert-triangle", "work", order=40),
            Entry(_("Procedimientos"), "procedures", "sitemap", "procedures", order=10),
        )
        index.register()
        states.define(
            "difference",
            {
                "added": State(_("Añadido"), Tone.GOOD, "plus"),
                "removed": State(_("Quitado"), Tone.BAD, "minus"),
                "changed": State(_("Cambiado"), Tone.WARN, "pencil"),
            },
        )
