"""Django settings of Thaki. Every secret and address comes from the environment: docs/reference/settings lists them."""

import os
from typing import Any
from urllib.parse import urlsplit

from thaki.config import environment as env
from thaki.config import lean as _lean  # noqa: F401 - before anything that it makes lighter
from thaki.config import logs

BASE_DIR = env.CHECKOUT / "src" / "thaki"
DATA_DIR = env.data_folder()
DEMO = env.is_demo(DATA_DIR)
DEBUG = env.flag("THAKI_DEBUG")
SECRET_KEY = env.secret_key(DATA_DIR)
PUBLIC_URL = os.environ.get("THAKI_PUBLIC_URL", "http://localhost:8000").rstrip("/")
HTTPS = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = [*env.words("THAKI_HOSTS", "localhost,127.0.0.1,[::1],testserver"), urlsplit(PUBLIC_URL).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

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
    "thaki.records.claims",
    "thaki.records.work_orders",
    "thaki.records.withdrawals",
    "thaki.records.courtesies",
    "thaki.records.hand_overs",
    "thaki.cases",
    "thaki.reporting",
    "thaki.channels.website",
    "thaki.channels.email",
    "thaki.integrations.bss",
    "thaki.integrations.gis",
    "thaki.integrations.payments",
    "thaki.integrations.credit_bureau",
    "thaki.procedures.sales",
    "thaki.procedures.retention",
    "thaki.web",
    "thaki.api",
    "thaki.config",
]

MIDDLEWARE = [
    "thaki.config.middleware.database_down",  # outermost: whatever breaks inside, a 503 can still be told
    "thaki.config.middleware.measured",
    "thaki.config.middleware.security_headers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "thaki.ui.middleware.language",  # after the person is known: his choice comes before the browser's cookie
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "thaki.config.middleware.no_nul",  # innermost: its answer is the house's own 404
]

ROOT_URLCONF = "thaki.config.urls"
WSGI_APPLICATION = "thaki.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # The house's style for the pages of allauth and the fields of crispy comes before their own.
        "DIRS": [BASE_DIR / "people" / "templates", BASE_DIR / "ui" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thaki.ui.context.look",
                "thaki.people.house.context",
            ],
        },
    }
]

database = env.database
DATABASES = {"default": env.database(os.environ.get("DATABASE_URL", "postgresql://thaki@localhost/thaki"))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sign-in attempts are counted here; in the database, since every web process counts the same attempts.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}

# ---------------------------------------------------------------- people
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "thaki.people.backends.DemoPasswordGuard",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "thaki.people.backends.NotTheDemoPassword"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:start"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "thaki.config.accounts.Adapter"
SOCIALACCOUNT_ADAPTER = "thaki.config.accounts.SocialAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the administrator writes the addresses; nobody registers himself
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/300s/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow passkeys on localhost without HTTPS
MFA_TOTP_ISSUER = "Thaki"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the administrator wrote the address
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Thaki] "
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that somebody typed at random
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": env.openid_apps()}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # a person signs in to the account that has his address
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SESSION_ENGINE = "thaki.people.sessions"  # in the database, read by a prepared query
SESSION_COOKIE_AGE = 60 * 60 * 12  # a working day

# ---------------------------------------------------------------- language
LANGUAGE_CODE = "es"
LANGUAGES = [("es", "Español"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "America/La_Paz"
USE_I18N = True
USE_TZ = True

# ---------------------------------------------------------------- files
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# THAKI_STATIC=built is set by the commands that serve, once the files are collected, named by hash and compressed.
STATIC_BUILT = os.environ.get("THAKI_STATIC") == "built"
WHITENOISE_USE_FINDERS = not STATIC_BUILT
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_BUILT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# ---------------------------------------------------------------- mail
MAIL_DOMAIN = os.environ.get("THAKI_MAIL_DOMAIN", "comteco.example")
DEFAULT_FROM_EMAIL = os.environ.get("THAKI_MAIL_FROM", f"COMTECO Ventas Digitales <ventas.digitales@{MAIL_DOMAIN}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
SMTP_URL = os.environ.get("THAKI_SMTP_URL", "")
globals().update(env.mail(SMTP_URL))
MAIL_FOLDER = DATA_DIR / "mail"  # where the demo's mail catcher keeps what it caught

# ---------------------------------------------------------------- safety
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # the customer's link carries its key in the address
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
if env.flag("THAKI_BEHIND_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
OIDC_ISSUER = os.environ.get("THAKI_OIDC_ISSUER", "")
TILE_SERVER = os.environ.get("THAKI_TILE_SERVER", "")  # e.g. https://tiles.example.bo/{z}/{x}/{y}.png

# ---------------------------------------------------------------- neighbours: the class of each port
THAKI_BSS = os.environ.get("THAKI_BSS", "thaki.integrations.bss.embedded.EmbeddedBss")
THAKI_CREDIT_BUREAU = os.environ.get("THAKI_CREDIT_BUREAU", "thaki.integrations.credit_bureau.embedded.EmbeddedBureau")
THAKI_GIS = os.environ.get("THAKI_GIS", "thaki.integrations.gis.embedded.EmbeddedGis")
THAKI_PAYMENTS = os.environ.get("THAKI_PAYMENTS", "thaki.integrations.payments.embedded.EmbeddedPayments")
THAKI_PAYMENTS_SECRET = os.environ.get("THAKI_PAYMENTS_SECRET", "")  # "": derived from the secret key
THAKI_ISSUER_NIT = os.environ.get("THAKI_ISSUER_NIT", "1000000000")
THAKI_CUFD = os.environ.get("THAKI_CUFD", "DEMO")
THAKI_MAP_ATTRIBUTION = os.environ.get("THAKI_MAP_ATTRIBUTION", "")
WEBHOOK_PRIVATE = env.flag("THAKI_WEBHOOK_PRIVATE")  # webhooks may go to this machine and the house's own network
METRICS_TOKEN = os.environ.get("THAKI_METRICS_TOKEN", "")

LOGGING = logs.configuration(as_json=env.flag("THAKI_LOG_JSON"), level=os.environ.get("THAKI_LOG_LEVEL", "INFO"))
