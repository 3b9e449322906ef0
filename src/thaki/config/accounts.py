"""How people get in: accounts are made by the administrator, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):
    """Password, TOTP and passkeys."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers himself."""
        return False


class SocialAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Only people whom the administrator has entered, found by their address."""
        return False
