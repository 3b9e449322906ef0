"""The API put together: its routes, who may ask, and its description as OpenAPI 3.1."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.security import HttpBearer

from thaki.api import policies, problems, tokens
from thaki.api.once import HEADER
from thaki.api.problems import Problem
from thaki.api.routes import cases, prospects, reports, tasks
from thaki.api.tokens import Caller

PREFIX = "api/v1/"
VERSION = "1.0.0"
DESCRIPTION = """Casos, tareas, prospectos e informes de Thaki para otros programas, con los permisos
de la persona dueña de la clave.

Las claves se hacen en «Mi perfil → Claves para programas». Los errores son problemas de RFC 9457, en español o inglés según
`Accept-Language`. Las listas se leen con `cursor`. Un pedido que escribe puede llevar `Idempotency-Key`: repetido, recibe la
primera respuesta."""


class Key(HttpBearer):
    """`Authorization: Bearer thk_…`."""

    openapi_scheme = "bearer"

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Who asks; the answer is in his language unless the request names one."""
        caller = tokens.authenticate(token, now=timezone.now(), limit=policies.requests_per_minute())
        if not _named_language(request) and caller.user.language:
            translation.activate(caller.user.language)
        request.user = caller.user
        return caller


@cache
def service() -> NinjaAPI:
    """The one API of the process."""
    api = NinjaAPI(
        title="Thaki",
        version=VERSION,
        description=DESCRIPTION,
        openapi_url=None,
        docs_url=None,
        auth=Key(),
        urls_namespace="api-v1",
    )
    problems.handle(api)
    for prefix, part in (("cases", cases), ("tasks", tasks), ("prospects", prospects), ("reports", reports)):
        api.add_router(prefix, part.router)
    return api


# ---------------------------------------------------------------------- what surrounds every view
def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The caller's language, how much of his minute is left, no copies on the way, and every error as a problem."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(_named_language(request) or settings.LANGUAGE_CODE):
            response = view(request, *args, **kwargs)
            if response.status_code == 405:
                response = _not_allowed(request, response.headers.get("Allow", ""))
            response["Content-Language"] = translation.get_language()
        caller = getattr(request, "auth", None)
        if isinstance(caller, Caller):
            for name, value in tokens.limit_headers(caller).items():
                response[name] = value
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ("Authorization", "Accept-Language"))
        return response

    inner.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie is asked, so there is nothing to forge
    return inner


def nothing_here(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Every other address below the API's."""
    return problems.response(request, problems.not_found())


def _not_allowed(request: HttpRequest, allow: str) -> HttpResponse:
    detail = _("Aquí valen: %(methods)s.") % {"methods": allow}
    return problems.response(request, Problem(405, "method_not_allowed", detail, headers={"Allow": allow}))


def _named_language(request: HttpRequest) -> str:
    """The first language of `Accept-Language` that the house speaks; "" when it names none."""
    wanted = request.headers.get("Accept-Language", "")
    for part in wanted.split(",")[:10]:
        code = part.partition(";")[0].strip()[:2].lower()
        if code in dict(settings.LANGUAGES):
            return code
    return ""


# ---------------------------------------------------------------------- its description
PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "enum": sorted(problems.TITLES)},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail"],
                "properties": {"field": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
ALWAYS = {401: "Sin clave que valga", 403: "No le corresponde", 422: "Datos que no valen", 429: "Demasiados pedidos"}
WITH_OBJECT = {404: "No existe"}
WRITING = {400: "JSON que no se lee", 409: "El estado no lo permite"}
FILES: dict[str, Any] = {"application/pdf": {}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {}}


def description() -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    document: dict[str, Any] = dict(service().get_openapi_schema(path_prefix=PREFIX))
    document["servers"] = [{"url": settings.PUBLIC_URL}]
    document["components"]["schemas"]["Problem"] = PROBLEM_SCHEMA
    for path, method, operation in operations(document):
        _describe(path, method, operation)
    return document


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(path, method, operation) of a document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _describe(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add what ninja cannot know: the problems, the files, the key of repetition."""
    told = ALWAYS | (WITH_OBJECT if "{" in path else {}) | (WRITING if method == "post" else {})
    reference = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, words in sorted(told.items()):
        operation["responses"][status] = {"description": words, "content": reference}
    if path.endswith(("/file", "/unserved")):
        operation["responses"][200] = {"description": "El archivo", "content": FILES}
    if method == "post":
        operation.setdefault("parameters", []).append(
            {
                "in": "header",
                "name": HEADER,
                "required": False,
                "schema": {"type": "string", "maxLength": 255, "pattern": "^[\\x21-\\x7e]*$"},
                "description": "Repetido con el mismo contenido, recibe la primera respuesta (24 horas).",
            }
        )
