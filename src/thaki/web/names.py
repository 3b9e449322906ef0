"""Words for codes that the records and the runtime keep: what a document is, what was to be done outside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# What a person may attach by hand; the rest below is made by the system.
UPLOADS: Mapping[str, str | _StrPromise] = {
    "ci": _("Carnet de identidad"),
    "ubicacion": _("Ubicación para la instalación"),
    "carta_solicitud": _("Carta de solicitud"),
    "comprobante": _("Comprobante de depósito"),
    "contrato": _("Contrato"),
    "otro": _("Otro documento"),
}
KINDS: Mapping[str, str | _StrPromise] = {
    **UPLOADS,
    "carta_comercial": _("Carta Comercial"),
    "factura": _("Factura"),
    "informe": _("Informe"),
    "reporte_no_atendidas": _("Reporte de solicitudes no atendidas"),
    "hoja_servicio": _("Hoja de Servicio"),
    "orden_trabajo": _("Orden de Trabajo"),
    "reporte_dano": _("Reporte de Daño Técnico"),
    "foto_visita": _("Foto de la visita"),
    "firma_visita": _("Firma del cliente"),
    "constancia_ausencia": _("Constancia de ausencia"),
    "conflicto_visita": _("Foto de una visita en conflicto"),
}
# The parts of a step in which two versions of a procedure may differ.
PARTS: Mapping[str, str | _StrPromise] = {
    "name": _("Nombre"),
    "lane": _("Cargo"),
    "documentation": _("Para qué es"),
    "handler": _("Lo que hace el sistema"),
    "reading": _("Lectura"),
    "time": _("Plazo"),
    "back_to": _("A dónde se devuelve"),
    "way": _("Camino y condición"),
}
# Of an effect's payload: what a person corrects in an incident.
FIELDS: Mapping[str, str | _StrPromise] = {
    "to": _("Correo electrónico al que va"),
    "amount": _("Monto"),
    "subject": _("Asunto"),
}
# Signs in the machine's own words, and what they mean to a person; the first that fits is said.
TROUBLES: tuple[tuple[str, str | _StrPromise], ...] = (
    ("Connection refused", _("El otro sistema no está encendido o no acepta conexiones.")),
    ("timed out", _("El otro sistema no respondió a tiempo.")),
    ("Name or service not known", _("No se encuentra la dirección del otro sistema.")),
    ("Connection reset", _("El otro sistema cortó la conexión.")),
    ("SMTP 550", _("El servidor de correo dice que esa dirección no existe.")),
    ("SMTP 552", _("El buzón del destinatario está lleno.")),
)
EFFECTS: Mapping[str, str | _StrPromise] = {
    "email.send": _("Enviar un correo electrónico"),
    "webhook.send": _("Avisar a otro sistema"),
    "bss.place_order": _("Ingresar la orden en Smartflex"),
    "bss.cancel_order": _("Anular la orden en Smartflex"),
    "bss.issue_invoice": _("Emitir la factura en Smartflex"),
    "bss.void_invoice": _("Anular la factura en Smartflex"),
}
