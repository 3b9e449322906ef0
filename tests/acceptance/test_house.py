"""The frame of every staff page in a real browser: theme, keys, questions, telephone, names of controls, no forbidden script."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from thaki.people.models import Agency, User
from thaki.people.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAGES = ("/galeria/", "/personas/", "/politicas/", "/perfil/", "/equipos/nuevo/", "/cuenta/2fa/")
# A control nobody can name: no text, no label, no title.
NAMELESS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(e => e.offsetParent !== null && !(e.textContent.trim() || e.ariaLabel || e.title || (e.labels && e.labels.length)
    || e.getAttribute('aria-hidden') || e.querySelector('[aria-label]') || e.closest('label')))
  .map(e => e.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django then takes every query for one made inside a coroutine.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def admin() -> User:
    roles = [role.value for role in (Role.ADMINISTRADOR, Role.GESTION_CALIDAD)]
    return User.objects.create_user("admin", "admin@comteco.example", "camino-largo-7", roles=roles, first_name="Ana")


def signed_in(browser: Browser, server: LiveServer, user: User, **options: object) -> BrowserContext:
    """A browser in which this person has signed in."""
    client = Client()
    client.force_login(user)
    context = browser.new_context(base_url=server.url, **options)  # type: ignore[arg-type]  # Playwright's own options
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": server.url}])
    return context


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, admin: User) -> Iterator[Page]:
    with signed_in(browser, live_server, admin) as context:
        yield context.new_page()


def test_the_look_chosen_stays(page: Page) -> None:
    page.goto("/perfil/")
    page.locator(".tk-menu > summary").click()
    page.get_by_role("button", name="Oscuro").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.wait_for_load_state("networkidle")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_question_is_asked_before_what_cannot_be_undone(page: Page) -> None:
    agency = Agency.objects.create(name="Agencia Sur")
    page.goto(f"/administracion/agencias/{agency.pk}/")
    page.get_by_role("button", name="Desactivar").click()
    page.locator("#tk-confirm").get_by_role("button", name="Cancelar").click()
    expect(page.locator("#tk-confirm")).to_be_hidden()
    page.get_by_role("button", name="Desactivar").click()
    page.locator("#tk-confirm").get_by_role("button", name="Desactivar").click()
    expect(page.locator(".tk-toast")).to_contain_text("ya no se ofrece")


def test_keys_are_listed_and_answer(page: Page) -> None:
    page.goto("/personas/")
    page.locator("body").press("?")
    expect(page.locator("#tk-keys")).to_contain_text("Filtrar la lista")
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    expect(page.locator("#filter-q")).to_be_focused()


def test_rows_are_walked_without_a_mouse(page: Page, admin: User) -> None:
    page.goto("/personas/")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/personas/{admin.pk}/")


def test_the_summary_of_errors_leads_to_the_field(page: Page) -> None:
    page.goto("/personas/nueva/")
    page.locator("form[data-main-form] button[type=submit]").click()
    expect(page.locator(".tk-errors")).to_be_focused()
    page.locator(".tk-errors a").first.click()
    expect(page.locator("#id_first_name")).to_be_focused()


def test_the_drawer_of_a_telephone_needs_no_script(browser: Browser, live_server: LiveServer, admin: User) -> None:
    telephone = {"viewport": {"width": 390, "height": 844}, "java_script_enabled": False}
    with signed_in(browser, live_server, admin, **telephone) as context:
        page = context.new_page()
        page.goto("/perfil/")
        page.get_by_role("link", name="Menú").click()
        page.locator("#menu").get_by_role("link", name="Políticas").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Políticas")


@pytest.mark.parametrize("width", [360, 1440])
def test_pages_fit_and_say_what_their_controls_are(
    browser: Browser, live_server: LiveServer, admin: User, width: int
) -> None:
    with signed_in(browser, live_server, admin, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        for address in PAGES:
            page.goto(address)
            page.wait_for_load_state("networkidle")
            wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert (address, wider, page.evaluate(NAMELESS), complaints) == (address, 0, [], [])


def test_map_and_diagram_are_drawn(page: Page) -> None:
    page.goto("/galeria/")
    expect(page.locator("#g-map .leaflet-interactive").first).to_be_attached()
    expect(page.locator("#g-pick .tk-map__pin")).to_be_visible()
    page.locator("#g-diagram").scroll_into_view_if_needed()
    expect(page.locator("#g-diagram .tk-token").first).to_be_visible()
    expect(page.locator("#g-diagram .bjs-powered-by")).to_be_visible()  # the licence asks for it


def test_a_passkey_is_added_and_opens_the_door(page: Page, live_server: LiveServer, browser: Browser) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options = key | {"isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/cuenta/2fa/webauthn/add/")
    page.locator("#id_password").fill("camino-largo-7")  # adding a way in asks again who one is
    page.get_by_role("button", name="Confirmar").click()
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/recovery-codes/**")
    page.context.clear_cookies()
    page.goto("/cuenta/login/")
    page.locator("#passkey_login").click()
    page.wait_for_url(f"{live_server.url}/")
