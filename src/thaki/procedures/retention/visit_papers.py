"""The papers that the customer signs on the visit, each a PDF with signature, time and place (RET 8)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from thaki.records.claims.models import Claim
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.work_orders.models import VisitSignature, WorkOrder
from thaki.records.work_orders.rules_visit import LARGE_SKEW
from thaki.reporting import pdf
from thaki.ui.formats import format_date, format_instant, format_money, format_number, format_phone, format_span

if TYPE_CHECKING:
    from thaki.people.models import User

KINDS = {"service_sheet": "hoja_servicio", "work_order": "orden_trabajo", "damage_report": "reporte_dano"}
WIDTH = 640  # pixels of the signature on paper


def make(order: WorkOrder, signature: VisitSignature, *, by: User | None, now: datetime) -> Document:
    """The PDF of one signed paper, kept to the byte."""
    name = f"{signature.get_paper_display()} {order.number}"
    content = render(order, signature)
    return documents.keep(content, media_type="application/pdf", name=name, kind=KINDS[signature.paper], by=by, now=now)


def render(order: WorkOrder, signature: VisitSignature) -> bytes:
    """The same visit gives the same bytes."""
    parts: dict[str, Callable[[WorkOrder], dict[str, Any]]] = {
        "service_sheet": lambda _order: {},
        "work_order": lambda _order: {},
        "damage_report": _damage,
    }
    return pdf.render("retention/visita.typ", sheet(order, signature) | parts[signature.paper](order))


def sheet(order: WorkOrder, signature: VisitSignature) -> dict[str, Any]:
    """A signed paper as the template takes it."""
    customer = order.customer
    return {
        "paper": signature.paper,
        "title": str(signature.get_paper_display()),
        "number": order.number,
        "case": order.case_ref,
        "activity": order.activity,
        "payment_form": order.payment_form,
        "charge": format_money(order.charge_bob),
        "observations": order.observations,
        "customer": customer.full_name,
        "ci": customer.ci or customer.nit,
        "code": customer.code,
        "phone": format_phone(order.contact_phone),
        "address": order.address,
        "reference": order.address_reference,
        "service": str(order.subscription),
        "technician": str(order.assigned_to or order.closed_by or ""),
        "issued_at": format_instant(order.issued_at),
        "arrived_at": format_instant(order.arrived_at),
        "closed_at": format_instant(order.closed_at),
        "review": order.review,
        "result": order.result,
        "tasks": [
            {"name": task.name or task.task, "found": task.found, "done": task.done}
            for task in order.tasks.order_by("position")
        ],
        "materials": [
            {"name": used.name, "quantity": f"{format_number(used.quantity, 2)} {used.unit}"}
            for used in order.materials.order_by("pk")
        ],
        "services": [
            {"name": str(check.subscription), "works": check.works, "note": check.note}
            for check in order.checks.select_related("subscription__plan").order_by("pk")
        ],
        "photos": order.photos.count(),
        "claims": [],
        "line": [],
        **_signed(signature),
    }


def _signed(signature: VisitSignature) -> dict[str, Any]:
    placed = signature.lat is not None and signature.lon is not None
    skew = signature.signed_device_at - signature.signed_at if signature.signed_device_at else None
    return {
        "signer": signature.signer_name,
        "signer_ci": signature.signer_ci,
        "signed_at": format_instant(signature.signed_at),
        "device_at": format_instant(signature.signed_device_at) if skew and abs(skew) > LARGE_SKEW else "",
        "skew": format_span(abs(skew)) if skew else "",
        "place": f"{signature.lat:.5f}, {signature.lon:.5f}" if placed else "",
        "signature": list(_small(documents.read(signature.image))),
    }


def _damage(order: WorkOrder) -> dict[str, Any]:
    """What was claimed on the service, and how its line measures."""
    claims = Claim.objects.filter(subscription=order.subscription_id).order_by("-claimed_at")[:6]
    line = order.subscription.line
    measured = [] if line is None else [
        ["Bajada", f"{format_number(line.sync_down_mbps, 1)} Mbps"],
        ["Subida", f"{format_number(line.sync_up_mbps, 1)} Mbps"],
        ["Atenuación", f"{format_number(line.attenuation_db, 1)} dB"],
        ["Señal/ruido", f"{format_number(line.snr_db, 1)} dB"],
        ["Medida el", format_date(line.measured_at)],
    ]  # fmt: skip
    return {
        "claims": [
            {
                "number": claim.number,
                "on": format_date(claim.claimed_at),
                "fault": str(claim.get_fault_display()),
                "solution": claim.solution,
            }
            for claim in claims
        ],
        "line": measured,
    }


def _small(data: bytes) -> bytes:
    """The signature as a small black and white PNG: the paper carries it as plain numbers."""
    with Image.open(io.BytesIO(data)) as picture:
        if picture.mode in ("RGBA", "LA", "P"):
            white = Image.new("RGBA", picture.size, "white")
            white.alpha_composite(picture.convert("RGBA"))
            grey = white.convert("L")
        else:
            grey = picture.convert("L")
        ink = ImageOps.invert(grey).point(lambda value: 255 if value > 40 else 0).getbbox()
        if ink is not None:  # the paper shows the signature, not the empty screen around it
            grey = ImageOps.expand(grey.crop(ink), border=8, fill=255)
        grey.thumbnail((WIDTH, WIDTH))
        out = io.BytesIO()
        grey.quantize(8).save(out, "PNG", optimize=True)
    return out.getvalue()
