"""Django application `people`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """Users, teams, roles, absences and policies."""

    name = "thaki.people"
    label = "people"
    verbose_name = _("Personas")

    def ready(self) -> None:
        """Declare the policies of this room and the pages that people find in the navigation."""
        from thaki.people import working_hours  # noqa: F401 - declares the calendar's policies
        from thaki.people.roles import Role
        from thaki.ui import navigation

        administrator = frozenset({Role.ADMINISTRADOR.value})
        navigation.register(
            navigation.Entry(_("Políticas"), "people:policies", "adjustments", "procedures", order=60),
            navigation.Entry(_("Personas"), "people:users", "users", "settings", administrator, 10),
            navigation.Entry(_("Equipos"), "people:teams", "users-group", "settings", administrator, 20),
            navigation.Entry(_("Galería"), "people:gallery", "layout-dashboard", "settings", administrator, 90),
        )
