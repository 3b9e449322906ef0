"""The numbers of the readings of Gestión de Ventas Digitales, with their defaults."""

from django.utils.translation import gettext_lazy as _

from thaki.people.policies import Kind, define


def define_all() -> None:
    """Declare the policies; called when Django is ready."""
    define(
        "sales.first_contact_minutes",
        15,
        _("Primer contacto con un prospecto"),
        _("minutos de oficina"),
        "R-A9",
        Kind.INTEGER,
        minimum=1,
    )
    define(
        "sales.max_contact_attempts",
        5,
        _("Intentos de contacto sin respuesta"),
        _("intentos"),
        "R-A9",
        Kind.INTEGER,
        minimum=1,
    )
    define(
        "sales.next_attempt_hours",
        4,
        _("Nuevo intento tras uno sin respuesta"),
        _("horas de oficina"),
        "R-A9",
        Kind.INTEGER,
        minimum=1,
    )
    define(
        "sales.days_without_sign", 15, _("Espera de una señal del cliente"), _("días"), "R-A9", Kind.INTEGER, minimum=1
    )
    define(
        "sales.prospects_by_turn",
        False,
        _("Prospectos repartidos por turno (si no, cada ejecutivo los toma)"),
        "",
        "",
        Kind.BOOLEAN,
    )
    define(
        "sales.prospects_ahead",
        20,
        _("Prospectos sin contacto por ejecutivo al repartir la base"),
        _("prospectos"),
        "",
        Kind.INTEGER,
        minimum=1,
        maximum=200,
    )
    define(
        "sales.unmerge_days",
        30,
        _("Plazo en que el caso de un prospecto unido a otro puede volver"),
        _("días"),
        "",
        Kind.INTEGER,
        minimum=1,
    )
    define("sales.automatic_capacity_answer", False, _("Respuesta automática de capacidad"), "", "R-A8", Kind.BOOLEAN)
    define(
        "sales.letter_valid_days", 15, _("Validez de la Carta Comercial"), _("días"), "R-A14", Kind.INTEGER, minimum=1
    )
    define("sales.kpi_threshold_percent", 98, _("Indicador aprobado desde"), "%", "R-A15", Kind.PERCENT)
    define(
        "sales.business_sales_email",
        "ventas.empresas@comteco.example",
        _("Correo de Ventas Empresas"),
        "",
        "R-A11",
        Kind.TEXT,
    )
    define(
        "sales.digital_channels_email",
        "canales.digitales@comteco.example",
        _("Correo de Canales Digitales"),
        "",
        "R-A12",
        Kind.TEXT,
    )
    define("sales.cashiers_email", "cajas@comteco.example", _("Correo de Cajas"), "", "R-A12", Kind.TEXT)
    define(
        "sales.unserved_report_copies",
        "",
        _("Correos que además reciben el reporte de no atendidas (separados por comas)"),
        "",
        "R-A5",
        Kind.TEXT,
    )
