"""The lines that operations, quality, billing and the neighbours' inboxes add to the staff's navigation."""

from django.utils.translation import gettext_lazy as _

from thaki.people.roles import Role
from thaki.ui import navigation
from thaki.ui.navigation import Entry


def register() -> None:
    """Add them; called when Django is ready."""
    watchers = {Role.RESPONSABLE_RETENCION, Role.JEFE_RELACION_CLIENTE, Role.GERENCIA_COMERCIAL}
    readers = frozenset({Role.RESPONSABLE_RETENCION, Role.JEFE_RECURSOS, Role.GESTION_CALIDAD} | watchers)
    navigation.register(
        Entry(
            _("Órdenes de 24 horas"),
            "retention_ops:board",
            "layout-kanban",
            "commercial",
            frozenset({Role.SUPERVISOR_CENTRO_OPERACIONES, Role.JEFE_RECURSOS} | watchers),
            60,
            short=_("Órdenes"),
        ),
        Entry(
            _("Control de calidad"),
            "retention_ops:quality",
            "clipboard-check",
            "commercial",
            frozenset({Role.SEGUIMIENTO_INCIDENTES} | watchers),
            61,
            short=_("Calidad"),
        ),
        Entry(
            _("Control de reiterados"),
            "retention_ops:recurrence",
            "repeat",
            "commercial",
            frozenset({Role.CALIDAD_RELACIONES} | watchers),
            62,
            short=_("Reiterados"),
        ),
        Entry(
            _("Reclamos de facturación"),
            "retention_ops:claims",
            "receipt-refund",
            "commercial",
            frozenset({Role.DIVISION_FACTURACION, Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION}),
            63,
            short=_("Reclamos"),
        ),
        Entry(
            _("Bandeja de Solicitudes"),
            "retention_ops:hand_overs_requests",
            "inbox",
            "commercial",
            frozenset({Role.GESTION_SOLICITUDES, Role.RESPONSABLE_RETENCION}),
            64,
            short=_("Bandeja"),
        ),
        Entry(
            _("Bandeja de Incidentes"),
            "retention_ops:hand_overs_incidents",
            "inbox",
            "commercial",
            frozenset({Role.SOLUCION_INCIDENTES, Role.RESPONSABLE_RETENCION}),
            65,
            short=_("Bandeja"),
        ),
        Entry(
            _("Indicador de bajas"),
            "retention_ops:withdrawals",
            "trending-down",
            "reports",
            readers,
            40,
            short=_("Bajas"),
        ),
        Entry(
            _("Evaluación de la retención"),
            "retention_ops:evaluations",
            "report-analytics",
            "reports",
            readers,
            41,
            short=_("Evaluación"),
        ),
    )
