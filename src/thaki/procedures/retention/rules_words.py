"""The sentences of the retention's own reasons."""

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "offer_not_in_force": _("No está vigente."),
    "offer_no_service": _("No hay un servicio afectado."),
    "offer_removed": _("La factura de ese mes ya fue retirada."),
    "offer_claimed": _("Ya hay un reclamo de facturación por ese servicio y ese mes."),
    "offer_one_courtesy": _("El caso ya tiene su cortesía."),
    "offer_running": _("Ya la tiene: sigue en curso."),
    "offer_needs": _("El cliente no tiene el servicio que necesita."),
}
