"""The technician's telephone with its network cut: what he notes is kept, sends itself, arrives once, and is never another's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from tests.acceptance.people import PASSWORD, photograph
from tests.acceptance.sale import photo
from tests.integration.retention.visiting import Visit, at_the_visit, person

from thaki.cases import versions
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.work_orders.models import Submission, WorkOrder

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Telephone:
    """A cheap telephone with the app open."""

    context: BrowserContext
    page: Page
    url: str

    def opens(self) -> Telephone:
        """Opens the app; a tab that was closed is a new one."""
        if self.page.is_closed():
            self.page = self.context.new_page()
        self.page.goto(f"{self.url}/terreno/")
        return self

    def signs_in(self, login: str) -> Telephone:
        """With his password, and back to the app, whose service worker is then ready."""
        self.page.goto(f"{self.url}/cuenta/login/?next=/terreno/")
        self.page.get_by_label("Usuario o correo").fill(login)
        self.page.get_by_label("Contraseña").fill(PASSWORD)
        self.page.get_by_role("button", name="Ingresar", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Mis visitas")
        self.page.locator("html[data-ready]").wait_for()
        return self

    def visit(self, visit: Visit) -> Telephone:
        """Opens a visit of the list."""
        self.page.locator(f"[data-order='{visit.order.number}']").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(visit.order.number)
        return self

    def arrives(self) -> None:
        """At the door."""
        self.page.locator("[data-arrive]").click()
        expect(self.page.locator(".note", has_text="Llegada:")).to_be_visible()

    def step(self, name: str) -> Page:
        """Opens a part of the visit."""
        self.page.get_by_role("link", name=name).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)
        return self.page

    def ready(self) -> None:
        """Back to the visit."""
        photograph(self.page, "field-part")
        self.page.get_by_role("link", name="Listo").click()

    def does_it_all(self) -> None:
        """Arrives, does one task, tries the services, photographs, and has one paper signed."""
        self.arrives()
        page = self.step("Revisión y tareas Xpress")
        page.locator("[name=review]").fill("Conector flojo en la roseta")
        page.locator("[name=task-cabling]").check()
        page.locator("[name=done-cabling]").fill("Cable nuevo de la roseta al módem")
        page.locator("section", has=page.locator("[name=task-cabling]")).get_by_role("button", name="Agregar").click()
        page.get_by_label("Material", exact=True).fill("Cable UTP")
        self.ready()
        page = self.step("Prueba de los servicios")
        for service in page.locator("fieldset").all():
            service.get_by_text("Funciona", exact=True).click()
        self.ready()
        page = self.step("Fotos de antes y después")
        page.locator("[name=photo-before]").set_input_files(photo())
        expect(page.locator(".photos img")).to_have_count(1)
        self.ready()
        self.step("Firma del cliente")
        self.signed("service_sheet")
        self.ready()

    def signed(self, paper: str) -> None:
        """The customer draws his name with the finger."""
        page = self.page
        page.locator(f"[name=paper-{paper}]").check()
        page.locator(f"[data-sign={paper}]").click()
        box = page.locator("dialog canvas").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 30, box["y"] + 60)
        page.mouse.down()
        for x, y in ((80, 20), (120, 90), (200, 40)):
            page.mouse.move(box["x"] + x, box["y"] + y, steps=4)
        page.mouse.up()
        photograph(page, "field-signing")
        page.locator("[data-accept]").click()
        expect(page.locator("img.signature")).to_be_visible()

    def finishes(self) -> None:
        """Ends the visit: it goes into the outbox."""
        photograph(self.page, "field-visit")
        self.page.locator("[data-finish]").click()
        expect(self.page.get_by_role("heading", level=1)).to_contain_text("Mis visitas")

    def card(self, visit: Visit) -> Locator:
        """The visit in the list."""
        return self.page.locator(f"[data-order='{visit.order.number}']")


@pytest.fixture(autouse=True)
def ground(settings: Any, tmp_path: Any, transactional_db: None) -> Iterator[None]:
    """Documents go to a folder of the test; the shipped procedures are in force; the demo's password opens."""
    settings.DATA_DIR = tmp_path
    settings.DEMO = True  # whatever the checkout's own data are: outside a demo its password is refused
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    versions.forget()
    versions.seed(timezone.now())
    yield
    versions.forget()


@pytest.fixture
def technician(ground: None) -> User:
    return person("tecnico1", Role.TECNICO_MULTISERVICIOS)


@pytest.fixture
def visit(technician: User) -> Visit:
    return at_the_visit(1, technician, timezone.now() - timedelta(hours=2))


@pytest.fixture
def telephone(live_server: Any, chrome: Browser) -> Iterator[Telephone]:
    context = chrome.new_context(
        locale="es-BO", viewport={"width": 360, "height": 740}, has_touch=True,
        geolocation={"latitude": -17.38, "longitude": -66.16}, permissions=["geolocation"],
    )  # fmt: skip
    context.set_default_timeout(20_000)
    url = live_server.url.replace("127.0.0.1", "localhost")
    opened = Telephone(context, context.new_page(), url)
    opened.page.on("pageerror", lambda error: pytest.fail(f"the page broke: {error}"))
    yield opened
    if not opened.page.is_closed():
        photograph(opened.page, "end-field")
    context.close()


Phone = Callable[[], Telephone]


def test_without_signal_a_whole_visit_survives_a_closed_tab_and_arrives_once(
    telephone: Telephone, visit: Visit, technician: User
) -> None:
    telephone.signs_in("tecnico1").visit(visit)
    telephone.context.set_offline(True)
    telephone.does_it_all()
    telephone.finishes()
    expect(telephone.card(visit)).to_contain_text("Por enviar")
    telephone.page.close()
    assert not Submission.objects.exists()

    telephone.opens()
    expect(telephone.card(visit)).to_contain_text("Por enviar")
    telephone.context.set_offline(False)
    expect(telephone.card(visit)).to_contain_text("Enviado")

    assert sorted(Submission.objects.values_list("kind", "outcome")) == [("arrival", "applied"), ("report", "applied")]
    order = visit.fresh()
    assert (order.state, order.arrived_lat, order.review) == ("closed", -17.38, "Conector flojo en la roseta")
    assert order.photos.count() == order.signatures.count() == 1
    assert order.signatures.get().pdf is not None
    telephone.opens()
    expect(telephone.card(visit)).to_contain_text("Enviado")
    assert Submission.objects.count() == 2


def test_a_draft_survives_a_closed_tab(telephone: Telephone, visit: Visit) -> None:
    telephone.signs_in("tecnico1").visit(visit)
    telephone.context.set_offline(True)
    page = telephone.step("Revisión y tareas Xpress")
    page.locator("[name=review]").fill("A medio escribir")
    telephone.ready()
    telephone.page.close()
    telephone.opens().visit(visit).step("Revisión y tareas Xpress")
    expect(telephone.page.locator("[name=review]")).to_have_value("A medio escribir")


def test_an_expired_session_keeps_the_work_until_the_same_person_signs_in(
    telephone: Telephone, visit: Visit, technician: User
) -> None:
    telephone.signs_in("tecnico1").visit(visit)
    telephone.context.set_offline(True)
    telephone.does_it_all()
    telephone.finishes()
    telephone.context.clear_cookies()
    telephone.context.set_offline(False)
    expect(telephone.page.get_by_text("Su sesión venció")).to_be_visible()
    expect(telephone.card(visit)).to_contain_text("Por enviar")

    person("tecnico2", Role.TECNICO_MULTISERVICIOS)
    telephone.signs_in("tecnico2")
    expect(telephone.page.get_by_text("Otra persona tiene envíos pendientes")).to_be_visible()
    expect(telephone.page.get_by_text(visit.order.customer.full_name)).to_have_count(0)
    assert not Submission.objects.exists()

    telephone.context.clear_cookies()
    telephone.signs_in("tecnico1")
    expect(telephone.card(visit)).to_contain_text("Enviado")
    assert set(Submission.objects.values_list("user", "outcome")) == {(technician.pk, "applied")}


def test_an_order_given_away_meanwhile_is_a_conflict_that_both_see(telephone: Telephone, visit: Visit) -> None:
    telephone.signs_in("tecnico1").visit(visit)
    telephone.context.set_offline(True)
    telephone.does_it_all()
    telephone.finishes()
    other = person("tecnico2", Role.TECNICO_MULTISERVICIOS)
    WorkOrder.objects.filter(pk=visit.order.pk).update(assigned_to=other)
    telephone.context.set_offline(False)
    expect(telephone.page.get_by_text("En conflicto").first).to_be_visible()
    telephone.page.get_by_role("link", name="Visita terminada").click()
    expect(telephone.page.get_by_text("Su trabajo no se perdió")).to_be_visible()
    photograph(telephone.page, "field-conflict")
    assert visit.fresh().is_open
    assert Submission.objects.filter(kind="report", outcome="conflict").count() == 1


def test_what_was_begun_of_an_order_given_away_goes_to_the_supervisor(telephone: Telephone, visit: Visit) -> None:
    telephone.signs_in("tecnico1").visit(visit)
    telephone.context.set_offline(True)
    telephone.step("Revisión y tareas Xpress").locator("[name=review]").fill("Acometida quemada")
    telephone.ready()
    WorkOrder.objects.filter(pk=visit.order.pk).update(assigned_to=person("tecnico2", Role.TECNICO_MULTISERVICIOS))
    telephone.context.set_offline(False)
    telephone.opens()
    telephone.page.get_by_role("link", name="Ya no es suya").click()
    telephone.page.locator("[data-give]").click()
    expect(telephone.page.get_by_text("En conflicto").first).to_be_visible()
    assert Submission.objects.get().payload["review"] == "Acometida quemada"


def test_a_telephone_whose_clock_is_a_day_wrong_is_told_and_does_not_rule(telephone: Telephone, visit: Visit) -> None:
    telephone.page.clock.install(time=timezone.now() + timedelta(days=1))
    telephone.signs_in("tecnico1")
    expect(telephone.page.get_by_text("La hora de este teléfono difiere")).to_be_visible()
    telephone.visit(visit).arrives()
    expect(telephone.page.get_by_text("Por enviar: 1")).to_be_hidden()
    order = visit.fresh()
    assert order.arrived_at is not None
    assert order.arrived_device_at is not None
    assert abs(timezone.now() - order.arrived_at) < timedelta(minutes=5)
    assert order.arrived_device_at - order.arrived_at > timedelta(hours=23)


def test_a_file_that_is_no_picture_is_said_at_once(telephone: Telephone, visit: Visit) -> None:
    telephone.signs_in("tecnico1").visit(visit).step("Fotos de antes y después")
    false = {"name": "foto.jpg", "mimeType": "image/jpeg", "buffer": b"nothing of the kind"}
    telephone.page.locator("[name=photo-after]").set_input_files(false)  # type: ignore[arg-type]
    expect(telephone.page.get_by_text("no es una foto")).to_be_visible()


def test_an_absent_customer_is_photographed_and_goes_to_the_supervisor(telephone: Telephone, visit: Visit) -> None:
    telephone.signs_in("tecnico1").visit(visit)
    telephone.context.set_offline(True)
    telephone.page.get_by_role("link", name="No se pudo hacer la visita").click()
    telephone.page.get_by_text("Cliente ausente").click()
    send = telephone.page.locator("[data-fail]")
    expect(send).to_be_disabled()
    telephone.page.locator("[name=photo-absence]").set_input_files(photo())
    expect(send).to_be_enabled()
    photograph(telephone.page, "field-failure")
    send.click()
    expect(telephone.card(visit)).to_contain_text("Por enviar")
    telephone.context.set_offline(False)
    expect(telephone.card(visit)).to_contain_text("Enviado")
    assert visit.order.failures.get().proof is not None
    assert visit.open_nodes() == {"Step_6"}


def test_leaving_takes_the_customers_off_the_telephone(telephone: Telephone, visit: Visit) -> None:
    telephone.signs_in("tecnico1")
    expect(telephone.card(visit)).to_be_visible()
    telephone.page.get_by_role("button", name="Salir").click()
    telephone.page.get_by_role("dialog").get_by_role("button", name="Salir").click()
    expect(telephone.page.get_by_label("Contraseña")).to_be_visible()
    telephone.context.set_offline(True)
    telephone.opens()
    expect(telephone.page.get_by_text("Nadie ingresó en este teléfono")).to_be_visible()
    expect(telephone.card(visit)).to_have_count(0)
