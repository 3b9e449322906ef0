"""Marks that are enforced and can be read."""

from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views import View

from thaki.people.access import access_of, any_staff, public, staff
from thaki.people.roles import Role


class Cashier:
    """Somebody signed in as Cajero."""

    is_authenticated = True

    def has_role(self, *roles: Role) -> bool:
        return Role.CAJERO in roles


def request(user: object, **headers: str) -> HttpRequest:
    made = RequestFactory().get("/caja/", headers=headers)
    made.user = user  # type: ignore[assignment]  # stands for a User
    return made


STRANGER = SimpleNamespace(is_authenticated=False)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse("caja")


def test_the_role_named_passes() -> None:
    assert staff(Role.CAJERO)(page)(request(Cashier())).content == b"caja"


def test_another_role_is_refused() -> None:
    with pytest.raises(PermissionDenied):
        staff(Role.ADMINISTRADOR)(page)(request(Cashier()))


def test_a_stranger_is_sent_to_sign_in_and_comes_back() -> None:
    response = any_staff(page)(request(STRANGER))
    assert response.status_code == 302
    assert response.headers["Location"] == "/cuenta/login/?next=/caja/"


def test_a_fragment_takes_the_whole_page_to_sign_in() -> None:
    response = any_staff(page)(request(STRANGER, hx_request="true", hx_current_url="/caja/lista/"))
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == "/cuenta/login/?next=/caja/lista/"


def test_anybody_passes_a_public_page() -> None:
    assert public("a form for customers")(page)(request(STRANGER)).status_code == 200


def test_the_mark_can_be_read() -> None:
    marked = access_of(staff(Role.CAJERO)(page))
    assert marked is not None
    assert marked.roles == frozenset({Role.CAJERO})
    assert access_of(page) is None


def test_a_class_is_marked_and_guarded_too() -> None:
    class Board(View):
        def get(self, request: HttpRequest) -> HttpResponse:
            return HttpResponse("tablero")

    view = staff(Role.ADMINISTRADOR)(Board).as_view()
    marked = access_of(view)
    assert marked is not None
    assert marked.roles == frozenset({Role.ADMINISTRADOR})
    with pytest.raises(PermissionDenied):
        view(request(Cashier()))
