"""What the demonstration's people answer at each step, as they would type it."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from random import Random
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from thaki.procedures.retention.demo.plan import CasePlan
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.steps.visit_forms import PNG
from thaki.records.work_orders.operations import mobile_of

TASKS = {
    "wifi": ("El equipo está en un extremo de la casa", "Access Point instalado en el pasillo", "Access Point; 1; u"),
    "unstable": ("El televisor y la consola usan WiFi", "Dos dispositivos cableados", "Cable UTP; 18; m"),
    "tv": ("Conector sulfatado", "Conectores cambiados", "Conector F; 4; u"),
    "cuts": ("Acometida con empalmes", "Acometida cambiada por entorchado", "Cable entorchado; 35; m"),
    "extension": ("Derivado sin tono", "Derivado cableado de nuevo", "Cable telefónico; 12; m"),
}
SAID = ("Todo funciona bien desde la visita.", "Conforme con el trabajo.", "Ya no se corta.")


class Person:
    """The one who answers: a case's plan, its chance, and what happened so far."""

    def __init__(self, plan: CasePlan, rng: Random) -> None:
        self.plan, self.rng = plan, rng
        self.relapses = plan.relapses
        self.visits = 0

    def answer(self, node: str, retention: Retention, now: datetime) -> dict[str, Any]:
        """The data for an open task."""
        return ANSWERS[node](self, retention, now)


def _antecedents(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {"motives": _motives(who), "motive_note": "Quiere retirar el servicio."}


def _motives(who: Person) -> list[str]:
    if who.plan.way == "damage":
        return ["damage", "competitor"] if who.rng.random() < 0.2 else ["damage"]
    return {
        "courtesy": ["competitor"],
        "compensation": ["compensation"],
        "leave": ["moving"],
    }.get(who.plan.way, ["price"])


def _confirm(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    if who.plan.stop_at == "Authorise_Exception":
        return {
            "request": "exception",
            "exception_reason": "Regularizó su deuda esta semana; es socio desde hace diez años.",
        }
    if who.plan.end == "dropped":
        live = who.rng.random() < 0.6
        return {
            "request": "dropped",
            "fault_live": "on" if live else "",
            "fault_note": "Sin señal por las noches" if live else "",
        }
    return {"request": "stands", "withdrawal_reason": "price", "certificate_noted": "on"}


def _repeated(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {}


def _negotiate(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    data = {"answer": who.plan.offer, "mobile": mobile_of(retention.customer)}
    return data | {"days": str(who.plan.days)} if who.plan.offer == "compensation" else data


def _nothing(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {}


def _granted(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {"decision": "granted", "note": ""}


def _visit(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    order = retention.work_order
    arrived = max(now - timedelta(minutes=who.rng.randint(25, 70)), order.issued_at) if order else now
    chosen = who.rng.sample(sorted(TASKS), who.rng.choice((1, 1, 2)))
    data: dict[str, Any] = {
        "arrived_at": f"{timezone.localtime(arrived):%Y-%m-%dT%H:%M:%S%z}",
        "review": "Se revisó acometida, equipo y cableado interno.",
        "tasks": chosen,
    }
    for code in chosen:
        found, done, materials = TASKS[code]
        data |= {f"found_{code}": found, f"done_{code}": done, f"materials_{code}": materials}
    return data


def _changes(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    paper = who.rng.choice(("work_order", "work_order", "service_sheet"))
    return {
        "services": ["*"],
        "papers": [paper],
        f"signature_{paper}": signature(),
        "signer_name": retention.customer.full_name,
        "signer_ci": retention.customer.ci,
        "result": "Servicios en óptimo funcionamiento.",
    }


def _call(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    if who.relapses:
        who.relapses -= 1
        return {"result": "bad", "note": "Sigue cortándose por las noches."}
    return {"result": "good", "note": who.rng.choice(SAID)}


def _control(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {"result": "good", "note": ""}


def _propose(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {"proposal": "Tres visitas sin solución definitiva: conviene migrar a fibra óptica."}


def _decide(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    return {"decision": "close", "note": "Se programa la migración a fibra de la zona."}


def _petition(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    data: dict[str, Any] = {"motives": _motives(who), "petition": "", "motive_note": ""}
    if who.plan.way == "leave":
        data |= {"petition": "leave", "withdrawal_reason": "moving", "certificate_noted": "on"}
    return data


def _compensation(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    if who.plan.end == "refused":
        return {
            "answer": "refused",
            "refusal_reason": "not_enough",
            "next_offer": "none",
            "withdrawal_reason": "competitor",
        }
    return {"answer": "accepted", "days": str(who.plan.days)}


def _courtesy(who: Person, retention: Retention, now: datetime) -> dict[str, Any]:
    fibre = retention.subscription is not None and retention.subscription.technology == "FO"
    codes = ("go_on_tv", "ancho_de_banda") if fibre else ("go_on_tv",)
    return {"answer": "accepted", "courtesy": who.rng.choice(codes)}


Answer = Callable[[Person, Retention, datetime], dict[str, Any]]
ANSWERS: dict[str, Answer] = {
    "Step_1": _antecedents,
    "Confirm_Request": _confirm,
    "Authorise_Exception": _granted,
    "Step_2": _repeated,
    "Step_3": _negotiate,
    "Authorise_Amount": _granted,
    "Step_4": _nothing,
    "Step_5": _nothing,
    "Step_6": _nothing,
    "Step_7": _visit,
    "Step_8": _changes,
    "Step_9": _call,
    "Step_10": _control,
    "Propose_Recurrence": _propose,
    "Decide_Recurrence": _decide,
    "Step_11": _petition,
    "Step_12": _compensation,
    "Step_13": _nothing,
    "Step_14": _courtesy,
}


# ---------------------------------------------------------------- pictures
@cache
def signature() -> str:
    """A signature as the screen draws it."""
    return PNG + base64.b64encode(_picture("PNG", lambda draw: draw.line(_SCRAWL, fill="black", width=3))).decode()


def proof() -> SimpleUploadedFile:
    """The photograph of a closed door."""
    content = _picture("JPEG", lambda draw: draw.rectangle((60, 20, 140, 95), outline="black", width=4))
    return SimpleUploadedFile("puerta.jpg", content, content_type="image/jpeg")


_SCRAWL = [(10, 70), (30, 25), (45, 75), (70, 35), (90, 70), (120, 40), (150, 65), (190, 50)]


def _picture(kind: str, draw: Callable[[ImageDraw.ImageDraw], object]) -> bytes:
    image = Image.new("RGB", (200, 100), "white")
    draw(ImageDraw.Draw(image))
    found = BytesIO()
    image.save(found, kind)
    return found.getvalue()
