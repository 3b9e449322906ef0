"""What the customer is told of the visit (R-B11): the hour and the technician's name, by mail and by WhatsApp."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from thaki.cases.registry import Work
from thaki.channels.email import outbox
from thaki.channels.email.outbox import BadAddress
from thaki.people import house, texts
from thaki.people.texts import Field, Kind
from thaki.procedures.retention.order_sheet import agreed_words
from thaki.records.customers.rules import whatsapp_link
from thaki.records.work_orders.models import WorkOrder

if TYPE_CHECKING:
    from thaki.cases.models import Case
    from thaki.people.models import User

HERE = Path(__file__).parent / "words"
MAIL, WHATSAPP = "retention.mail.visit", "retention.whatsapp.visit"
FIELDS = {
    "caso": Field(_("Número del caso"), "RET-2026-000123"),
    "cooperativa": Field(_("Nombre de la cooperativa"), "COMTECO R.L."),
    "cooperativa_corta": Field(_("Nombre corto de la cooperativa"), "COMTECO"),
    "cliente": Field(_("Nombre del cliente"), "María Elena Rojas Vargas"),
    "tecnico": Field(_("Nombre del técnico"), "Edwin Colque Huanca"),
    "cuando": Field(_("La hora acordada, con la coma; nada si no se acordó"), ", el 22/11/2026 de 09:00 a 11:00"),
    "orden": Field(_("Número de la orden de trabajo"), "OT-2026-000012"),
    "servicio": Field(_("Servicio que se revisa"), "Fibra Hogar 100"),
    "direccion": Field(_("Dirección de la visita"), "Av. América 123, Queru Queru"),
}


def define_all() -> None:
    """Declare the texts; called when Django is ready."""
    for code, kind, label, subject in (
        (MAIL, Kind.MAIL, _("Visita del técnico"), "Visita del técnico de {cooperativa_corta}"),
        (WHATSAPP, Kind.WHATSAPP, _("Visita del técnico, por WhatsApp"), ""),
    ):
        texts.define(
            code,
            kind,
            label,
            note=_("Paso 6: al cliente, cuando se le asigna técnico o se acuerda la hora"),
            subject=subject,
            body=(HERE / f"{code.removeprefix('retention.')}.txt").read_text(encoding="utf-8"),
            fields=FIELDS,
            values=values,
            real=known_of,
        )


def values(context: Mapping[str, Any]) -> dict[str, str]:
    """What the fields say."""
    words, order = context.get("house") or house.words(), context["order"]
    agreed = agreed_words(order)
    return {
        "caso": order.case_ref,
        "cooperativa": words["name"],
        "cooperativa_corta": words["short"],
        "cliente": order.contact_name or str(order.customer),
        "tecnico": str(order.assigned_to or ""),
        "cuando": f", el {agreed.replace(' ', ' de ', 1).replace('–', ' a ')}" if agreed else "",
        "orden": order.number,
        "servicio": str(order.subscription.plan),
        "direccion": ", ".join(filter(None, (order.address, order.zone))),
    }


def known_of(case: Case, by: User) -> dict[str, Any]:
    """The current order of a case, for the preview."""
    order = WorkOrder.objects.filter(case_ref=case.number).select_related("customer", "subscription__plan").last()
    return {"case": case, "by": by, "order": order}


def tell(work: Work, order: WorkOrder) -> bool:
    """Mail the customer who comes and when; False when he has no address, or nobody goes yet."""
    customer = order.customer
    if order.assigned_to_id is None or not customer.email or customer.email_bounced:
        return False
    try:
        outbox.queue(
            work,
            key=f"{work.case.number}:visit:{order.number}:{order.version}",
            to=customer.email,
            subject="",
            template=MAIL,
            context={"order": order},
        )
    except BadAddress:
        return False
    return True


def whatsapp(order: WorkOrder, by: User | None) -> str:
    """The wa.me address that opens the chat with the words ready; "" without a mobile or a technician."""
    if order.assigned_to_id is None:
        return ""
    return whatsapp_link(order.contact_phone, texts.of(WHATSAPP, {"order": order, "by": by}))
