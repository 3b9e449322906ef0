"""What Ventas Digitales writes to customers and colleagues: the texts that their owners may write anew, and their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from thaki.people import house, texts
from thaki.people.texts import Field, Kind
from thaki.ui.formats import (
    format_date,
    format_instant,
    format_money,
    format_number,
    format_phone,
    format_speed,
    format_technology_words,
)

if TYPE_CHECKING:
    from thaki.people.models import User

Context = Mapping[str, Any]
HERE = Path(__file__).parent / "words"

# Fields by name: what they are, and an invented value for the preview.
FIELDS = {
    "caso": Field(_("Número del caso"), "GVD-2026-000123"),
    "cooperativa": Field(_("Nombre de la cooperativa"), "COMTECO R.L."),
    "cooperativa_corta": Field(_("Nombre corto de la cooperativa"), "COMTECO"),
    "firma": Field(_("Quien lo envía"), "Marcela Terrazas Rocha"),
    "cliente": Field(_("Nombre del cliente"), "María Elena Rojas Vargas"),
    "enlace": Field(_("Enlace personal del cliente"), "https://ventas.comteco.example/c/aB3x"),
    "nota": Field(_("Nota de quien lo envía"), ""),
    "agencia": Field(_("Agencia que imprime la factura"), "Agencia Central"),
    "factura": Field(_("Número de la factura, o que se emite al confirmar"), "FAC-2026-000045"),
    "factura_frase": Field(
        _("Lo que se dice de la factura"), "Le enviamos su factura N.º FAC-2026-000045 por Bs 399,00"
    ),
    "factura_nombre": Field(_("A nombre de quién se factura"), "María Rojas"),
    "factura_nit": Field(_("NIT o CI de la factura"), "4567890"),
    "plan": Field(_("Plan contratado"), "Fibra Hogar 100"),
    "total": Field(_("Total a pagar"), "Bs 335,00"),
    "comprobante": Field(_("Número del comprobante"), "TRX9981"),
    "deposito_fecha": Field(_("Fecha del depósito"), "20/11/2026"),
    "deposito_monto": Field(_("Monto del depósito"), "Bs 335,00"),
    "deposito_tipo": Field(_("Tipo de operación"), "Transferencia bancaria"),
    "depositante": Field(_("Nombre del depositante"), "Juan Rojas"),
    "resultado": Field(_("El resultado, en una frase"), "Lo recibimos, pero falta dinero: quedan por pagar Bs 35,00."),
    "capacidad": Field(_("El resultado de la revisión, en una frase"), "Hay capacidad técnica con FO, hasta 100 Mbps."),
    "por_pagar": Field(_("Lo que falta pagar"), "Bs 35,00"),
    "motivo": Field(_("Motivo"), "el monto no coincide"),
    "carta": Field(_("Número de la Carta Comercial"), "CC-2026-000123"),
    "valida_hasta": Field(_("Último día de sus precios"), "06/12/2026"),
    "velocidad": Field(_("Velocidad pedida"), "100 Mbps"),
    "direccion": Field(_("Dirección de la instalación"), "Av. América 123, Queru Queru"),
    "referencias": Field(_("Números de referencia"), "44251234, 44255678"),
    "diagnostico": Field(_("Diagnóstico de Help Desk"), "Señal excelente en la línea vecina."),
    "visita_fecha": Field(_("Fecha y hora de la visita"), "23/11/2026 10:00"),
    "visita_lugar": Field(_("Lugar de la visita"), "Parque Industrial, lote 4"),
    "visita_contacto": Field(_("Con quién"), "Jorge Peña, 712 34567"),
    "visita_nota": Field(_("Observaciones de la visita"), "Preguntar por el área de sistemas."),
    "prospecto": Field(_("Datos del prospecto"), "Industrias Andinas, 712 34567"),
    "interes": Field(_("Lo que le interesa"), "Internet"),
    "mensaje": Field(_("Lo que escribió"), "Necesitamos internet para 40 personas"),
    "mes": Field(_("Mes"), "noviembre de 2026"),
    "ventas": Field(_("Ventas del mes"), "87"),
    "cerradas": Field(_("ATENDIDO/CERRADA en el mes"), "74"),
    "anuladas": Field(_("Anuladas en el mes"), "3"),
    "indicador": Field(_("Indicador y su veredicto"), "101,20 % · APROBADO"),
    "comentario": Field(_("Comentario del mes"), "La campaña de fibra empezó el día 5."),
    "vencimiento": Field(_("Fecha en que vencía"), "10/12/2026"),
    "medio_pago": Field(_("Medio de pago"), "Débito automático"),
    "correo": Field(_("Correo del cliente"), "maria@example.bo"),
    "celular": Field(_("Celular del cliente"), "712 34567"),
    "caso_pagina": Field(_("Página del caso, para el personal"), "https://ventas.comteco.example/casos/GVD-2026-000123/"),
    "carnet": Field(_("Carnet del cliente"), "4567890 CB"),
    "zona": Field(_("Zona de la instalación"), "Queru Queru"),
    "referencia": Field(_("Referencia del lugar"), "Casa verde, frente a la plaza"),
    "tarifa": Field(_("Tarifa mensual"), "Bs 235,00"),
    "instalacion": Field(_("Costo de la instalación"), "Bs 100,00"),
    "destinatario": Field(_("A quién se escribe"), "Marcela Terrazas Rocha"),
    "cuentas": Field(_("Cuentas bancarias, una por línea"), "Banco Unión 1-0000012345 (COMTECO R.L.)"),
}  # fmt: skip


# ---------------------------------------------------------------- what the fields say
def _common(c: Context) -> dict[str, str]:
    words = c.get("house") or house.words()
    case = c.get("case")
    number = case.number if case is not None else ""
    return {
        "caso": number,
        "cooperativa": words["name"],
        "cooperativa_corta": words["short"],
        "firma": _text(c.get("by")),
        "cliente": _text(c.get("customer")),
        "enlace": _text(c.get("link")),
        "nota": _text(c.get("note")),
        "caso_pagina": f"{c.get('public_url') or settings.PUBLIC_URL}/casos/{number}/",
    }


def _billing(c: Context) -> dict[str, str]:
    """Of the mails of steps 12 to 15."""
    sale, payment, invoice = c["sale"], c.get("payment"), c.get("invoice")
    price, due = c.get("price_bob"), c.get("due_bob")
    if invoice:
        phrase = f"Le enviamos su factura N.º {invoice.number} por {format_money(invoice.amount_bob)}"
    else:
        phrase = f"Su factura por {format_money(price)} va adjunta"
    return _common(c) | {
        "agencia": _text(c.get("agency")) or "la que se elija al confirmar",
        "factura": invoice.number if invoice else "se emite al confirmar",
        "factura_frase": phrase,
        "factura_nombre": sale.invoice_name,
        "factura_nit": sale.invoice_nit,
        "plan": _text(sale.plan),
        "total": format_money(price) if price is not None else "",
        "comprobante": payment.slip if payment else "",
        "deposito_fecha": format_date(payment.paid_on) if payment else "",
        "deposito_monto": format_money(payment.amount_bob) if payment else "",
        "deposito_tipo": payment.get_operation_type_display() if payment else "",
        "depositante": payment.depositor if payment else "",
        "por_pagar": format_money(due) if due is not None else "",
        "motivo": str(c.get("reason") or "").lower(),
        "resultado": _verdict(c) if due is not None else "",
    }


def _verdict(c: Context) -> str:
    """What the customer is told of a deposit that did not do."""
    due = format_money(c["due_bob"])
    if c.get("is_short"):
        return (
            f"Lo recibimos, pero falta dinero: quedan por pagar {due}. Lo depositado queda a su cuenta; "
            "haga un segundo depósito por la diferencia."
        )
    reason = str(c.get("reason") or "").lower()
    return (
        f"No pudimos aceptarlo: {reason}. Revise los datos y envíenos el comprobante otra vez; quedan por pagar {due}."
    )


def _letter(c: Context) -> dict[str, str]:
    letter = c["letter"]
    return _common(c) | {
        "cliente": letter.customer_name,
        "carta": letter.number,
        "valida_hasta": format_date(letter.valid_until_on),
    }


def _capacity(c: Context) -> dict[str, str]:
    sale = c["sale"]
    if sale.capacity == "yes":
        by = format_technology_words(sale.capacity_technology)
        found = f"Hay capacidad técnica con {by}, hasta {format_speed(sale.max_mbps)}."
    else:
        found = f"No hay capacidad técnica: {c.get('reason') or ''}."
    return _common(c) | {
        "capacidad": found,
        "velocidad": format_speed(sale.wanted_mbps),
        "direccion": ", ".join(filter(None, (sale.installation_address, sale.zone))),
        "referencias": ", ".join(sale.reference_numbers or []),
        "diagnostico": sale.capacity_note,
        "firma": _text(c.get("by")) or "Respuesta automática de los registros de línea",
    }


def _hand_over(c: Context) -> dict[str, str]:
    visit, prospect = c["visit"], c["prospect"]
    known = (prospect.name, format_phone(prospect.phone) if prospect.phone else "", prospect.email)
    return _common(c) | {
        "visita_fecha": format_instant(visit.starts_at) if visit else "",
        "visita_lugar": visit.place if visit else "",
        "visita_contacto": f"{visit.contact_name}, {format_phone(visit.contact_phone)}" if visit else "",
        "visita_nota": visit.note if visit else "",
        "prospecto": ", ".join(filter(None, known)),
        "interes": prospect.interest,
        "mensaje": prospect.message,
    }


def _report(c: Context) -> dict[str, str]:
    data = c["data"]
    totals, kpi = data["totals"], data["kpi"]
    percent = f"{format_number(float(kpi['percent']), 2)} %" if kpi.get("percent") else "—"
    return _common(c) | {
        "mes": str(data["month"]),
        "ventas": str(totals["sales"]),
        "cerradas": str(totals["closed"]),
        "anuladas": str(totals["annulled"]),
        "indicador": f"{percent} · {kpi['verdict']}",
        "comentario": c["report"].comment,
    }


def _first_bill(c: Context) -> dict[str, str]:
    sale, bill, customer = c["sale"], c["bill"], c["customer"]
    return _common(c) | {
        "destinatario": _text(sale.executive) or "equipo de Canales Digitales",
        "vencimiento": format_date(bill.due_on),
        "plan": _text(sale.plan) or "—",
        "mes": f"{bill.month:%m/%Y}",
        "total": format_money(bill.amount_bob),
        "medio_pago": bill.enrolment.get_method_display(),
        "correo": customer.email,
        "celular": format_phone(sale.prospect.phone) if sale.prospect.phone else "",
    }


def _payment(c: Context) -> dict[str, str]:
    return _common(c) | {"por_pagar": format_money(c["due"]), "cuentas": "\n".join(c["accounts"])}


def _paper(c: Context) -> dict[str, str]:
    """Of what is printed on a letter: the house alone, its other figures stand in its tables."""
    words = house.words()
    return {"cooperativa": words["name"], "cooperativa_corta": words["short"], **c}


def _text(value: object) -> str:
    return str(value) if value else ""


# ---------------------------------------------------------------- what there is
COMMON = ("caso", "cooperativa", "cooperativa_corta", "firma", "enlace", "caso_pagina")
BILLING = (
    *COMMON, "cliente", "nota", "agencia", "factura", "factura_frase", "factura_nombre", "factura_nit", "plan", "total",
    "comprobante", "deposito_fecha", "deposito_monto", "deposito_tipo", "depositante",
)  # fmt: skip
HOUSE = ("cooperativa", "cooperativa_corta")
REQUEST = (
    "cliente", "carnet", "plan", "direccion", "zona", "referencia", "tarifa", "instalacion", "carta", "celular", "correo",
)  # fmt: skip
MAIL, WHATSAPP, LETTER = Kind.MAIL, Kind.WHATSAPP, Kind.LETTER
# code, kind, label, when and to whom, subject, fields, values
TEXTS: tuple[tuple[str, Kind, Any, Any, str, tuple[str, ...], texts.Values], ...] = (
    ("sales.mail.capacity_answer", MAIL, _("Respuesta de capacidad"), _("Paso 7: al ejecutivo"), "",
     (*COMMON, "capacidad", "velocidad", "direccion", "referencias", "diagnostico"), _capacity),
    ("sales.mail.commercial_letter", MAIL, _("Carta Comercial por correo"), _("Paso 8: al cliente, con la carta adjunta"),
     "Su Carta Comercial de {cooperativa_corta}", (*COMMON, "cliente", "carta", "valida_hasta"), _letter),
    ("sales.mail.deposit_rejected", MAIL, _("Depósito que no se aceptó"), _("Paso 12: al cliente"),
     "Sobre su depósito", (*BILLING, "resultado", "por_pagar", "motivo"), _billing),
    ("sales.mail.deposit_confirmed", MAIL, _("Depósito confirmado"), _("Paso 13: a Canales Digitales"),
     "Depósito confirmado", BILLING, _billing),
    ("sales.mail.invoice", MAIL, _("Factura al cliente"), _("Paso 14: al cliente, por correo o WhatsApp"),
     "Su factura de {cooperativa}", BILLING, _billing),
    ("sales.mail.billing_instruction", MAIL, _("Instrucción para facturar"), _("Paso 15: a Cajas, copia a Canales Digitales"),
     "Depósito confirmado: instrucción para facturar", BILLING, _billing),
    ("sales.mail.hand_over", MAIL, _("Cliente empresarial derivado"), _("Paso 2: a Ventas Empresas, con la cita"),
     "Cliente empresarial derivado, con Cronograma de visita",
     (*COMMON, "visita_fecha", "visita_lugar", "visita_contacto", "visita_nota", "prospecto", "interes", "mensaje"), _hand_over),
    ("sales.mail.report", MAIL, _("Informe General de Ventas Digitales"), _("Paso 26: al Jefe División Ventas"),
     "Informe General de Ventas Digitales, {mes}",
     (*COMMON, "mes", "ventas", "cerradas", "anuladas", "indicador", "comentario"), _report),
    ("sales.mail.first_bill_unpaid", MAIL, _("Primera factura sin pagar"), _("Control recurrente: al ejecutivo"),
     "Primera factura sin pagar",
     (*COMMON, "cliente", "destinatario", "vencimiento", "plan", "mes", "total", "medio_pago", "correo", "celular"), _first_bill),
    ("sales.whatsapp.letter", WHATSAPP, _("Carta Comercial por WhatsApp"), _("Paso 8: al cliente"), "",
     (*COMMON, "cliente", "carta", "valida_hasta"), _letter),
    ("sales.whatsapp.requirements", WHATSAPP, _("Pedido de requisitos por WhatsApp"), _("Paso 9: al cliente"), "",
     (*COMMON, "cliente"), _common),
    ("sales.whatsapp.payment", WHATSAPP, _("Cómo pagar, por WhatsApp"), _("Paso 11: al cliente"), "",
     (*COMMON, "cliente", "por_pagar", "cuentas"), _payment),
    ("sales.letter.commercial_opening", LETTER, _("Carta Comercial: apertura"), _("Antes de la tabla de planes"),
     "", HOUSE, _paper),
    ("sales.letter.commercial_closing", LETTER, _("Carta Comercial: cierre"), _("Después de la validez, antes de la firma"),
     "", HOUSE, _paper),
    ("sales.letter.request_body", LETTER, _("Carta de solicitud: texto"),
     _("El modelo del paso 9; lo que falta queda como línea para escribir"),
     "", (*HOUSE, *REQUEST), _paper),
    ("sales.letter.request_notice", LETTER, _("Carta de solicitud: indicaciones"), _("Al pie del modelo"), "", HOUSE, _paper),
)  # fmt: skip


def define_all() -> None:
    """Declare the texts; called when Django is ready."""
    for code, kind, label, note, subject, names, values in TEXTS:
        texts.define(
            code,
            kind,
            label,
            note=note,
            subject=subject,
            body=(HERE / f"{code.removeprefix('sales.')}.txt").read_text(encoding="utf-8"),
            fields={name: FIELDS[name] for name in names},
            values=values,
            real=None if kind is LETTER else known_of,
            paper=_paper_of(code) if kind is LETTER else None,
        )


def _paper_of(code: str) -> Callable[[str, Any, User], bytes]:
    """The letter that carries these words; what makes it is only wanted when somebody looks."""
    what, _underline, part = code.rpartition(".")[2].partition("_")

    def paper(words: str, case: Any, by: User) -> bytes:
        from thaki.procedures.sales import letter_samples

        make = letter_samples.commercial if what == "commercial" else letter_samples.request
        return make(part)(words, case, by)

    return paper


def known_of(case: Any, by: User) -> dict[str, Any]:
    """What a case's texts are made of, as far as the case has come; for the preview."""
    from django.utils import timezone

    from thaki.cases.registry import Work
    from thaki.procedures.sales import billing_mail, money, registration

    work = Work(case, registration.peek(case.pk), timezone.now(), by)
    sale = work.record
    due = money.due_of(sale, case.number)
    return {
        "case": case,
        "by": by,
        **billing_mail.context(work),
        "letter": sale.letter,
        "visit": getattr(sale, "visit", None),
        "prospect": sale.prospect,
        "due_bob": due,
        "due": due,
        "accounts": [f"{a.bank} {a.number} ({a.holder})" for a in money.seen(work).accounts],
    }
