"""Sign-in by password: the demo's known password opens nothing outside a demo."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

DEMO_PASSWORD = "thaki-demo"  # noqa: S105 - printed by `thaki up` in a demo, refused everywhere else


class DemoPasswordGuard:
    """Stands before the real backends: with a known password no other backend is asked, unless the data are a demo's.

    It has no `get_user`: nobody is ever signed in by it.
    """

    def authenticate(self, request: HttpRequest | None, password: str | None = None, **credentials: Any) -> None:
        """Refuse the demo's password outside a demo."""
        if password == DEMO_PASSWORD and not settings.DEMO:
            raise PermissionDenied


class NotTheDemoPassword:
    """Validator: nobody may choose the password that everybody knows."""

    def validate(self, password: str, user: object = None) -> None:
        """Raises ValidationError."""
        if password == DEMO_PASSWORD:
            raise ValidationError(_("Esa contraseña es la de la demostración; elija otra."), code="demo_password")

    def get_help_text(self) -> str:
        """For the form that asks for a new password."""
        return _("No puede ser la contraseña de la demostración.")
