"""Sentences for the codes of `engine.bpmn.BpmnError`: why a file cannot be read as a procedure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

SENTENCES: Mapping[str, _StrPromise] = {
    # the file
    "not_xml": _("El archivo no es XML: hay un error en la línea %(line)s, columna %(column)s."),
    "xml_forbidden": _(
        "El archivo declara un tipo de documento o entidades (DOCTYPE), que no se aceptan por seguridad."
    ),
    "not_bpmn": _("El archivo no es BPMN 2.0: empieza con «%(element)s»."),
    "too_big": _("El archivo es demasiado grande: se aceptan hasta %(limit)s bytes."),
    "too_many": _("El procedimiento tiene demasiados elementos: se aceptan hasta %(limit)s."),
    "too_deep": _("Hay demasiados elementos unos dentro de otros."),
    "no_process": _("El archivo no contiene ningún proceso que se pueda ejecutar."),
    # what is outside
    "unsupported": _("El elemento «%(element)s» no se puede usar en un procedimiento."),
    "unsupported_attribute": _('«%(element)s» con %(attribute)s="%(value)s" no se puede usar en un procedimiento.'),
    "unsupported_event": _("Un «%(element)s» no puede ser de la clase «%(trigger)s»."),
    "several_triggers": _("El evento tiene más de una causa; puede tener una sola."),
    "unknown_attribute": _("No existe el atributo thaki:%(attribute)s; revise cómo está escrito."),
    # references
    "no_id": _("Un elemento «%(element)s» («%(name)s») no tiene identificador."),
    "id_twice": _("Dos elementos tienen el mismo identificador."),
    "reference_unknown": _("%(attribute)s apunta a «%(reference)s», que no existe."),
    "message_missing": _("Falta decir qué mensaje se espera."),
    "called_missing": _("Falta decir a qué procedimiento se llama."),
    "link_without_name": _("El enlace no tiene nombre."),
    "link_halves": _("El enlace «%(link)s» tiene %(count)s llegadas; debe tener exactamente una."),
    "attached_nowhere": _("El evento de borde debe estar sobre una actividad, y «%(node)s» no lo es."),
    "back_to_not_here": _("Solo un paso de una persona puede devolverse."),
    "back_to_unknown": _("No se puede devolver a «%(node)s»: no es una actividad al lado de esta."),
    # ways in and out
    "no_start": _("Falta el evento de inicio."),
    "several_starts": _("Un subproceso debe tener un solo inicio."),
    "no_end": _("Falta el evento de fin."),
    "no_way_out": _("De aquí no sale ninguna flecha: el caso no sabría seguir."),
    "flow_end_unknown": _("La flecha empieza o termina en «%(node)s», que no existe."),
    "flow_crosses": _("La flecha entra o sale de un subproceso; debe quedarse dentro o fuera."),
    "flow_into": _("Aquí no puede llegar ninguna flecha, y llega «%(flow)s»."),
    "flow_out_of": _("De aquí no puede salir ninguna flecha, y sale «%(flow)s»."),
    "race_target": _("Después de una compuerta de eventos solo van esperas a las que nada más llega."),
    # conditions and facts
    "condition_missing": _("La flecha sale de una decisión y no tiene condición, ni es la salida por defecto."),
    "condition_not_here": _("La flecha tiene una condición donde no se decide nada."),
    "default_not_here": _("La flecha es la salida por defecto donde no se decide nada."),
    "default_elsewhere": _("La salida por defecto «%(flow)s» no sale de aquí."),
    "condition_syntax": _("La condición «%(text)s» no se entiende a partir del carácter %(at)s."),
    "condition_too_long": _("La condición es demasiado larga: hasta %(limit)s caracteres."),
    "condition_too_deep": _("La condición tiene demasiados paréntesis: hasta %(limit)s."),
    "expression_language": _("La condición está escrita en «%(language)s»; se usa CEL."),
    "fact_undeclared": _("La condición «%(text)s» pregunta por «%(fact)s», que no está declarado."),
    "value_undeclared": _(
        "La condición «%(text)s» compara «%(fact)s» con «%(value)s», que no es uno de sus valores (%(values)s)."
    ),
    "fact_name": _("«%(fact)s» no puede ser el nombre de un dato: use letras sin acento, números y «_»."),
    "fact_values": _("El dato «%(fact)s» necesita valores con nombres de letras sin acento, números, «_» y «-»."),
    "fact_twice": _("El dato «%(fact)s» está declarado dos veces."),
    # clocks
    "timer_malformed": _("El tiempo «%(value)s» no está bien escrito (ISO 8601: por ejemplo «P15D» o «PT30M»)."),
    "timer_option": _("El calendario «%(calendar)s» o la unidad «%(unit)s» no existe."),
}
