"""The sentences of every reason that the records' rules give, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from thaki.records.messages_care import CARE

SENTENCES = {
    # imported files
    "import_missing": _("Falta el dato."),
    "import_number": _("No es un número: «%(text)s»."),
    "import_date": _("No es una fecha: «%(text)s». Ejemplos: 21/11/2026, 2026-11-21 15:30."),
    # people
    "ci_number": _("El carnet lleva solo dígitos (entre 4 y 10)."),
    "ci_complement": _("El complemento del carnet es un dígito y una letra, por ejemplo 1A."),
    "ci_department": _("El departamento del carnet es uno de: %(known)s, o ninguno."),
    "ci_unreadable": _("No se reconoce el carnet «%(text)s». Ejemplos: 4567890, 4567890-1A CB."),
    "ci_taken": _("Ese carnet ya está registrado: %(name)s (%(customer)s)."),
    "phone_needs_area": _(
        "El número %(number)s tiene 7 dígitos: anteponga el dígito de área (4 en Cochabamba), o verifique si es un celular de 8."
    ),
    "phone_unreadable": _("No se reconoce el número de teléfono: escriba sus 8 dígitos."),
    "phone_foreign": _("El teléfono debe ser de Bolivia."),
    "phone_length": _("Un teléfono de Bolivia tiene 8 dígitos; este tiene %(digits)s."),
    "phone_first_digit": _("Un celular empieza con 6 o 7; un teléfono fijo, con 2, 3 o 4 (4 en Cochabamba)."),
    "nit": _("El NIT lleva solo dígitos (entre 5 y 15)."),
    "email": _("El correo electrónico no es válido: revise que tenga la forma nombre@dominio.com."),
    "name_missing": _("Falta el nombre."),
    "name_characters": _("El nombre no puede llevar números ni símbolos."),
    "birth_impossible": _("La fecha de nacimiento no es posible."),
    "birth_minor": _("El titular debe tener %(years)s años cumplidos."),
    "same_ci": _("Mismo carnet: %(value)s"),
    "same_ci_number": _("Mismo número de carnet con otro complemento: %(value)s"),
    "same_nit": _("Mismo NIT: %(value)s"),
    "same_phone": _("Mismo teléfono: %(value)s"),
    "same_email": _("Mismo correo: %(value)s"),
    "similar_name": _("Nombre parecido (%(likeness)s %%): %(value)s"),
    "similar_address": _("Dirección parecida (%(likeness)s %%): %(value)s"),
    "other_ci": _("Carnets distintos: %(one)s y %(other)s"),
    "merge_itself": _("Es el mismo prospecto."),
    "merge_done": _("%(name)s ya está unido a otro prospecto."),
    "merge_undone": _("La unión ya se deshizo."),
    "merge_changed": _("El caso de %(name)s cambió mientras tanto: mire de nuevo."),
    "prospect_taken": _("A %(name)s ya lo atiende alguien."),
    "attempt_unknown": _("Diga cómo terminó la llamada."),
    "attempt_refused": _("%(why)s"),
    "when_unreadable": _("No se entiende cuándo: «%(text)s». Ejemplos: 15:30, mañana 9, lunes 10:30, 25/11 16:00."),
    "when_too_far": _("«%(text)s» queda a más de medio año."),
    "warn_debts": ngettext_lazy(
        "Tiene %(count)s deuda pendiente por %(amount)s", "Tiene %(count)s deudas pendientes por %(amount)s", "count"
    ),
    "warn_open_requests": ngettext_lazy(
        "Tiene %(count)s solicitud abierta: %(numbers)s", "Tiene %(count)s solicitudes abiertas: %(numbers)s", "count"
    ),
    "warn_running_orders": ngettext_lazy(
        "Tiene %(count)s orden en curso: %(numbers)s", "Tiene %(count)s órdenes en curso: %(numbers)s", "count"
    ),
    "warn_withdrawn_for_arrears": ngettext_lazy(
        "Tiene %(count)s producto retirado por mora: %(numbers)s",
        "Tiene %(count)s productos retirados por mora: %(numbers)s",
        "count",
    ),
    # prospects
    "prospect_unreachable": _("Indique al menos un teléfono o un correo electrónico para poder contactarlo."),
    "call_back_missing": _("Indique cuándo volver a llamar."),
    "call_back_unwanted": _("La hora de volver a llamar solo va con «Volver a llamar»."),
    "call_back_past": _("La hora de volver a llamar debe ser posterior a este intento."),
    # network
    "pin_outside_bolivia": _("La ubicación está fuera de Bolivia: revise el punto en el mapa."),
    "polygon_unreadable": _("El polígono de la zona no es válido."),
    "out_of_area": _("La ubicación está fuera de la zona de cobertura %(technology)s."),
    "no_access_point": _("No hay puntos de acceso %(technology)s cerca de la ubicación."),
    "out_of_reach": _(
        "El punto de acceso más cercano (%(access_point)s) está a %(distance_m)s m; su alcance es de %(reach_m)s m."
    ),
    "no_free_ports": ngettext_lazy(
        "No hay puertos libres en el único punto de acceso al alcance (%(access_point)s).",
        "No hay puertos libres en los %(access_points)s puntos de acceso al alcance (el más cercano: %(access_point)s).",
        "access_points",
    ),
    "within_reach": _(
        "El punto de acceso %(access_point)s está a %(distance_m)s m, dentro de su alcance de %(reach_m)s m."
    ),
    "nearest_full": _("El más cercano (%(access_point)s, a %(distance_m)s m) no tiene puertos libres."),
    "free_ports": _("Tiene %(ports)s puertos libres."),
    "few_ports": ngettext_lazy(
        "Solo le queda %(ports)s puerto libre.", "Solo le quedan %(ports)s puertos libres.", "ports"
    ),
    "speed_lost_with_distance": _("A %(distance_m)s m la velocidad máxima es de %(max_mbps)s Mbps."),
    "speed_of_area": _("La zona admite hasta %(max_mbps)s Mbps."),
    "enough_speed": _("Soporta los %(wanted_mbps)s Mbps solicitados (máximo %(max_mbps)s Mbps)."),
    "less_speed": _("No llega a los %(wanted_mbps)s Mbps solicitados: máximo %(max_mbps)s Mbps."),
    "neighbours_measured": ngettext_lazy(
        "%(lines)s línea vecina sincroniza a %(max_mbps)s Mbps.",
        "%(lines)s líneas vecinas sincronizan a una mediana de %(max_mbps)s Mbps.",
        "lines",
    ),
    "neighbours_noisy": _("Las líneas vecinas tienen una relación señal/ruido menor a %(snr_db)s dB."),
    "ports_full": _("El punto de acceso %(access_point)s no tiene puertos libres."),
    "ports_in_use": _("El punto de acceso %(access_point)s tiene %(ports)s puertos ocupados: no puede tener menos."),
    "line_unknown": _("No existe la línea %(number)s."),
    # offers
    "plan_technology_missing": _("La ubicación no tiene cobertura %(technology)s."),
    "plan_too_fast": _("El plan es de %(down_mbps)s Mbps y la velocidad máxima confirmada es de %(max_mbps)s Mbps."),
    "plan_fits": _("Disponible en la ubicación."),
    "plan_not_on_sale": _("El plan %(plan)s no está vigente."),
    "letter_days": _("La carta debe valer al menos un día."),
    "letter_empty": _("Elija al menos un plan para la Carta Comercial."),
    "letter_answered": _("La Carta Comercial ya fue respondida."),
    "letter_expired": _("La Carta Comercial venció el %(valid_until_on)s: emita una nueva."),
    "letter_plan": _("El plan no figura en la Carta Comercial."),
    "refusal_reason": _("Indique el motivo del rechazo."),
    "plan_code": _("El código lleva letras, dígitos y guiones, hasta 24."),
    "plan_code_taken": _("Ya hay un plan con el código %(code_)s."),
    "plan_needs_speed": _("Un plan de Internet lleva velocidad de bajada y de subida."),
    "package_parts": _("Un paquete se compone de al menos dos planes."),
    "package_of_packages": _("Un paquete no se compone de otros paquetes: %(plan)s lo es."),
    "part_not_on_sale": _("%(plan)s no está vigente y no puede ser parte de un paquete nuevo."),
    "plan_in_packages": _("Es parte de paquetes vigentes: %(plans)s. Retírelos primero."),
    "plan_ends_before": _("No puede terminar antes de hoy ni antes de empezar (%(first_on)s)."),
    "tariff_past": _("Una tarifa nueva rige desde hoy o después: lo ya ofrecido no cambia."),
    "tariff_there": _("Ya hay una tarifa desde el %(from_on)s; elija un día posterior o retírela."),
    "tariff_after_plan": _("El plan se ofrece solo hasta el %(valid_to_on)s."),
    "tariff_same": _("Es igual a la tarifa que ya rige."),
    "tariff_in_force": _("La tarifa ya rige o rigió: fije otra desde una fecha."),
    "account_paid": _("La cuenta ya tiene pagos: desactívela y anote otra."),
    "account_last": _("Tiene que quedar una cuenta activa: los clientes pagan en ella."),
    # orders
    "state_forbids": _("%(what)s está en estado «%(state)s» y no puede pasar a «%(to)s»."),
    "order_open_already": _("La venta ya tiene una orden abierta: %(number)s."),
    "order_replaces_open": _("Solo se redigita una orden anulada; %(number)s no lo está."),
    "order_replaced_already": _("La orden %(number)s ya fue redigitada."),
    "annul_reason": _("Indique el motivo de la anulación."),
    "keyed_as_agreed": _("Coincide con lo acordado."),
    "keyed_differs": _("No coincide con lo acordado."),
    "keyed_missing": _("Falta el dato."),
    "keyed_not_needed": _("No corresponde."),
    "pin_apart": _("El punto está a %(distance_m)s m del verificado en cobertura (tolerancia %(tolerance_m)s m)."),
    "speed_confirmed": _("Dentro de la velocidad confirmada por Help Desk."),
    "letter_accepted_yes": _("La Carta Comercial fue aceptada."),
    "letter_accepted_no": _("Falta la aceptación de la Carta Comercial."),
    "requirements_complete_yes": _("Los requisitos están completos."),
    "requirements_complete_no": _("Faltan requisitos por aceptar."),
    "payment_in": _("El pago está conforme."),
    "payment_missing": _("Falta acreditar Bs %(missing_bob)s."),
    "order_none": _("La venta no tiene otra orden abierta."),
    "order_open": _("La venta ya tiene la orden %(number)s abierta."),
    "signer_missing": _("Indique quién firmó el contrato."),
    # billing
    "amount_unreadable": _("No se reconoce el monto «%(text)s»: escríbalo como 1.234,50."),
    "amount_not_positive": _("El monto debe ser mayor a cero."),
    "amount_has_fractions_of_a_cent": _("El monto lleva como máximo dos decimales."),
    "amount_too_large": _("El monto es demasiado grande."),
    "slip_number": _("El número de comprobante lleva entre 3 y 40 letras o dígitos."),
    "slip_used": _("El comprobante %(slip_number)s ya fue usado en %(case_ref)s."),
    "paid_in_future": _("La fecha del depósito no puede ser futura."),
    "paid_too_long_ago": _("El depósito tiene más de %(days)s días."),
    "deposit_agrees": _("Coincide."),
    "deposit_posted_later": ngettext_lazy(
        "Acreditado %(days)s día después, dentro de lo que tarda el banco.",
        "Acreditado %(days)s días después, dentro de lo que tarda el banco.",
        "days",
    ),
    "deposit_amount_differs": _("El monto de la cuenta no es el del comprobante."),
    "deposit_date_differs": _("La fecha no coincide."),
    "deposit_slip_number_differs": _("El número de depósito no coincide."),
    "deposit_operation_type_differs": _("El tipo de operación no coincide."),
    "deposit_depositor_differs": _("El nombre del depositante no coincide."),
    "deposit_mismatch": _("El depósito no coincide con lo encontrado: recházelo con su motivo o corrija los datos."),
    "split_exceeds_slip": _("Al comprobante solo le quedan %(left)s por repartir."),
    "split_total_differs": _("El total del comprobante compartido ya está registrado por %(total)s."),
    "reject_reason": _("Indique el motivo del rechazo."),
    "refund_exceeds": _("La devolución supera lo que queda del pago: %(left)s."),
    "refund_reference": _("Indique el número de comprobante de la devolución."),
    "reason_missing": _("Indique el motivo."),
    "control_unknown": _("Nadie está inscrito con «%(said)s»."),
    "control_several": _("«%(said)s» tiene varias inscripciones: indique el caso (%(cases)s)."),
    "control_bill_unknown": _("No hay ningún cobro con el número «%(number)s»."),
    "control_nobody": _("Indique la factura, el caso, la orden o el código del cliente."),
    "control_number_used": _("La factura %(number)s ya está en otro cobro."),
    "control_month": _("No se entiende el mes «%(text)s»: escriba, por ejemplo, 11/2026."),
    "control_reference_used": _("La referencia %(reference)s ya está anotada en esta inscripción."),
    "control_due_before": _("Vence antes de que empiece su mes."),
    "control_before_start": _("La inscripción empieza en %(month)s."),
    "control_after_end": _("La inscripción terminó el %(day)s."),
    "control_bill_paid": _("El cobro de %(month)s ya está pagado, con otro monto (Bs %(amount)s)."),
    "closing_in_future": _("Ese día todavía no llega: no se puede cerrar."),
    "closing_done": _("El %(day)s ya está cerrado."),
    "invoice_voided": _("La factura %(number)s está anulada."),
    "invoice_not_printed": _("La factura %(number)s aún no fue impresa."),
    "invoice_delivered": _("La factura %(number)s ya fue entregada a %(to)s."),
    "recipient_missing": _("Indique a quién se entregó la factura."),
    "acknowledgement_missing": _("Indique el acuse de recibo."),
    "invoice_tax_id": _("La factura necesita un NIT o carnet, solo dígitos."),
    "recurring_day": _("El día de pago va del 1 al 28."),
    "bill_reference": _("Indique la referencia del pago."),
    "recurring_running": _("La venta ya está en el control de pago recurrente."),
    # a technician's visit
    "visit_order_over": _("La orden %(number)s ya no está abierta: %(state)s."),
    "visit_not_arrived": _("Registre primero la llegada al domicilio."),
    "visit_no_task": _("Anote al menos una tarea Xpress con lo que se hizo."),
    "visit_service_untried": _("Falta probar: %(names)s."),
    "visit_service_fails": _("No quedó funcionando: %(names)s. Con un servicio en falla la orden no se cierra."),
    "visit_no_paper": _("Falta la firma del cliente en al menos un documento."),
    "visit_unsigned": _("Falta la firma en: %(papers)s."),
    "visit_signer": _("Indique quién firma."),
    "visit_failure_kind": _("Diga por qué no se pudo hacer la visita."),
    "visit_absence_proof": _("La ausencia se demuestra con una foto del domicilio."),
    "visit_failure_note": _("Escriba qué pasó."),
    "visit_postponed_until": _("Indique hasta cuándo la posterga el cliente."),
    "visit_postponed_past": _("La nueva hora debe ser posterior a la visita."),
    "visit_postponed_far": _("La visita se posterga a lo sumo %(days)s días."),
    # documents
    "file_empty": _("El archivo está vacío."),
    "file_too_large": _("El archivo supera los %(limit_mb)s MB."),
    "file_type": _("Solo se aceptan archivos PDF, JPEG, PNG o WebP."),
    "file_truncated": _("El archivo está incompleto o dañado: vuelva a enviarlo."),
    "pdf_active": _("El PDF contiene elementos activos (%(what)s) y no se acepta: imprímalo a PDF y envíelo de nuevo."),
    "picture_too_large": _("La imagen es demasiado grande (más de %(megapixels)s megapíxeles)."),
    "hash_malformed": _("El identificador del archivo no es válido."),
    "file_gone": _("El archivo ya no está disponible."),
    **CARE,
    # embedded checkout
    "checkout_unknown": _("El enlace de pago no existe."),
    "checkout_expired": _("El enlace de pago venció: solicite uno nuevo."),
    "checkout_closed": _("Este pago ya fue concluido."),
    "card_number": _("El número de tarjeta no es válido."),
    "card_expiry": _("La tarjeta está vencida o la fecha no es válida."),
    "card_cvv": _("El código de seguridad tiene 3 o 4 dígitos."),
    "card_declined": _("La tarjeta fue rechazada por el banco emisor."),
    "receipt_signature": _("La firma del recibo no es válida."),
    # work orders: dispatch
    "order_on_site": _("El técnico ya está en el domicilio de la orden %(order)s."),
    "not_a_technician": _("%(name)s no es Técnico Multiservicios."),
    "hour_ends_before": _("La hora final debe ser posterior a la inicial."),
    "hour_gone": _("Esa hora ya pasó."),
    "hour_past_due": _(
        "Esa hora pasa del plazo de la orden (%(due_at)s). Si la pide el cliente, registre que él postergó la visita."
    ),
    "nothing_to_print": _("Elija al menos una orden."),
    "order_cancelled": _("La orden %(order)s está cancelada."),
    "order_over": _("La orden %(order)s ya está %(state)s."),
    # billing claims and hand-overs
    "billing_claim_decided": _("El reclamo %(claim)s ya está %(state)s."),
    "hand_over_nowhere": _("No hay bandeja «%(to)s»."),
    "hand_over_empty": _("Escriba el asunto."),
    "hand_over_acknowledged": _("Ya acusó recibo %(name)s el %(at)s."),
}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a reason in the reader's language; an unknown code is shown as it is, never hidden."""
    if code not in SENTENCES:
        return code
    shown = {k: v.strftime("%d/%m/%Y") if isinstance(v, date) else v for k, v in params.items()}
    return str(SENTENCES[code] % shown)  # the percent sign chooses singular or plural
