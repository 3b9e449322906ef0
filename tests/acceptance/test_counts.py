"""What the main sale takes, from the public page to ATENDIDO/CERRADA, prepaid by transfer: clicks, keys, page loads by step.

Compared with docs/reference/clicks.md, which may only go down; `THAKI_WRITE_COUNTS=1` writes it anew.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from playwright.sync_api import Locator, TimeoutError, expect
from tests.acceptance import clicks_page
from tests.acceptance.conftest import House, running
from tests.acceptance.hands import Count, Hands, Tally
from tests.acceptance.people import Person
from tests.acceptance.sale import PAPERS, PATIENCE, WHO, Sale, photo

pytestmark = pytest.mark.browser
AGENCY = "Agencia Central"


@pytest.fixture(scope="module")
def house(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house of its own: what opens by itself is this sale's and nobody else's."""
    with running(tmp_path_factory.mktemp("counts"), "counts") as house:
        yield house


class Walk:
    """One sale, each step by the hands of its own person, whose page stood at Mi trabajo."""

    def __init__(self, sale: Sale) -> None:
        self.sale, self.tally = sale, Tally()
        self.hands: dict[str, Hands] = {}
        for login in dict.fromkeys(WHO[step] for step in clicks_page.STEPS if step in WHO):
            page = sale.person(login).page
            page.goto("/")
            self.hands[login] = Hands(page, self.tally)

    def at(self, step: str) -> tuple[Hands, Locator]:
        """The step's person sees its form, which opened by itself, or which he opens; his hands, and the form."""
        self.tally.begin(step)
        hands, person = self.hands[WHO[step]], self.sale.person(WHO[step])
        if not person.is_at(step, self.sale.customer.name):
            self.opens(hands)
            expect(person.page.locator(".tk-step-number")).to_have_text(step)
        person.page.wait_for_load_state()  # its scripts answer the keys
        return hands, person.form

    def opens(self, hands: Hands) -> None:
        """The first of the list, which is up to date when one comes back to it: one's own, or the first to be taken."""
        row = hands.page.locator("#listas [data-row]").first
        for _look in range(PATIENCE):  # what the worker does first takes nobody's hands
            hands.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            with suppress(TimeoutError):
                row.wait_for(timeout=500)
                break
        hands.key("Enter" if hands.page.locator("section:has(#lista-mias) [data-row]").count() else "n")

    def waits(self, hands: Hands, shown: Locator) -> None:
        """Look at the page until the worker has done its part; that takes nobody's hands."""
        counted, self.tally.now = self.tally.now, Count()
        for _look in range(PATIENCE):
            with suppress(TimeoutError):
                shown.wait_for(timeout=1000)
                break
            hands.page.reload()
        expect(shown).to_be_visible()
        self.tally.now = counted

    def step(self, step: str, *chosen: str, **fields: str) -> None:
        """A step whose form is filled and sent."""
        hands, form = self.at(step)
        hands.fills(form, *chosen, **fields)
        hands.sends()
        self.is_done(hands)

    def is_done(self, hands: Hands) -> None:
        """Wait for the good news, and take it away, so that the next is not mistaken for it."""
        toast = hands.page.locator(".tk-toast", has_text="quedó hecho")
        expect(toast.first).to_be_visible()
        hands.page.evaluate("document.querySelectorAll('.tk-toast').forEach(toast => toast.remove())")


@pytest.fixture
def walk(sale: Sale) -> Walk:
    """A customer's sale, to be walked."""
    return Walk(sale)


def test_the_main_sale_takes_no_more_than_it_did(walk: Walk, person: Callable[[str], Person]) -> None:
    customer_asks(walk)
    capacity_is_found(walk)
    offer_is_accepted(walk)
    slip_is_accepted(walk)
    invoice_is_delivered(walk)
    order_is_entered(walk)
    walk.step("25", "ATENDIDO/CERRADA")
    walk.tally.now = Count()
    walk.sale.ends_as("ATENDIDO/CERRADA")
    if os.environ.get("THAKI_WRITE_COUNTS"):
        clicks_page.write(walk.tally.steps)
    clicks_page.check(walk.tally.steps)


def customer_asks(walk: Walk) -> None:
    """The public page on a telephone."""
    page, told = walk.sale.page, walk.sale.customer
    page.goto("/contratar/")
    page.locator("#mapa-cobertura .leaflet-marker-pane").wait_for(state="attached")
    walk.tally.begin("web")
    hands = Hands(page, walk.tally)
    asked = {"Su nombre completo": told.name, "Celular": told.phone, "Correo": told.email}
    hands.fills(page.locator("#pedir form"), **asked | {"Dirección": "Av. Heroínas 451"})
    hands.click(page.locator("#mapa-cobertura"))
    expect(page.locator("#cobertura")).to_contain_text("Sí llegamos")
    hands.click(page.get_by_role("button", name="Enviar mi solicitud"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Su solicitud GVD")


def capacity_is_found(walk: Walk) -> None:
    """Steps 1 to 7."""
    walk.step("1", "Llamada")
    walk.step("2", "Residencial")
    walk.step("3", **{"Carnet de identidad": walk.sale.customer.ci, "Expedido en": "Cochabamba"})
    walk.step("4", "Películas y series", Horario="Por la noche", Velocidad="60")
    walk.step("5")
    walk.step("6")
    walk.step("7", "Sí hay")


def offer_is_accepted(walk: Walk) -> None:
    """Steps 8 and 9: the Carta Comercial goes out by e-mail, its plan is accepted, the three papers are there."""
    hands, form = walk.at("8")
    hands.key("e")
    expect(form).to_contain_text("Carta Comercial CC-")
    walk.sale.mailbox.mail(walk.sale.customer.email, "Carta Comercial")
    walk.step("8", "Fibra Hogar 60", "Acepta")
    hands, _form = walk.at("9")
    hands.key("a")
    for paper in PAPERS:
        part = walk.sale.person(WHO["9"]).paper(paper)
        hands.fills(part, Estado="Aceptado")
        if "Ubicación" not in paper:  # the place is the map's pin
            hands.attaches(part.get_by_label("Archivos"), photo())
            hands.fills(part, **{"Llegó por": "WhatsApp"})
    hands.sends()
    walk.is_done(hands)


def slip_is_accepted(walk: Walk) -> None:
    """Steps 10 to 12; 15 leaves with 12 (R-A12)."""
    walk.step("10", "Prepago", "Expliqué al cliente")
    hands, form = walk.at("11")
    hands.fills(form, "Pagó", "Transferencia")
    hands.attaches(form.get_by_label("Comprobante", exact=True), photo("comprobante.jpg"))
    slip = {"Número de comprobante": "TR-1001", "Monto": "339", "Tipo de operación": "Transferencia bancaria"}
    hands.fills(form, **slip)
    hands.sends()
    walk.is_done(hands)
    hands, form = walk.at("12")
    hands.fills(form, Agencia=AGENCY)
    hands.key("Escape") if hands.page.evaluate("document.activeElement.matches('select, input')") else None
    hands.sends()
    walk.is_done(hands)


def invoice_is_delivered(walk: Walk) -> None:
    """Steps 16 and 17."""
    walk.tally.begin("16")
    hands = walk.hands[WHO["16"]]
    queue = hands.page.get_by_role("link", name="Caja: facturas").first
    hands.click(queue)
    hands.page.wait_for_url("**/ventas/caja/")
    hands.page.wait_for_load_state()
    rows = hands.page.locator("form[data-print-batch] tbody tr")
    walk.waits(hands, rows.first)
    with hands.page.expect_popup() as printed:
        hands.key("i")
    printed.value.close()
    expect(hands.page.locator("main")).to_contain_text("Nada por imprimir")
    walk.tally.begin("17")
    hands.key("Enter")
    expect(hands.page.locator(".tk-step-number")).to_have_text("17")
    walk.step("17", "El ejemplar de archivo", "Entregada en mano")


def order_is_entered(walk: Walk) -> None:
    """Steps 21 to 24."""
    walk.step("21", "Abrí la digitación")
    walk.step("22")
    hands, _form = walk.at("23")
    with hands.page.expect_popup() as printed:
        hands.key("i")
    printed.value.close()
    walk.step("23", "Firma en agencia", **{"Firmado por": walk.sale.customer.name})
    walk.step("24", "Confirmo los estados")
