"""Addresses of the API and of its pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from thaki.api import service, views
from thaki.people.access import public

app_name = "api"
BY_TOKEN = public("the API itself asks for a token")


def _routes() -> list[URLPattern]:
    """The routes of the API, each with the mark of its access; what is none of them gets a problem too."""
    found: dict[str, URLPattern] = {}
    for pattern in service.service().urls[0]:
        assert isinstance(pattern, URLPattern)
        assert pattern.callback is not None  # ninja gives addresses with views, and nothing else
        route = service.PREFIX + str(pattern.pattern)
        if pattern.name != "api-root" and route not in found:  # ninja names an address once a method
            found[route] = path(route, BY_TOKEN(service.guarded(pattern.callback)), name=pattern.name)
    rest = BY_TOKEN(service.guarded(service.nothing_here))
    return [*found.values(), path(f"{service.PREFIX}<path:rest>", rest, name="nothing_here")]


urlpatterns: list[URLPattern] = [
    path("api/", views.reference, name="reference"),
    path("api/v1/openapi.json", views.openapi, name="openapi"),
    *_routes(),
    path("perfil/claves/", views.token_list, name="tokens"),
    path("perfil/claves/<int:pk>/retirar/", views.token_revoke, name="token_revoke"),
    path("avisos/", views.webhook_list, name="webhooks"),
    path("avisos/nuevo/", views.webhook_edit, name="webhook_new"),
    path("avisos/<int:pk>/", views.webhook_edit, name="webhook"),
    path("avisos/<int:pk>/probar/", views.webhook_try, name="webhook_try"),
    path("avisos/<int:pk>/secreto/", views.webhook_secret, name="webhook_secret"),
    path("avisos/<int:pk>/borrar/", views.webhook_delete, name="webhook_delete"),
]
