"""Errors as RFC 9457 problems: `application/problem+json`, in the reader's language, each with a code that a program reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from thaki.cases.policies import NoSuchTask, NotNow, TaskAlreadyClosed
from thaki.cases.registry import StepRefused
from thaki.cases.runtime import AnswerInvalid, NotApplicable
from thaki.records.reasons import RuleError

MEDIA_TYPE = "application/problem+json"
# Every code with its title; the page of the API lists them under the address that `type` names.
TITLES = {
    "malformed": gettext_lazy("El pedido no se puede leer"),
    "no_token": gettext_lazy("Falta la clave"),
    "invalid_token": gettext_lazy("La clave no vale"),
    "revoked_token": gettext_lazy("La clave se retiró"),
    "expired_token": gettext_lazy("La clave venció"),
    "missing_scope": gettext_lazy("La clave no alcanza"),
    "not_allowed": gettext_lazy("No le corresponde"),
    "not_found": gettext_lazy("No existe"),
    "method_not_allowed": gettext_lazy("El método no vale en esta dirección"),
    "not_now": gettext_lazy("El estado no lo permite"),
    "already_closed": gettext_lazy("La tarea ya se cerró"),
    "invalid": gettext_lazy("Hay datos que no valen"),
    "answer_invalid": gettext_lazy("La respuesta del paso no vale"),
    "key_reused": gettext_lazy("La clave de repetición ya sirvió para otro pedido"),
    "too_many_requests": gettext_lazy("Demasiados pedidos"),
    "unavailable": gettext_lazy("El sistema no responde"),
}
# What pydantic says in English, by its type; the rest is said in general.
SAID = {
    "missing": gettext_lazy("Falta."),
    "extra_forbidden": gettext_lazy("No se conoce."),
    "string_too_long": gettext_lazy("Tiene más de %(max_length)s letras."),
    "string_too_short": gettext_lazy("Tiene menos de %(min_length)s letras."),
    "string_pattern_mismatch": gettext_lazy("No tiene la forma esperada."),
    "string_type": gettext_lazy("Debe ser un texto."),
    "int_parsing": gettext_lazy("Debe ser un número entero."),
    "int_type": gettext_lazy("Debe ser un número entero."),
    "bool_parsing": gettext_lazy("Debe ser verdadero o falso."),
    "float_type": gettext_lazy("Debe ser un número."),
    "greater_than_equal": gettext_lazy("Debe ser %(ge)s o más."),
    "less_than_equal": gettext_lazy("Debe ser %(le)s o menos."),
    "enum": gettext_lazy("Debe ser uno de: %(expected)s."),
    "literal_error": gettext_lazy("Debe ser uno de: %(expected)s."),
    "datetime_from_date_parsing": gettext_lazy("Debe ser una fecha con hora (ISO 8601)."),
    "datetime_parsing": gettext_lazy("Debe ser una fecha con hora (ISO 8601)."),
}


class Problem(Exception):
    """An error to be told as it is; `errors` are pairs of a field and a sentence."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Iterable[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail = status, code, detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as an answer."""
    body: dict[str, Any] = {
        "type": f"{settings.PUBLIC_URL}/api/#{problem.code}",
        "title": str(TITLES.get(problem.code, problem.code)),
        "status": problem.status,
        "detail": problem.detail,
        "instance": request.path[:300],
        "code": problem.code,
    }
    if problem.errors:
        body["errors"] = [{"field": field, "detail": text} for field, text in problem.errors]
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers)


def not_found() -> Problem:
    """404."""
    return Problem(404, "not_found", _("No hay nada en esa dirección, o no es para usted."))


def with_nul(request: HttpRequest) -> Problem:
    """For a NUL in the address: as a name it names nothing, as a filter it is none."""
    if "\x00" in request.path:
        return not_found()
    return Problem(422, "invalid", _("La dirección lleva un carácter nulo."))


# ---------------------------------------------------------------------- what the rooms below raise
def _of_validation(error: ValidationError) -> Problem:
    errors = [(_place(found["loc"]), _sentence(found)) for found in error.errors[:50]]
    return Problem(422, "invalid", _("Corrija lo que se nombra en «errors»."), errors=errors)


def _place(loc: Iterable[Any]) -> str:
    """`body.data.phone` as the caller knows it: without ninja's names for where it looked."""
    parts = [str(part) for part in loc]
    return ".".join(parts[2:] if len(parts) > 2 else parts[1:] or parts)[:120]


def _sentence(found: Mapping[str, Any]) -> str:
    text = SAID.get(str(found.get("type")))
    return str(text) % found.get("ctx", {}) if text else _("No vale.")


def _of_answer(error: AnswerInvalid) -> Problem:
    errors = [
        ("" if name == "__all__" else name, str(text)) for name, found in error.form.errors.items() for text in found
    ]
    return Problem(422, "answer_invalid", _("Corrija lo que se nombra en «errors»."), errors=errors)


def _of_http(error: HttpError) -> Problem:
    return Problem(error.status_code, "malformed", _("El cuerpo debe ser JSON en UTF-8."))


def _of_refusal(error: StepRefused) -> Problem:
    return Problem(422, "answer_invalid", _("Corrija lo que se nombra en «errors»."), errors=error.errors.items())


def _of_rule(error: RuleError) -> Problem:
    return Problem(422, "invalid", str(error), errors=[(error.field, str(error))])


HANDLERS: dict[type[Exception], Callable[[Any], Problem]] = {
    Problem: lambda error: error,
    ValidationError: _of_validation,
    HttpError: _of_http,
    AnswerInvalid: _of_answer,
    StepRefused: _of_refusal,
    RuleError: _of_rule,
    Http404: lambda error: not_found(),
    NoSuchTask: lambda error: Problem(404, "not_found", str(error)),
    TaskAlreadyClosed: lambda error: Problem(409, "already_closed", str(error)),
    NotNow: lambda error: Problem(409, "not_now", str(error)),
    NotApplicable: lambda error: Problem(409, "not_now", _("El caso ya no está en ese punto.")),
    PermissionDenied: lambda error: Problem(403, "not_allowed", str(error) or _("No le corresponde.")),
    AuthenticationError: lambda error: Problem(
        401, "no_token", _("Envíe «Authorization: Bearer» y la clave."), headers={"WWW-Authenticate": "Bearer"}
    ),
}


def handle(api: NinjaAPI) -> None:
    """Let the API answer all of these as problems."""
    for kind, make in HANDLERS.items():
        api.add_exception_handler(kind, partial(_handled, make))


def _handled(make: Callable[[Any], Problem], request: HttpRequest, error: Any) -> HttpResponse:
    return response(request, make(error))
