"""Ayuda: the guide's pages in the system, each role's own first."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from thaki.people.models import User
from thaki.people.roles import Role
from thaki.web.help import pages, reading

pytestmark = pytest.mark.django_db


def as_somebody(*roles: Role, **values: str) -> Client:
    user = User.objects.create_user("alguien", roles=[role.value for role in roles], **values)
    client = Client()
    client.force_login(user)
    return client


def test_every_role_has_its_page() -> None:
    written = {role for page in pages.PAGES for role in page.roles}
    assert set(Role) - written == set()


def test_every_text_is_a_page() -> None:
    assert {path.stem for path in pages.TEXTS.glob("*.md")} == {page.slug for page in pages.PAGES}


def test_the_index_begins_with_ones_own() -> None:
    body = as_somebody(Role.CAJERO).get(reverse("help")).content.decode()
    first = body.index("Lo suyo")
    assert (
        first
        < body.index('href="/ayuda/cajas/"', first)
        < body.index("Lo de todos")
        < body.index("/ayuda/todos/", first)
    )


@pytest.mark.parametrize("page", pages.PAGES, ids=lambda page: page.slug)
def test_everybody_may_read_every_page(page: pages.GuidePage) -> None:
    response = as_somebody(Role.TECNICO_MULTISERVICIOS).get(reverse("help_page", args=[page.slug]))
    assert response.status_code == 200
    assert page.title in response.content.decode()


def test_there_is_no_page_of_nothing() -> None:
    assert as_somebody().get(reverse("help_page", args=["nada"])).status_code == 404


def test_in_english_it_says_that_the_guide_is_in_spanish() -> None:
    client = as_somebody(Role.CAJERO, language="en")
    assert "tk-notice" in client.get(reverse("help_page", args=["cajas"])).content.decode()
    assert 'lang="es"' in client.get(reverse("help_page", args=["cajas"])).content.decode()


def test_the_menu_and_the_keys_lead_there() -> None:
    body = as_somebody(Role.CAJERO).get(reverse("people:profile")).content.decode()
    assert body.count('href="/ayuda/"') == 2


def test_the_palette_finds_it() -> None:
    body = as_somebody(Role.CAJERO).get(reverse("palette"), {"q": "ayuda"}).content.decode()
    assert 'href="/ayuda/"' in body


# ---------------------------------------------------------------- the text as HTML
def test_a_text_brings_no_html_of_its_own() -> None:
    assert "<script>" not in reading.made("# T\n\n<script>alert(1)</script> [x](javascript:alert(1))").body
    assert "href" not in reading.made("# T\n\n[x](javascript:alert(1))").body


def test_keys_links_and_headings_are_the_houses() -> None:
    text = reading.made("# T\n\n## Paso 7: revisar\n\nPulse `Ctrl` `Enter`. Vea [otra](cajas.md#la-entrega).")
    assert text.parts == (("paso-7-revisar", "Paso 7: revisar"),)
    assert '<h2 id="paso-7-revisar">' in text.body
    assert "<kbd>Ctrl</kbd> <kbd>Enter</kbd>" in text.body
    assert 'href="/ayuda/cajas/#la-entrega"' in text.body


def test_a_picture_has_its_measures_and_its_words() -> None:
    text = reading.made("# T\n\n![La cola de facturas](../../static/web/help/caja.webp)")
    assert 'alt="La cola de facturas"' in text.body
    assert 'width="0"' not in text.body
