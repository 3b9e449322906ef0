"""A sale as those who take part in it see it: the customer's telephone, and each step on the screen of its own person."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Locator, Page, TimeoutError, expect
from tests.acceptance.mailbox import Mailbox, attached
from tests.acceptance.people import Person, fill, photograph

REFUND = "Devuelve el dinero al cliente que desiste"  # a step of the readings: it has no signed number
# Who does what, by the lanes of the procedure.
WHO = {
    **{str(step): "ejecutivo1" for step in (*range(1, 12), *range(21, 25))},
    "7": "helpdesk1", "12": "cobranzas1", "16": "cajero1", "17": "cajero1", "18": "facturacion1",
    "19": "canales1", REFUND: "cobranzas1", "20": "canales1", "25": "ventas1",
}  # fmt: skip


PATIENCE = 20  # looks at a page that shows only when it is loaded what the worker did meanwhile
PAPERS = ("Carnet de identidad", "Ubicación para la instalación", "Carta de solicitud")


def photo(name: str = "foto.jpg") -> FilePayload:
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

    @property
    def number(self) -> str:
        """The case's number, as the customer reads it on his link."""
        found = re.search(r"GVD-\d{4}-\d{6}", self.page.get_by_role("heading", level=1).inner_text())
        assert found
        return found[0]

    def fills_the_public_form(self, **more: str) -> Locator:
        """The customer fills in the public page's form, with the pin where he lives."""
        self.page.goto("/contratar/")
        form = self.page.locator("#pedir form")
        told = {"Su nombre completo": self.customer.name, "Celular": self.customer.phone, "Correo": self.customer.email}
        fill(form, **told | {"Dirección": "Av. Heroínas 451"} | more)
        self.page.locator("#mapa-cobertura .leaflet-marker-pane").wait_for(state="attached")
        self.page.locator("#mapa-cobertura").click()
        expect(self.page.locator("#cobertura")).to_contain_text("Sí llegamos")
        photograph(self.page, "asks")
        return form

    def asks(self, **more: str) -> Sale:
        """The customer asks for the service on the public page, and is on his link."""
        self.fills_the_public_form(**more).get_by_role("button", name="Enviar mi solicitud").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Su solicitud GVD")
        return self

    def step(self, step: str, *ticked: str, **fields: Any) -> Person:
        """The step's person finds it, fills it in, and completes it."""
        who = self.at(step)
        fill(who.form, *ticked, **fields)
        who.complete()
        return who

    def deposit_is_accepted(self, **fields: Any) -> Person:
        """Step 12, by the key that is on its button."""
        who = self.at("12")
        fill(who.form, **fields)
        who.complete("Aceptar")
        return who

    def deposit_is_returned(self, **fields: Any) -> None:
        """Step 12: back to 11, for the first thing that does not match."""
        who = self.at("12")
        fill(who.form, **fields)
        who.form.locator("summary", has_text="Devolver").click()
        who.complete("Devolver al paso 11")

    def at(self, step: str, login: str = "", *, take: bool = True) -> Person:
        """The step's person with its form open."""
        who = self.person(login or WHO[step])
        who.open(step, self.customer.name, take=take)
        return who

    def to_the_capacity(self) -> Sale:
        """Steps 1 to 6: a residential customer, whose place Help Desk is asked about."""
        self.step("1", "Llamada")
        self.step("2", "Residencial")
        self.step("3", **{"Carnet de identidad": self.customer.ci, "Expedido en": "Cochabamba"})
        self.step("4", "Películas y series", Horario="Por la noche", Velocidad="60")
        self.step("5")
        self.step("6")
        return self

    def to_the_offer(self) -> Sale:
        """Steps 1 to 7: there is capacity for what he asks."""
        self.to_the_capacity().step("7", "Sí hay")
        return self

    def accepts(self, plan: str = "Fibra Hogar 60") -> Sale:
        """Steps 8 and 9: the plan is accepted, and the three papers are there."""
        self.step("8", "Acepta", plan)
        return self.brings_papers()

    def brings_papers(self) -> Sale:
        """Step 9: the three papers came and are good."""
        who = self.at("9")
        for paper in PAPERS:
            fill(who.paper(paper), **{"Archivos": photo(), "Estado": "Aceptado", "Llegó por": "WhatsApp"})
        who.complete()
        return self

    def pays(self, form: str) -> Sale:
        """Step 10: Prepago or Pospago."""
        self.step("10", form, "Expliqué al cliente")
        return self

    def sends_slip(self, number: str, amount: str) -> Sale:
        """Step 11.1: the customer transferred, and the executive notes his slip."""
        who = self.at("11")
        self.fill_slip(who, number, amount)
        who.complete()
        return self

    def fill_slip(self, who: Person, number: str, amount: str) -> None:
        """What the slip says, typed off its picture."""
        told = {"Comprobante": photo("comprobante.jpg"), "Número de comprobante": number, "Monto": amount}
        fill(who.form, "Pagó", "Transferencia", **told, **{"Tipo de operación": "Transferencia bancaria"})

    def is_told_that_a_slip_pays_once(self, number: str, amount: str) -> None:
        """The executive notes a slip that has paid: he is told so beside its number, and nothing that he typed is lost."""
        who = self.at("11")
        self.fill_slip(who, number, amount)
        who.form.get_by_role("button", name="Completar el paso").click()
        expect(who.form).to_contain_text("ya fue usado")
        expect(who.form.get_by_label("Monto")).to_have_value(amount)

    def prints_invoice(self) -> Sale:
        """Step 16: the PDF opens in a tab of its own, and the cashier says that it came out well."""
        who = self.at("16")
        with who.page.expect_popup() as printed:
            who.form.get_by_role("button", name="Imprimir el original").click()
        printed.value.close()
        fill(who.form, "La factura se imprimió bien")
        who.complete()
        return self

    def withdraws(self, why: str) -> None:
        """The customer no longer wants it; his executive notes it."""
        who = self.person("ejecutivo1")
        who.page.goto(f"/casos/{self.number}/")
        question = who.ask_for("El cliente desiste")
        fill(question, Motivo=why)
        question.get_by_role("button").last.click()
        expect(question).to_be_hidden()

    def incident(self, page: Page) -> Locator:
        """What the system could not do for this sale, once it has given up."""
        page.goto("/incidentes/")
        found = page.locator(".tk-incident").filter(has_text=self.number)
        for _look in range(PATIENCE):
            with suppress(TimeoutError):
                found.wait_for(timeout=1000)
                break
            page.reload()
        expect(found).to_contain_text("correo")
        return found

    # ------------------------------------------------------------ on the customer's link
    def receives_letter(self) -> Sale:
        """The executive issues the Carta Comercial and sends it; it reaches the customer with its PDF."""
        who = self.at("8")
        question = who.ask_for("Emitir y enviar la Carta Comercial")
        fill(question, "Correo electrónico")
        question.get_by_role("button").last.click()
        expect(question).to_be_hidden()
        letter = self.mailbox.mail(self.customer.email, "Carta Comercial")
        assert any(content.startswith(b"%PDF") for content in attached(letter).values())
        return self

    def accepts_on_his_link(self, plan: str) -> Sale:
        """The customer opens his link and accepts a plan."""
        self.page.reload()
        self.page.get_by_label(plan).check()
        photograph(self.page, "link-offer")
        self.page.get_by_role("button", name="Acepto este plan").click()
        expect(self.page.locator("#oferta")).to_contain_text("Aceptada")
        return self

    def sends_papers_on_his_link(self) -> Sale:
        """The customer takes pictures of his papers."""
        self.page.reload()
        for paper in ("Carnet de identidad", "Carta de solicitud"):
            form = self.page.locator(".ws-upload").filter(has_text=paper)
            form.locator("input[type=file]").set_input_files(photo())
            form.get_by_role("button", name="Enviar").click()
            expect(self.page.locator(".ws-upload").filter(has_text=paper)).to_contain_text("Recibido")
        photograph(self.page, "link-papers")
        return self

    def papers_are_accepted(self) -> Sale:
        """Step 9 with what the customer sent."""
        who = self.at("9")
        for paper in PAPERS:
            fill(who.paper(paper), Estado="Aceptado")
        who.complete()
        return self

    def pays_on_the_web(self, card: str) -> Sale:
        """Step 11.2 on the payment page."""
        self.page.reload()
        photograph(self.page, "link-pay")
        self.page.get_by_role("link", name="Pagar ahora").click()
        form = self.page.locator("form").filter(has_text="Número de tarjeta")
        told = {
            "Nombre en la tarjeta": self.customer.name,
            "Número de tarjeta": card,
            "Vencimiento": "12/31",
            "Código": "123",
        }
        fill(form, **told)
        photograph(self.page, "checkout")
        form.get_by_role("button", name="Pagar").click()
        expect(self.page.locator("main")).to_contain_text("Pago recibido")
        self.page.get_by_role("link", name="Volver a mi solicitud").click()
        expect(self.page.locator("#pago")).to_contain_text("Recibimos el pago")
        return self

    def is_entered(self) -> Sale:
        """Steps 21 to 24: the order is keyed in, its contract signed, its states confirmed."""
        self.step("21", "Abrí la digitación")
        self.step("22")
        self.step("23", "Firma en agencia", **{"Firmado por": self.customer.name})
        self.step("24", "Confirmo los estados")
        return self

    def is_closed(self) -> None:
        """Step 25: the order is done in the field."""
        self.step("25", "ATENDIDO/CERRADA")
        self.ends_as("ATENDIDO/CERRADA")

    def listed(self) -> Page:
        """The list of cases with this customer's."""
        page = self.person("ventas1").page
        page.goto(f"/casos/?q={self.customer.name}")
        return page

    def ends_as(self, outcome: str) -> None:
        """The list of cases says how it ended."""
        expect(self.listed().locator("tbody tr")).to_contain_text(outcome)
