"""What the signed procedure names, as the first policy data: the courtesies of 14, the Xpress tasks of 7, the reasons of R-B9.

Made after every migration where it is not there; what Gerencia Comercial changed stays as she left it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from thaki.procedures.retention.models import Leads, OfferKind, RetentionOffer, RetentionReason, XpressTask

# kind, code, name, product, technology, days, cost, script
OFFERS = (
    (OfferKind.REMOVAL, "retiro_factura", "Retiro de la factura del presente mes", "", "", 30, 0,
     "Lamentamos los inconvenientes. No le cobraremos este mes por el servicio afectado, y un técnico irá a su domicilio en "
     "24 horas para dejarlo funcionando del todo."),
    (OfferKind.COMPENSATION, "compensacion", "Compensación de servicios", "", "", 30, 0,
     "Le reconoceremos en su factura los días en que su servicio no funcionó bien."),
    (OfferKind.COURTESY, "premium", "Canales Premium (STAR y/o HBO) por 1 mes con acceso a Apps", "tv", "", 30, 45,
     "Sin costo para usted, durante un mes tendrá los canales STAR y/o HBO, también en sus Apps."),
    (OfferKind.COURTESY, "go_on_tv", "Cuenta GO ON TV Multipantalla para 1 dispositivo móvil por 1 mes", "", "", 30, 25,
     "Podrá ver televisión en su celular durante un mes, sin costo."),
    (OfferKind.COURTESY, "datos_fijacom", "Datos inalámbricos en su línea Fijacom por 1 mes", "telephony", "WIRELESS", 30, 30,
     "Habilitamos datos en su línea Fijacom durante un mes, sin costo."),
    (OfferKind.COURTESY, "linea_max", "Línea Max por 1 mes", "telephony", "", 30, 20,
     "Durante un mes su línea tendrá Línea Max, sin costo."),
    (OfferKind.COURTESY, "ancho_de_banda", "Incremento de ancho de banda hasta por 30 días", "internet", "FO", 30, 40,
     "Aumentamos la velocidad de su Internet de fibra hasta por 30 días, sin costo."),
)  # fmt: skip
# code, problem, task, cost
TASKS = (
    ("wifi", "Cobertura WiFi", "Instalación de Access Point (amplifica la señal) o movimiento de punto sin costo", 180),
    ("unstable", "Inestabilidad de señal", "Cableado hasta 2 dispositivos con cable de red", 90),
    ("tv", "Problemas de TV", "Cambio de cableado interno o cambio de conectores", 60),
    ("cuts", "Cortes frecuentes", "Cambio de acometida por entorchado", 120),
    ("extension", "Derivado telefónico", "Cableado de derivado telefónico", 50),
)
# code, name, leads, courtesy, of_petition, of_refusal, of_withdrawal
REASONS = (
    ("damage", "Daños que no se solucionan", Leads.DAMAGE, True, True, True, True),
    ("compensation", "Exige compensación", Leads.COMPENSATION, True, True, False, False),
    ("competitor", "Mejor oferta de la competencia", Leads.OFFER, True, True, True, True),
    ("price", "Precio", Leads.LEAVE, True, True, True, True),
    ("moving", "Se muda", Leads.LEAVE, False, True, True, True),
    ("death", "Fallecimiento del titular", Leads.LEAVE, False, True, False, True),
    ("not_enough", "Lo ofrecido no le alcanza", Leads.LEAVE, False, False, True, False),
    ("no_trust", "Ya no confía en la solución", Leads.LEAVE, False, False, True, True),
    ("other", "Otro motivo", Leads.LEAVE, False, True, True, True),
)


def ensure(**_signal: Any) -> None:
    """Make what is not there yet; also the receiver of `post_migrate`."""
    RetentionOffer.objects.bulk_create([_offer(n, *row) for n, row in enumerate(OFFERS, 1)], ignore_conflicts=True)
    XpressTask.objects.bulk_create([_task(n, *row) for n, row in enumerate(TASKS, 1)], ignore_conflicts=True)
    RetentionReason.objects.bulk_create([_reason(n, *row) for n, row in enumerate(REASONS, 1)], ignore_conflicts=True)


def _offer(
    position: int, kind: str, code: str, name: str, product: str, technology: str, days: int, cost: int, script: str
) -> RetentionOffer:
    return RetentionOffer(
        kind=kind,
        code=code,
        name=name,
        product=product,
        technology=technology,
        days=days,
        cost_bob=Decimal(cost),
        script=script,
        position=position,
    )


def _task(position: int, code: str, problem: str, name: str, cost: int) -> XpressTask:
    return XpressTask(code=code, problem=problem, name=name, cost_bob=Decimal(cost), position=position)


def _reason(
    position: int, code: str, name: str, leads: str, courtesy: bool, petition: bool, refusal: bool, withdrawal: bool
) -> RetentionReason:
    return RetentionReason(
        code=code,
        name=name,
        leads=leads,
        courtesy=courtesy,
        of_petition=petition,
        of_refusal=refusal,
        of_withdrawal=withdrawal,
        position=position,
    )
