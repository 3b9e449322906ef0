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
        from thaki.people import house, working_hours  # noqa: F401 - declare the policies of the name and the calendar
        from thaki.ui import navigation

        navigation.register(
            navigation.Entry(_("Políticas"), "people:policies", "adjustments", "procedures", order=60),
        )
