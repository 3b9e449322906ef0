"""The sentences of the records that keep customers: claims, work orders, bajas, courtesies, bills of services."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

CARE = {
    # claims
    "claim_in_future": _("La fecha del reclamo no puede ser futura."),
    "claim_solved_when": _("La fecha de solución debe estar entre la del reclamo y hoy."),
    "claim_again_when": _("Las reiteraciones deben ser posteriores al reclamo y no futuras."),
    "claim_fault": _("Indique la falla."),
    "claim_number_used": _("El reclamo %(number)s ya está registrado."),
    "claim_solved": _("El reclamo %(number)s ya está solucionado: si la falla volvió, reábralo."),
    "claim_open": _("El reclamo %(number)s sigue abierto: registre una reiteración."),
    "solution_missing": _("Indique cómo se solucionó."),
    "service_of_another": _("El servicio %(number)s es de otro socio/cliente."),
    "service_unknown": _("No hay ningún servicio con el número «%(number)s»."),
    "service_not_then": _("El servicio %(number)s no existía, o ya se había retirado, el %(day)s."),
    "claim_of_another_service": _("El reclamo %(number)s ya está registrado en el servicio %(service)s."),
    "import_word": _("No se reconoce «%(text)s». Puede ser: %(what)s."),
    "damage_repeated": ngettext_lazy(
        "Daño reiterado: %(calls)s reclamos en %(days)s día.",
        "Daño reiterado: %(calls)s reclamos en %(days)s días.",
        "days",
    ),
    "damage_all_solved": _(
        "Hubo %(calls)s reclamos, todos solucionados: pregunte al socio/cliente si la falla continúa."
    ),
    "damage_none_recent": _("Sin reclamos en los últimos %(days)s días."),
    "damage_too_few": ngettext_lazy(
        "Solo %(calls)s reclamo; se necesitan %(least)s en %(days)s días.",
        "Solo %(calls)s reclamos; se necesitan %(least)s en %(days)s días.",
        "calls",
    ),
    "damage_last_open": _("El último reclamo (%(number)s) sigue sin solución."),
    "damage_came_back": ngettext_lazy(
        "El último reclamo (%(number)s) se cerró y la falla volvió a %(days)s día.",
        "El último reclamo (%(number)s) se cerró y la falla volvió a los %(days)s días.",
        "days",
    ),
    "damage_confirmed": _("El socio/cliente confirma que la falla continúa."),
    "claim_counts": _("Cuenta."),
    "claim_counts_again": _("Cuenta: es una reiteración."),
    "claim_alone": _("Está en el plazo, pero no hay otros que lo acompañen."),
    "reiteration_does_not_count": _("Las reiteraciones no cuentan, según la política."),
    "claim_too_old": ngettext_lazy(
        "Fue hace %(days)s día; cuentan los de los últimos %(most)s días.",
        "Fue hace %(days)s días; cuentan los de los últimos %(most)s días.",
        "days",
    ),
    "claim_outside_span": ngettext_lazy(
        "Está a %(days)s día del último reclamo; el plazo es de %(most)s días.",
        "Está a %(days)s días del último reclamo; el plazo es de %(most)s días.",
        "days",
    ),
    # how a customer stands
    "vip_segment": _("Su categoría es VIP."),
    "vip_billing": _("Su facturación promedio es de Bs %(average)s (desde Bs %(least)s es VIP)."),
    "vip_not": _("Su facturación promedio es de Bs %(average)s (VIP: desde Bs %(least)s)."),
    "vip_not_billed": _("No tiene facturas recientes."),
    "arrears_withdrawn": ngettext_lazy(
        "Tiene %(count)s producto retirado por mora: %(numbers)s.",
        "Tiene %(count)s productos retirados por mora: %(numbers)s.",
        "count",
    ),
    "risk_listed": _("Figura en la Central de Riesgos: %(entity)s, desde el %(listed_on)s."),
    "eligible_clean": _("Sin productos retirados por mora y fuera de la Central de Riesgos."),
    "eligible_owes": ngettext_lazy(
        "Tiene %(count)s deuda pendiente, que no lo excluye.",
        "Tiene %(count)s deudas pendientes, que no lo excluyen.",
        "count",
    ),
    # work orders
    "glosa_missing": _("Faltan las observaciones de la orden."),
    "work_order_open": _("El caso ya tiene la orden de trabajo %(number)s abierta."),
    "order_is_closed": _("La orden %(number)s ya está cerrada."),
    # courtesies
    "courtesy_service_withdrawn": _("El servicio %(number)s está retirado: no admite cortesías."),
    "courtesy_days": _("Una cortesía dura al menos un día."),
    "courtesy_running": _("Ya goza de «%(name)s» hasta el %(ends_on)s."),
    # bajas
    "withdrawal_known": _("El servicio ya tiene la baja %(number)s, solicitada el %(requested_on)s."),
    "withdrawal_number_used": _("La baja %(number)s ya está registrada."),
    "withdrawal_in_future": _("La fecha de la solicitud no puede ser futura."),
    "withdrawal_before_service": _("El servicio empezó el %(since_on)s: la baja no puede ser anterior."),
    "withdrawal_effective_before": _("La baja se solicitó el %(requested_on)s: no puede ser efectiva antes."),
    # bills of services
    "claim_days": _("Indique los días afectados."),
    "billing_claim_stands": _("Ya hay el reclamo de facturación %(number)s por %(month)s: no se da dos veces."),
    "bill_removed": _("La factura de %(month)s ya fue retirada."),
    "claim_exceeds_bill": _("De la factura solo quedan Bs %(left)s."),
}
