"""The language of a page: the person's choice, else the browser's cookie, else Spanish.

Django's LocaleMiddleware also asks the browser's own language. Here Spanish comes first whatever the browser was
installed in: the office works in Spanish, and English is a choice that somebody makes with the switch.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

Next = Callable[[HttpRequest], HttpResponseBase]


def chosen_language(request: HttpRequest) -> str:
    """A code of settings.LANGUAGES; stands after AuthenticationMiddleware to know the person."""
    user = getattr(request, "user", None)
    told = getattr(user, "language", "") or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return told if told in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def language(get_response: Next) -> Next:
    """Speak the chosen language during the request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        code = chosen_language(request)
        with translation.override(code):
            request.LANGUAGE_CODE = code
            response = get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response

    return middleware
