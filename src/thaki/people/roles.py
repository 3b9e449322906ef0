"""The roles of both signed procedures (the lanes of their diagrams) and those of the house itself."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """A post of the cooperative; the value is the lane's `thaki:role` in the BPMN files."""

    EJECUTIVO_VENTAS_DIGITALES = "ejecutivo_ventas_digitales"
    AGENTE_HELP_DESK = "agente_help_desk"
    ENCARGADO_COBRANZAS = "encargado_cobranzas"
    CAJERO = "cajero"
    DIVISION_FACTURACION = "division_facturacion"
    RESPONSABLE_CANALES_DIGITALES = "responsable_canales_digitales"
    RESPONSABLE_VENTAS_DIGITALES = "responsable_ventas_digitales"
    JEFE_DIVISION_VENTAS = "jefe_division_ventas"
    ASESOR_COMERCIAL = "asesor_comercial"
    SUPERVISOR_CENTRO_OPERACIONES = "supervisor_centro_operaciones"
    TECNICO_MULTISERVICIOS = "tecnico_multiservicios"
    SEGUIMIENTO_INCIDENTES = "seguimiento_incidentes"
    CALIDAD_RELACIONES = "calidad_relaciones"
    RESPONSABLE_RETENCION = "responsable_retencion"
    JEFE_RELACION_CLIENTE = "jefe_relacion_cliente"
    JEFE_RECURSOS = "jefe_recursos"
    GERENCIA_COMERCIAL = "gerencia_comercial"
    # No lanes: the neighbouring procedures to which the two hand over. They have an inbox here.
    GESTION_SOLICITUDES = "gestion_solicitudes"
    SOLUCION_INCIDENTES = "solucion_incidentes"
    GESTION_CALIDAD = "gestion_calidad"
    ADMINISTRADOR = "administrador"


# The names are those of the signed procedures, to the letter.
ROLE_NAMES = {
    Role.EJECUTIVO_VENTAS_DIGITALES: _("Ejecutivo de Ventas Digitales"),
    Role.AGENTE_HELP_DESK: _("Agente Atención Incidentes (Help Desk)"),
    Role.ENCARGADO_COBRANZAS: _("Encargado de Cobranzas"),
    Role.CAJERO: _("Cajero"),
    Role.DIVISION_FACTURACION: _("División Facturación"),
    Role.RESPONSABLE_CANALES_DIGITALES: _("Responsable Equipo Canales Digitales"),
    Role.RESPONSABLE_VENTAS_DIGITALES: _("Responsable Equipo Ventas Digitales"),
    Role.JEFE_DIVISION_VENTAS: _("Jefe División Ventas"),
    Role.ASESOR_COMERCIAL: _("Asesor Comercial"),
    Role.SUPERVISOR_CENTRO_OPERACIONES: _("Supervisor Centro de Operaciones"),
    Role.TECNICO_MULTISERVICIOS: _("Técnico Multiservicios"),
    Role.SEGUIMIENTO_INCIDENTES: _("Equipo Seguimiento de Incidentes"),
    Role.CALIDAD_RELACIONES: _("Equipo Gestión de Calidad de las Relaciones Clientes"),
    Role.RESPONSABLE_RETENCION: _("Responsable Equipo de Atención y Retención"),
    Role.JEFE_RELACION_CLIENTE: _("Jefe División Gestión de la Relación Cliente"),
    Role.JEFE_RECURSOS: _("Jefe División Gestión de Recursos"),
    Role.GERENCIA_COMERCIAL: _("Gerencia Comercial"),
    Role.GESTION_SOLICITUDES: _("Gestión de Solicitudes"),
    Role.SOLUCION_INCIDENTES: _("Solución de Incidentes"),
    Role.GESTION_CALIDAD: _("Gestión de Calidad y Desempeño"),
    Role.ADMINISTRADOR: _("Administrador"),
}
