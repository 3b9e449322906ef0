"""The numbers of the API that its owner may change."""

from django.utils.translation import gettext_lazy as _

from thaki.people.policies import define, get_int

LIMIT = define(
    "api.requests_per_minute",
    300,
    _("Pedidos a la API por clave"),
    _("por minuto"),
    minimum=1,
    maximum=100_000,
    help=_("Lo que un programa pide de más recibe la respuesta 429 y el momento en que puede volver."),
)


def requests_per_minute() -> int:
    """How often one token may ask in a minute."""
    return get_int(LIMIT)
