"""The policies of the public page."""

from django.utils.translation import gettext_lazy as _

from thaki.people.policies import Kind, define


def define_all() -> None:
    """Declare them; called when Django is ready."""
    define("website.link_valid_days", 30, _("Validez del enlace del cliente"), _("días"), "", Kind.INTEGER, minimum=1)
