"""Django settings of Thaki; every secret and address comes from the environment."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("THAKI_DATA", BASE_DIR.parent.parent / ".thaki" / "data"))
DEMO = os.environ.get("THAKI_DEMO", "") == "1"
DEBUG = os.environ.get("THAKI_DEBUG", "") == "1"
SECRET_KEY = os.environ.get("THAKI_SECRET_KEY", "insecure-development-key")
ALLOWED_HOSTS = os.environ.get("THAKI_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
PUBLIC_URL = os.environ.get("THAKI_PUBLIC_URL", "http://localhost:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "template_partials",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "thaki.ui",
    "thaki.people",
    "thaki.records.customers",
    "thaki.records.prospects",
    "thaki.records.offers",
    "thaki.records.orders",
    "thaki.records.billing",
    "thaki.records.network",
    "thaki.records.documents",
    "thaki.cases",
    "thaki.reporting",
    "thaki.channels.website",
    "thaki.channels.email",
    "thaki.integrations.bss",
    "thaki.integrations.gis",
    "thaki.integrations.payments",
    "thaki.procedures.sales",
    "thaki.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "thaki.config.urls"
WSGI_APPLICATION = "thaki.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's connection settings for a `postgresql://user:pass@host:port/name?host=/socket` address."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(os.environ.get("DATABASE_URL", "postgresql://thaki@localhost/thaki"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/La_Paz"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# Mail out: in demo mode `up` points it at its own catcher.
EMAIL_HOST = os.environ.get("THAKI_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("THAKI_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("THAKI_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("THAKI_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("THAKI_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 10
MAIL_DOMAIN = os.environ.get("THAKI_MAIL_DOMAIN", "comteco.example")
DEFAULT_FROM_EMAIL = os.environ.get("THAKI_MAIL_FROM", f"COMTECO Ventas Digitales <ventas.digitales@{MAIL_DOMAIN}>")
