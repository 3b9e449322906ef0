"""Django application `api`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """The JSON API, its tokens, and the webhooks out."""

    name = "thaki.api"
    label = "api"

    def ready(self) -> None:
        """Declare the policies, tell the runtime who hears of its moves, and the navigation what is here."""
        from thaki.api import jobs as _jobs  # noqa: F401 - its tasks register themselves
        from thaki.api import policies as _policies  # noqa: F401 - declares them
        from thaki.api.webhooks import events, sending
        from thaki.people.roles import Role
        from thaki.ui import administration

        events.register()
        sending.register()
        administration.register(
            administration.Item(
                _("Avisos a sistemas"),
                _("Qué sistemas se enteran de lo que pasa en los casos"),
                "api:webhooks",
                "plug-connected",
                "house",
                frozenset({Role.ADMINISTRADOR.value}),
            )
        )
