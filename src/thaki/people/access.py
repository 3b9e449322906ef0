"""Who may open a page: every view says it, in a mark that is enforced and that a test can read.

    @staff(Role.CAJERO)                 people who hold one of these roles
    @any_staff                          anybody who has signed in
    @public("the form on the website")  anybody at all, with the reason why that is right

A mark goes outermost on a function, or on a class of Django's (its `dispatch` is what gets guarded). The access-matrix
test walks every address of the project, asks it as each role and compares what happened with an explicit table; a view
without a mark fails there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views import View

from thaki.people.roles import Role

if TYPE_CHECKING:
    from thaki.people.models import User

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """The mark that a view carries."""

    roles: frozenset[Role] | None  # None: no particular role
    signed_in: bool = True
    reason: str = ""  # why a public page is public


class StaffRequest(HttpRequest):
    """A request whose person has signed in; what views under `staff` and `any_staff` receive."""

    user: User


def staff(*roles: Role) -> Callable[[V], V]:
    """Only people who hold at least one of these roles; the others get 403, strangers the sign-in page."""
    return _mark(Access(frozenset(roles)))


def any_staff(view: V) -> V:
    """Anybody who has signed in."""
    return _mark(Access(None))(view)


def public(reason: str) -> Callable[[V], V]:
    """Anybody, signed in or not."""
    return _mark(Access(None, signed_in=False, reason=reason))


def access_of(view: Callable[..., Any]) -> Access | None:
    """The mark of a view (a function, a class or what `as_view` returned); None when it has none."""
    for bearer in (view, getattr(view, "view_class", None)):
        mark = getattr(bearer, "thaki_access", None)
        if mark is not None:
            return cast(Access, mark)
    return None


def refusal(access: Access, request: HttpRequest) -> HttpResponse | None:
    """What a person gets who may not pass: the sign-in page or a raised PermissionDenied; None lets him in."""
    if not access.signed_in:
        return None
    if not request.user.is_authenticated:
        return _to_login(request)
    if access.roles is not None and not request.user.has_role(*access.roles):
        raise PermissionDenied
    return None


def _to_login(request: HttpRequest) -> HttpResponse:
    # A fragment asked by htmx would show the sign-in page inside the old one: the whole page has to go there.
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=204)
        response["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/")).url
        return response
    return redirect_to_login(request.get_full_path())


def _mark(access: Access) -> Callable[[V], V]:
    def decorate(view: V) -> V:
        if isinstance(view, type) and issubclass(view, View):
            return cast(V, _guard_class(view, access))
        return cast(V, _guard(cast(Callable[..., HttpResponseBase], view), access))

    return decorate


def _guard(view: Callable[..., HttpResponseBase], access: Access) -> Callable[..., HttpResponseBase]:
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return refusal(access, request) or view(request, *args, **kwargs)

    guarded.thaki_access = access  # type: ignore[attr-defined]  # functions take attributes; mypy has no type for it
    return guarded


def _guard_class(view: type[View], access: Access) -> type[View]:
    dispatch = view.dispatch

    @functools.wraps(dispatch)
    def guarded(self: View, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return refusal(access, request) or dispatch(self, request, *args, **kwargs)

    view.dispatch = guarded  # type: ignore[method-assign]  # the guard must stand where every method of the class passes
    view.thaki_access = access  # type: ignore[attr-defined]
    return view
