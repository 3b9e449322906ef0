"""What the demonstration's people answer at each step, as they would type it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from PIL import Image, ImageDraw

from thaki.cases.models import Task
from thaki.procedures.sales import letter, money
from thaki.procedures.sales.choices import AnnulReason, BrowsingHours, CapacityReason, RefusalReason, UseType
from thaki.procedures.sales.demo.plan import CasePlan
from thaki.procedures.sales.form_parts import agencies
from thaki.procedures.sales.models import Requirement, Sale
from thaki.records.customers.models import Customer
from thaki.records.network import queries as network
from thaki.records.network.rules import best_verdict

Files = MultiValueDict[str, Any]
Answer = tuple[dict[str, Any], Files]
BANKS = ("Banco Unión", "BNB", "Mercantil Santa Cruz", "BCP", "BISA", "Ganadero", "FIE")
SPEEDS = ("30", "60", "100", "200")


class Person:
    """The one who answers: a case's plan, its chance, and the clock."""

    def __init__(self, plan: CasePlan, rng: Random, existing: Any = None) -> None:
        self.plan, self.rng, self.existing = plan, rng, existing
        self.annulled_once = False

    def answer(self, task: Task, sale: Sale, now: Any) -> Answer:
        """The data and files for an open task."""
        made = ANSWERS[task.step if task.node.startswith("Step_") else "refund"](self, sale, now)
        return made if isinstance(made, tuple) else (made, MultiValueDict())


def _prospect(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"channel": who.rng.choice(("call", "call", "whatsapp"))}


def _category(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    if who.plan.end != "handed_over":
        return {"category": "residential"}
    visit = (timezone.localtime(now) + timedelta(days=who.rng.randint(2, 6))).replace(hour=10, minute=30)
    return {
        "category": "business",
        "visit_at": f"{visit:%Y-%m-%dT%H:%M}",
        "visit_place": sale.prospect.address or "Av. Ayacucho",
    }


def _basic(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    prospect = sale.prospect
    data = {
        "address": prospect.address,
        "zone": prospect.zone,
        "lat": str(prospect.lat),
        "lon": str(prospect.lon),
        "phone": prospect.phone,
        "not_registered": "on",
    }
    if who.existing is not None:
        return data | _known(who.existing)
    return data | {
        "ci_number": str(who.rng.randint(3_000_000, 12_999_999)),
        "ci_department": "CB",
        "phone_is_whatsapp": "on",
    }


def _known(customer: Customer) -> dict[str, Any]:
    """What the screen fills in once a customer was recognised and confirmed (R-A10)."""
    return {
        "customer": str(customer.pk),
        "request_kind": "second",
        "given_names": customer.given_names,
        "surnames": customer.surnames,
        "ci_number": customer.ci_number,
        "ci_complement": customer.ci_complement,
        "ci_department": customer.ci_department,
        "email": customer.email,
    }


def _qualitative(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {
        "use_type": who.rng.choice(UseType.values),
        "browsing_hours": who.rng.choice(BrowsingHours.values),
        "wanted_kind": "internet",
        "wanted_mbps": who.rng.choice(SPEEDS),
    }


def _coverage(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {}


def _review(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    near = network.nearest_lines(sale.lat, sale.lon, limit=1) if sale.lat is not None and sale.lon is not None else []
    return {"reference_numbers": [line.number for line in near]}


def _capacity(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    best = best_verdict(network.qualify(sale.lat, sale.lon)) if sale.lat is not None and sale.lon is not None else None
    if who.plan.lost_at == "7" or best is None:
        return {
            "capacity": "no",
            "reason": who.rng.choice(CapacityReason.values),
            "note": "Se revisó con el vecino más cercano.",
        }
    return {"capacity": "yes", "technology": best.technology, "max_mbps": str(best.max_mbps)}


def _offer(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    plans = letter.sellable_plans(sale, timezone.localdate(now))
    if who.plan.lost_at == "8" or not plans:
        return {"offer": "refused", "refusal_reason": who.rng.choice(RefusalReason.values)}
    return {"offer": "accepted", "plan": plans[0].code}


def _papers(who: Person, sale: Sale, now: Any) -> Answer:
    data: dict[str, Any] = {}
    for kind in Requirement.Kind:
        data |= {f"{kind}_state": "accepted", f"{kind}_channel": who.rng.choice(("whatsapp", "email", "link"))}
    return data, MultiValueDict(
        {
            f"{kind}_files": [picture(name, str(Requirement.Kind(kind).label))]
            for kind, name in (("id_card", "carnet.jpg"), ("letter", "carta-solicitud.jpg"))
        }
    )


def _payment_form(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"payment_form": "postpaid" if who.plan.payment == "postpaid" else "prepaid", "explained": "on"}


def _prepaid(who: Person, sale: Sale, now: Any) -> Answer:
    slip = {
        "result": "sent",
        "route": "transfer",
        "slip_number": str(who.rng.randint(10_000_000, 99_999_999)),
        "amount_bob": str(money.due_of(sale, sale.case.number)),
        "paid_on": f"{timezone.localdate(now):%Y-%m-%d}",
        "operation_type": who.rng.choice(("transfer", "qr")),
        "bank": who.rng.choice(BANKS),
        "depositor": str(sale.customer),
    }
    return slip, MultiValueDict({"slip_files": [picture("comprobante.jpg", f"Comprobante {slip['slip_number']}")]})


def _deposit(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"decision": "accept", "agency": agencies()[0]}


def _print(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"printed": "on"}


def _deliver(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"archived": "on", "delivered_how": "in_hand", "delivered_to": str(sale.customer)}


def _enrol(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    following = (timezone.localdate(now).replace(day=1) + timedelta(days=32)).replace(day=1)
    return {
        "method": who.rng.choice(("counter", "debit", "transfer")),
        "day": str(who.rng.randint(1, 28)),
        "from_month": f"{following:%Y-%m}",
    }


def _unserved(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"decision": "leave", "note": "Sin condiciones por ahora."}


def _ready(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"ready": "on"}


def _nothing(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {}


def _contract(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"accepted_how": who.rng.choice(("agency", "visit"))}


def _milestones(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {"confirmed": "on"}


def _follow_up(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    if who.plan.end != "annulled":
        return {"result": "attended"}
    result = "rekey" if who.plan.stop_at == "20" else "annulled"
    return {
        "result": result,
        "annul_reason": who.rng.choice(AnnulReason.values),
        "annul_note": "Según el reporte de T.I.",
    }


def _refund(who: Person, sale: Sale, now: Any) -> dict[str, Any]:
    return {
        "method": "transfer",
        "reference": str(who.rng.randint(100_000, 999_999)),
        "refunded_on": f"{timezone.localdate(now):%Y-%m-%d}",
        "arrived": "yes",
    }


ANSWERS: dict[str, Callable[[Person, Sale, Any], dict[str, Any] | Answer]] = {
    "1": _prospect,
    "2": _category,
    "3": _basic,
    "4": _qualitative,
    "5": _coverage,
    "6": _review,
    "7": _capacity,
    "8": _offer,
    "9": _papers,
    "10": _payment_form,
    "11": _prepaid,
    "12": _deposit,
    "16": _print,
    "17": _deliver,
    "18": _enrol,
    "19": _unserved,
    "20": _nothing,
    "21": _ready,
    "22": _nothing,
    "23": _contract,
    "24": _milestones,
    "25": _follow_up,
    "refund": _refund,
}


def picture(name: str, words: str) -> SimpleUploadedFile:
    """A drawn paper that says what it stands for."""
    sheet = Image.new("RGB", (420, 260), "#f3f1ea")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((12, 12, 408, 248), outline="#8a8371", width=2)
    pen.text((28, 30), words, fill="#3b372e")
    pen.text((28, 220), "DEMOSTRACION - SIN VALOR", fill="#a8231a")
    out = BytesIO()
    sheet.save(out, "JPEG", quality=70)
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
