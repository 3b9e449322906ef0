"""The lines of the technician's app and of the supervisor's conflicts in the staff's navigation."""

from django.utils.translation import gettext_lazy as _

from thaki.people.roles import Role
from thaki.procedures.retention.field import conflicts
from thaki.ui import navigation
from thaki.ui.navigation import Entry


def register() -> None:
    """Add them; called when Django is ready."""
    navigation.register(
        Entry(
            _("Visitas en el teléfono"),
            "field:app",
            "device-mobile",
            "work",
            frozenset({Role.TECNICO_MULTISERVICIOS}),
            20,
            short=_("Visitas"),
        ),
        Entry(
            _("Visitas en conflicto"),
            "field:conflicts",
            "alert-triangle",
            "work",
            frozenset(conflicts.WATCHERS),
            60,
            badge=conflicts.waiting,
        ),
    )
