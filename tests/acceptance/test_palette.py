"""The command palette in a real browser: one key, typing, arrows, Enter; and the same box without a script."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.records.customers.models import Customer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    # Playwright's loop runs in this thread, and Django then takes every query for one made inside a coroutine.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        opened = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def ana(db: None) -> User:
    """An adviser, and two customers whom she may look up."""
    for number, surnames in enumerate(("Zurita Muñoz", "Zurita Peredo")):
        Customer.objects.create(
            code=f"S-{number}", given_names="Íñigo", surnames=surnames, registered_at=timezone.now()
        )
    return User.objects.create_user("ana", roles=[Role.ASESOR_COMERCIAL.value], first_name="Ana")


@pytest.fixture
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, ana: User) -> Iterator[Page]:
    """Her browser."""
    client = Client()
    client.force_login(ana, backend="django.contrib.auth.backends.ModelBackend")
    with browser.new_context(base_url=live_server.url, java_script_enabled=request.param) as context:
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        yield context.new_page()


@pytest.mark.parametrize("page", [True], indirect=True)
def test_a_customer_is_opened_without_leaving_the_keyboard(page: Page) -> None:
    page.goto("/perfil/")
    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Buscar o ir a")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.press("Control+k")
    page.keyboard.type("zurita inigo")
    options = page.get_by_role("listbox", name="Resultados").get_by_role("option")
    expect(options).to_have_text(["Íñigo Zurita Peredo", "Íñigo Zurita Muñoz"])
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", options.last.get_attribute("id") or "")
    name = options.last.locator("span").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize("page", [True], indirect=True)
def test_who_types_faster_than_the_answer_comes_goes_where_he_meant(page: Page) -> None:
    page.goto("/perfil/")
    page.keyboard.press("Control+k")
    page.keyboard.type("clientes")
    page.keyboard.press("Enter")
    page.wait_for_url("**/clientes/")


@pytest.mark.parametrize("page", [False], indirect=True)
def test_without_scripts_the_box_searches(page: Page) -> None:
    page.goto("/perfil/")
    page.get_by_label("Buscar en todo").fill("zurita munoz")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Íñigo Zurita Muñoz")).to_be_visible()
