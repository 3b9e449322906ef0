"""The numbers of the readings of Evitar bajas (Retención), with their defaults."""

from django.utils.translation import gettext_lazy as _

from thaki.people.policies import Kind, define

DAYS, HOURS, TIMES = _("días"), _("horas"), _("veces")
# code, default, label, unit, reading, kind
NUMBERS = (
    ("damage_span_days", 30, _("Daño reiterado: tramo en que se cuentan los reclamos"), DAYS, "R-B2"),
    ("damage_min_claims", 2, _("Daño reiterado: reclamos que lo hacen"), _("reclamos"), "R-B2"),
    ("damage_return_days", 30, _("Daño reiterado: la falla volvió si reaparece en"), DAYS, "R-B2"),
    ("max_further_orders", 2, _("Órdenes adicionales por reincidencia en un caso"), _("órdenes"), "R-B3"),
    ("vip_months", 3, _("VIP: meses del promedio de facturación"), _("meses"), "R-B6"),
    ("visit_hours", 24, _("Llegada del técnico desde la orden"), HOURS, "R-B7"),
    ("visit_warning_hours", 18, _("Aviso de que el técnico no llegó"), HOURS, "R-B7"),
    ("quality_days", 2, _("Control de calidad después de cerrada la orden"), DAYS, "R-B7"),
    ("recurrence_days", 30, _("Control de reiterados después de generado el servicio"), DAYS, "R-B7"),
    ("quality_attempts", 3, _("Control de calidad: intentos de llamada"), TIMES, "R-B12"),
    ("quality_attempt_days", 3, _("Control de calidad: días en que se intenta"), DAYS, "R-B12"),
    ("max_courtesies", 1, _("Cortesías por caso"), _("cortesías"), "R-B13"),
    ("max_compensation_days", 30, _("Compensación: días afectados como máximo"), DAYS, "R-B13"),
)
MONEY = (
    ("vip_average_bob", 500, _("VIP: promedio de facturación desde"), "R-B6"),
    ("adviser_limit_bob", 150, _("Límite de compensación del Asesor"), "R-B13"),
    ("adviser_limit_vip_bob", 300, _("Límite de compensación del Asesor para un VIP"), "R-B13"),
)


def define_all() -> None:
    """Declare the policies; called when Django is ready."""
    for code, default, label, unit, reading in NUMBERS:
        define(f"retention.{code}", default, label, unit, reading, Kind.INTEGER, minimum=1)
    for code, default, label, reading in MONEY:
        define(f"retention.{code}", default, label, "Bs", reading, Kind.MONEY)
    define("retention.reiterations_count", True, _("Las reiteraciones cuentan como reclamos"), "", "R-B2", Kind.BOOLEAN)
    define(
        "retention.removal_needs_authorisation",
        False,
        _("El límite del Asesor vale también para el retiro de factura"),
        "",
        "R-B13",
        Kind.BOOLEAN,
    )
