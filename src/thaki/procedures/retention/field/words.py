"""What the technician's telephone says. Its scripts are static files, so the sentences travel with the page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from thaki.records.work_orders.models import VisitFailure, VisitSignature


def words() -> dict[str, str]:
    """Every sentence in the reader's language, by the key that the scripts ask for."""
    return {
        **_lists(),
        **_visit(),
        **_work(),
        **_evidence(),
        **_sending(),
        **{f"paper_{code}": str(label) for code, label in VisitSignature.Paper.choices},
        **{f"fail_{code}": str(label) for code, label in VisitFailure.Kind.choices},
    }


def _lists() -> dict[str, str]:
    return {
        "today": _("Mis visitas"),
        "as_of": _("Actualizado el %(when)s"),
        "never_synced": _("Todavía no se descargó ninguna visita en este teléfono."),
        "nothing": _("No tiene visitas asignadas"),
        "nothing_more": _("Cuando el Supervisor le asigne una orden, aparecerá aquí."),
        "all_done": _("Terminó todas sus visitas."),
        "others": _("Otros envíos"),
        "no_hour": _("Hora por acordar"),
        "no_address": _("Sin dirección registrada"),
        "arrived": _("Llegó %(hour)s"),
        "paused": _("En pausa hasta el %(when)s"),
        "late": _("Atrasada %(time)s"),
        "left": _("Quedan %(time)s"),
        "waiting": _("Por enviar"),
        "conflict": _("En conflicto"),
        "refused": _("Por corregir"),
        "sent": _("Enviado"),
        "draft": _("En curso"),
        "gone_draft": _("Ya no es suya"),
        "gone_draft_more": _(
            "La orden se reasignó, se canceló o se cerró mientras trabajaba. Lo que anotó no se perdió: envíelo al Supervisor."
        ),
        "give": _("Enviar lo anotado al Supervisor"),
        "discard": _("Descartar"),
        "discard_more": _("Lo anotado se borra de este teléfono."),
        "kind_arrival": _("Llegada"),
        "kind_failure": _("Visita no realizada"),
        "kind_report": _("Visita terminada"),
    }


def _visit() -> dict[str, str]:
    return {
        "address": _("Dirección"),
        "reference": _("Referencia"),
        "map": _("Mapa"),
        "no_map": _("Sin ubicación"),
        "no_phone": _("Sin celular"),
        "history": _("Historia de la línea"),
        "no_claims": _("Sin reclamos en el último año."),
        "unsolved": _("Sin solución"),
        "no_line": _("Sin mediciones de la línea."),
        "observations": _("Observaciones de la orden"),
        "fault": _("Falla"),
        "product": _("Servicio"),
        "arrive": _("Llegué al domicilio"),
        "arrived_at": _("Llegada: %(when)s."),
        "taking_place": _("Tomando la ubicación…"),
        "place_taken": _("Ubicación tomada (± %(m)s m)."),
        "place_denied": _("Sin ubicación: el teléfono no dio permiso. Queda anotado."),
        "place_unavailable": _("Sin ubicación: el teléfono no la pudo tomar. Queda anotado."),
        "place_timeout": _("Sin ubicación: el GPS no respondió a tiempo. Queda anotado."),
        "place_unknown": "",
        "step_work": _("Revisión y tareas Xpress"),
        "step_services": _("Prueba de los servicios"),
        "step_photos": _("Fotos de antes y después"),
        "step_papers": _("Firma del cliente"),
        "n_tasks": _("Tareas marcadas: %(n)s"),
        "n_of": _("%(n)s de %(all)s"),
        "n_photos": _("Fotos: %(n)s"),
        "still": _("Para terminar falta:"),
        "complete": _("Está todo. Al terminar, se envía sola cuando haya señal."),
        "finish": _("Terminar la visita"),
        "could_not": _("No se pudo hacer la visita"),
        "visit_closed": _("La orden ya está cerrada."),
        "need_arrival": _("Registrar la llegada"),
        "need_work": _("Marcar al menos una tarea Xpress y escribir qué se hizo"),
        "need_services": _("Probar todos los servicios: cada uno debe funcionar"),
        "need_paper": _("Elegir qué documento firma el cliente"),
        "need_signature": _("La firma en: %(paper)s"),
        "ready": _("Listo"),
        "gone": _("Esta visita ya no está en su lista"),
        "gone_more": _("Se reasignó, se canceló o ya se cerró. Lo que usted anotó y no envió sigue guardado."),
    }


def _work() -> dict[str, str]:
    return {
        "review": _("Revisión minuciosa"),
        "review_hint": _("Qué encontró al revisar toda la instalación."),
        "tasks": _("Tareas Xpress"),
        "tasks_hint": _("Marque las que hizo."),
        "found": _("Qué se encontró"),
        "done": _("Qué se hizo"),
        "materials": _("Materiales usados"),
        "material": _("Material"),
        "quantity": _("Cantidad"),
        "unit": _("Unidad"),
        "add_material": _("Agregar material"),
        "remove": _("Quitar"),
        # Names offered while one types, set apart by bars.
        "material_names": _(
            "Access point|Cable UTP|Cable coaxial|Conector RJ45|Conector F|Acometida entorchada|Roseta telefónica|Grapas"
        ),
        "services_hint": _("Pruébelos uno por uno, con el cliente."),
        "works": _("Funciona"),
        "fails": _("No funciona"),
        "service_note": _("Qué falla"),
        "not_working": _(
            "Con un servicio en falla la visita no se cierra. Siga, o informe la falla de planta en «No se pudo hacer la visita»."
        ),
    }


def _evidence() -> dict[str, str]:
    return {
        "photos_hint": _("Se achican en el teléfono antes de enviarse."),
        "photos_before": _("Antes"),
        "photos_after": _("Después"),
        "photos_absence": _("Foto que demuestra la ausencia"),
        "photo_before": _("Tomar foto de antes"),
        "photo_after": _("Tomar foto de después"),
        "photo_absence": _("Tomar foto del domicilio"),
        "no_photos": _("Todavía no hay fotos."),
        "no_picture": _("«%(name)s» no es una foto que se pueda leer."),
        "too_many": _("Una visita lleva a lo sumo %(n)s fotos."),
        "papers_hint": _("Marque los documentos que corresponden; el cliente firma cada uno."),
        "signer": _("Nombre de quien firma"),
        "signer_ci": _("Carnet"),
        "sign": _("Firmar"),
        "sign_again": _("Firmar de nuevo"),
        "sign_here": _("Firme aquí con el dedo"),
        "signed_at": _("Firmado el %(when)s"),
        "signature_of": _("Firma de %(name)s"),
        "empty_signature": _("Falta la firma."),
        "clear": _("Borrar"),
        "accept": _("Aceptar"),
        "could_not_hint": _("El Supervisor la recibe y acuerda qué sigue."),
        "why": _("¿Qué pasó?"),
        "fail_absent_more": _("Nadie atendió: hace falta una foto del domicilio."),
        "fail_refused_more": _("El cliente no dejó entrar."),
        "fail_plant_fault_more": _("La falla está afuera: pasa a Solución de Incidentes."),
        "fail_postponed_more": _("El cliente pidió otra hora: el plazo se detiene hasta entonces."),
        "until": _("¿Para cuándo la pide el cliente?"),
        "until_hint": _("Día y hora acordados con él."),
        "note": _("Nota"),
        "need_kind": _("Elija qué pasó."),
        "need_proof": _("Falta la foto del domicilio."),
        "need_until": _("Falta la nueva hora."),
        "need_note": _("Escriba qué pasó."),
        "send_failure": _("Enviar"),
    }


def _sending() -> dict[str, str]:
    return {
        "offline": _("Sin señal. Siga trabajando: se enviará solo."),
        "still_offline": _("Todavía no hay señal."),
        "expired": _("Su sesión venció. Lo que anote queda guardado; ingrese para enviarlo."),
        "sign_in": _("Ingrese con su usuario para ver sus visitas."),
        "enter": _("Ingresar"),
        "not_yours": _("Esta aplicación es para Técnicos Multiservicios."),
        "office": _("Ir a la oficina"),
        "n_waiting": _("Por enviar: %(n)s"),
        "send_now": _("Enviar ahora"),
        "waiting_of_others": _(
            "Otra persona tiene envíos pendientes en este teléfono: %(n)s. Se mandan cuando ingrese."
        ),
        "skewed": _("La hora de este teléfono difiere %(time)s de la del sistema. Vale la del sistema."),
        "queued": _("Guardado. Se envía solo cuando haya señal."),
        "waiting_more": _("Está guardado en el teléfono y se enviará solo cuando haya señal."),
        "sent_more": _("Recibido el %(when)s."),
        "conflict_more": _("Su trabajo no se perdió: quedó guardado y el Supervisor lo ve."),
        "refused_plain": _("El envío no se pudo leer."),
        "mend": _("Corregir y enviar de nuevo"),
        "understood": _("Entendido"),
        "not_saved": _("El teléfono no pudo guardar: libere espacio."),
        "back": _("Volver"),
        "leave": _("Salir"),
        "leave_more": _(
            "Las visitas se borran de este teléfono. Lo que falte enviar queda guardado y se manda cuando vuelva a ingresar."
        ),
        "nobody": _("Nadie ingresó en este teléfono"),
        "nobody_more": _("Ingrese una vez con señal; después puede trabajar sin ella."),
        "trouble": _("Algo salió mal en el teléfono:"),
    }
