"""The first-visit tour in a real browser: keys, focus, a telephone, and never twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.web import tour

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=[390, 1440])
def page(
    request: pytest.FixtureRequest, chrome: Browser, live_server: LiveServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """Somebody who has just signed in for the first time."""
    monkeypatch.setattr(tour, "OFFER", True)
    user = User.objects.create_user("nueva", roles=[Role.CAJERO.value])
    client = Client()
    client.force_login(user)
    with chrome.new_context(base_url=live_server.url, viewport={"width": request.param, "height": 844}) as context:
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        yield context.new_page()


def test_it_is_walked_with_the_arrows_and_not_shown_again(page: Page) -> None:
    page.goto("/")
    card = page.get_by_role("dialog", name="Mi trabajo")
    expect(card).to_contain_text("1 de 6")
    expect(page.get_by_role("button", name="Siguiente", exact=True)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog")).to_contain_text("2 de 6")
    page.keyboard.press("ArrowLeft")
    expect(card).to_contain_text("1 de 6")
    for _stop in range(5):
        page.keyboard.press("ArrowRight")
    box = page.locator("[data-card]").bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= page.viewport_size["width"]  # type: ignore[index]
    with page.expect_response("**/ayuda/recorrido/visto/"):
        page.get_by_role("button", name="Empezar", exact=True).click()
    expect(page.locator("#contenido")).to_be_focused()
    page.reload()
    expect(page.locator("#tk-tour")).to_have_count(0)


def test_escape_skips_it_and_help_brings_it_back(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#tk-tour")).to_be_visible()
    with page.expect_response("**/ayuda/recorrido/visto/"):
        page.keyboard.press("Escape")
    expect(page.locator("#tk-tour")).to_have_count(0)
    page.goto("/ayuda/")
    page.get_by_role("link", name="Ver el recorrido otra vez").click()
    expect(page.get_by_role("dialog")).to_contain_text("1 de 6")
