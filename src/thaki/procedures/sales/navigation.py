"""The lines that Ventas Digitales adds to the staff's navigation."""

from django.utils.translation import gettext_lazy as _

from thaki.people.roles import Role
from thaki.ui import navigation
from thaki.ui.navigation import Entry

SELLERS = frozenset({Role.EJECUTIVO_VENTAS_DIGITALES})
CHIEFS = frozenset(
    {
        Role.RESPONSABLE_CANALES_DIGITALES,
        Role.RESPONSABLE_VENTAS_DIGITALES,
        Role.JEFE_DIVISION_VENTAS,
        Role.GESTION_CALIDAD,
    }
)


def register() -> None:
    """Add them; called when Django is ready."""
    navigation.register(
        Entry(_("Prospectos"), "sales:prospects", "users", "commercial", SELLERS | CHIEFS, 10, _("Prospectos")),
        Entry(
            _("Seguimiento de órdenes"),
            "sales_orders:board",
            "layout-kanban",
            "commercial",
            frozenset(
                {Role.RESPONSABLE_VENTAS_DIGITALES, Role.RESPONSABLE_CANALES_DIGITALES, Role.JEFE_DIVISION_VENTAS}
            ),
            20,
            short=_("Órdenes"),
        ),
        Entry(_("Solicitudes no atendidas"), "sales_reports:unserved", "inbox", "reports", CHIEFS, 10),
        Entry(_("Informes de ventas"), "sales_reports:reports", "report", "reports", CHIEFS, 20),
        Entry(
            _("Metas"),
            "sales_reports:goals",
            "target",
            "reports",
            frozenset({Role.JEFE_DIVISION_VENTAS, Role.RESPONSABLE_VENTAS_DIGITALES}),
            30,
        ),
        Entry(
            _("Validar depósitos"),
            "sales_billing:validate",
            "receipt",
            "commercial",
            frozenset({Role.ENCARGADO_COBRANZAS}),
            25,
            short=_("Validar"),
        ),
        Entry(
            _("Depósitos"),
            "sales_billing:deposits",
            "building-bank",
            "commercial",
            frozenset({Role.ENCARGADO_COBRANZAS}),
            30,
            short=_("Depósitos"),
        ),
        Entry(
            _("Caja: facturas"),
            "sales_billing:queue",
            "printer",
            "commercial",
            frozenset({Role.CAJERO}),
            30,
            short=_("Caja"),
        ),
        Entry(
            _("Archivo de facturas"),
            "sales_billing:archive",
            "archive",
            "commercial",
            frozenset({Role.CAJERO, Role.ENCARGADO_COBRANZAS}),
            40,
        ),
        Entry(
            _("Control recurrente"),
            "sales_billing:recurring",
            "repeat",
            "commercial",
            frozenset({Role.DIVISION_FACTURACION, Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES}),
            50,
        ),
    )
