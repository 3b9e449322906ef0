"""How people get in: accounts are made by the administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest
from django.urls import reverse

from thaki.people.roles import Role


class Adapter(DefaultAccountAdapter):
    """Password, TOTP and passkeys."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers himself."""
        return False

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """A technician's telephone is emptied of his customers first; asked before the session ends."""
        user = request.user
        if user.is_authenticated and user.has_role(Role.TECNICO_MULTISERVICIOS):
            return reverse("field:leave")
        return str(super().get_logout_redirect_url(request))


class SocialAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Only people whom the administrator has entered, found by their address."""
        return False
