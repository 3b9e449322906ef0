"""The pages of allauth that we use, each with its mark; what is not here (signing up, changing one's address) is not reachable.

The names and routes are allauth's own, so that its views find each other.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import URLPattern, path, re_path

from thaki.people.access import any_staff, public

View = Callable[..., Any]
ENTRANCE = public("the way in")
RESET = public("who lost his password cannot sign in first")

# (route, view, name) of pages before signing in …
BEFORE: tuple[tuple[str, View, str], ...] = (
    ("login/", account.login, "account_login"),
    ("inactive/", account.account_inactive, "account_inactive"),
    ("signup/", account.signup, "account_signup"),  # says that accounts are made by the administrator
    ("2fa/authenticate/", mfa.authenticate, "mfa_authenticate"),
    ("2fa/webauthn/login/", webauthn.login_webauthn, "mfa_login_webauthn"),
    ("3rdparty/login/cancelled/", social.login_cancelled, "socialaccount_login_cancelled"),
    ("3rdparty/login/error/", social.login_error, "socialaccount_login_error"),
    ("3rdparty/signup/", social.signup, "socialaccount_signup"),
    ("oidc/<str:provider_id>/login/", openid.login, "openid_connect_login"),
    ("oidc/<str:provider_id>/login/callback/", openid.callback, "openid_connect_callback"),
)
# … for who lost his password …
LOST: tuple[tuple[str, View, str], ...] = (
    ("password/reset/", account.password_reset, "account_reset_password"),
    ("password/reset/done/", account.password_reset_done, "account_reset_password_done"),
    ("password/reset/key/done/", account.password_reset_from_key_done, "account_reset_password_from_key_done"),
)
# … and of one's own account.
INSIDE: tuple[tuple[str, View, str], ...] = (
    ("logout/", account.logout, "account_logout"),
    ("reauthenticate/", account.reauthenticate, "account_reauthenticate"),
    ("password/change/", account.password_change, "account_change_password"),
    ("password/set/", account.password_set, "account_set_password"),
    ("2fa/", mfa.index, "mfa_index"),
    ("2fa/reauthenticate/", mfa.reauthenticate, "mfa_reauthenticate"),
    ("2fa/totp/activate/", totp.activate_totp, "mfa_activate_totp"),
    ("2fa/totp/deactivate/", totp.deactivate_totp, "mfa_deactivate_totp"),
    ("2fa/recovery-codes/", codes.view_recovery_codes, "mfa_view_recovery_codes"),
    ("2fa/recovery-codes/generate/", codes.generate_recovery_codes, "mfa_generate_recovery_codes"),
    ("2fa/recovery-codes/download/", codes.download_recovery_codes, "mfa_download_recovery_codes"),
    ("2fa/webauthn/", webauthn.list_webauthn, "mfa_list_webauthn"),
    ("2fa/webauthn/add/", webauthn.add_webauthn, "mfa_add_webauthn"),
    ("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, "mfa_reauthenticate_webauthn"),
    ("2fa/webauthn/keys/<int:pk>/remove/", webauthn.remove_webauthn, "mfa_remove_webauthn"),
    ("2fa/webauthn/keys/<int:pk>/edit/", webauthn.edit_webauthn, "mfa_edit_webauthn"),
)

urlpatterns: list[URLPattern] = [
    *(path(route, ENTRANCE(view), name=name) for route, view, name in BEFORE),
    *(path(route, RESET(view), name=name) for route, view, name in LOST),
    *(path(route, any_staff(view), name=name) for route, view, name in INSIDE),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        RESET(account.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
]
