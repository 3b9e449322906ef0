"""The lines that the retention adds to the staff's navigation."""

from django.utils.translation import gettext_lazy as _

from thaki.procedures.retention.offer_views import READERS
from thaki.procedures.retention.views import RECEIVERS
from thaki.ui import navigation
from thaki.ui.navigation import Entry


def register() -> None:
    """Add them; called when Django is ready."""
    navigation.register(
        Entry(_("Nueva retención"), "retention:receive", "plus", "commercial", frozenset(RECEIVERS), 50, _("Nueva")),
        Entry(_("Ofertas de retención"), "retention:offers", "tag", "commercial", frozenset(READERS), 70, ""),
    )
