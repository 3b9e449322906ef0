"""A sale as those who take part in it see it: the customer's telephone, and each step on the screen of its own person."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect
from tests.acceptance.mailbox import Mailbox
from tests.acceptance.people import Person, fill, photograph

# Who does what, by the lanes of the procedure.
WHO = {
    **{str(step): "ejecutivo1" for step in (*range(1, 12), *range(21, 25))},
    "7": "helpdesk1", "12": "cobranzas1", "16": "cajero1", "17": "cajero1", "18": "facturacion1",
    "19": "canales1", "20": "canales1", "25": "ventas1",
}  # fmt: skip


def photo(name: str = "foto.jpg") -> dict[str, Any]:
    """A picture as a telephone takes it."""
    kept = io.BytesIO()
    Image.new("RGB", (320, 240), (220, 230, 235)).save(kept, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": kept.getvalue()}


@dataclass(frozen=True)
class Customer:
    """An invented customer."""

    name: str
    phone: str
    email: str
    ci: str


class Sale:
    """One customer's sale."""

    def __init__(self, customer: Customer, page: Page, person: Callable[[str], Person], mailbox: Mailbox) -> None:
        self.customer = customer
        self.page = page  # the customer's own
        self.person = person
        self.mailbox = mailbox

    def asks(self, **more: str) -> Sale:
        """The customer asks for the service on the public page, with the pin where he lives."""
        self.page.goto("/contratar/")
        form = self.page.locator("#pedir form")
        told = {"Su nombre completo": self.customer.name, "Celular": self.customer.phone, "Correo": self.customer.email}
        fill(form, **told | {"Dirección": "Av. Heroínas 451"} | more)
        self.page.locator("#mapa-cobertura .leaflet-marker-pane").wait_for(state="attached")
        self.page.locator("#mapa-cobertura").click()
        expect(self.page.locator("#cobertura")).to_contain_text("Sí llegamos")
        photograph(self.page, "asks")
        form.get_by_role("button", name="Enviar mi solicitud").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Su solicitud")
        return self

    def step(self, step: str, *ticked: str, **fields: Any) -> Person:
        """The step's person finds it, fills it in, and completes it."""
        who = self.at(step)
        fill(who.form, *ticked, **fields)
        who.complete()
        return who

    def at(self, step: str, login: str = "") -> Person:
        """The step's person with its form open."""
        who = self.person(login or WHO[step])
        who.open(step, self.customer.name)
        return who

    def to_the_offer(self) -> Sale:
        """Steps 1 to 7: a residential customer, and capacity for what he asks."""
        self.step("1", "Llamada")
        self.step("2", "Residencial")
        self.step("3", **{"Carnet de identidad": self.customer.ci, "Expedido en": "Cochabamba"})
        self.step("4", "Películas y series", **{"Horario": "Por la noche", "Velocidad": "60"})
        self.step("5")
        self.step("6")
        self.step("7", "Sí hay")
        return self

    def accepts(self, plan: str = "Fibra Hogar 60") -> Sale:
        """Steps 8 and 9: the plan is accepted, and the three papers are there."""
        self.step("8", "Acepta", plan)
        who = self.at("9")
        for paper in ("Carnet de identidad", "Ubicación para la instalación", "Carta de solicitud"):
            part = who.form.locator("fieldset").filter(has=who.page.locator("legend").filter(has_text=paper))
            fill(part, **{"Archivos": photo(), "Estado": "Aceptado", "Llegó por": "WhatsApp"})
        who.complete()
        return self

    def pays(self, form: str) -> Sale:
        """Step 10: Prepago or Pospago."""
        self.step("10", form, "Expliqué al cliente")
        return self

    def is_entered(self) -> Sale:
        """Steps 21 to 24: the order is keyed in, its contract signed, its states confirmed."""
        self.step("21", "Abrí la digitación")
        self.step("22")
        self.step("23", "Firma en agencia", **{"Firmado por": self.customer.name})
        self.step("24", "Confirmo los estados")
        return self

    def ends_as(self, outcome: str) -> None:
        """The case page says how it ended, and the customer's link too."""
        who = self.person("ventas1")
        who.page.goto(f"/casos/?q={self.customer.name}")
        expect(who.page.locator("tbody tr")).to_contain_text(outcome)
