"""What the installation tells us: environment variables, and the few files kept in the data folder."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

CHECKOUT = Path(__file__).resolve().parents[3]


def data_folder() -> Path:
    """Where everything of this installation lies: THAKI_DATA, or `.thaki/data` beside the code."""
    return Path(os.environ.get("THAKI_DATA") or CHECKOUT / ".thaki" / "data").absolute()


def flag(name: str) -> bool:
    """Whether a switch is on."""
    return os.environ.get(name, "") in {"1", "true", "yes", "si", "sí"}


def words(name: str, default: str = "") -> list[str]:
    """A list parted by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def is_demo(folder: Path) -> bool:
    """Whether the data are invented: THAKI_DEMO says it, or what was decided when they were first made."""
    told = os.environ.get("THAKI_DEMO", "")
    return flag("THAKI_DEMO") if told else (folder / "demo").exists()


def secret_key(folder: Path) -> str:
    """THAKI_SECRET_KEY, or the one kept in the data folder, or one for this process alone.

    The last is safe but signs nobody in for longer than the process lives; the commands that serve make the file first.
    """
    told = os.environ.get("THAKI_SECRET_KEY")
    if told:
        return told
    try:
        return (folder / "secret-key").read_text().strip()
    except OSError:
        return secrets.token_urlsafe(48)


def make_secret_key(folder: Path) -> None:
    """Make the secret key's file, readable by us alone, unless it is there."""
    path = folder / "secret-key"
    if os.environ.get("THAKI_SECRET_KEY") or path.exists():
        return
    draft = path.with_name(f"secret-key.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, secrets.token_urlsafe(48).encode())
    os.close(descriptor)
    draft.rename(path)  # whole or not at all


def database(url: str) -> dict[str, Any]:
    """Django's connection settings for `postgresql://user:password@host:port/name?host=/socket`."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query.pop("host", [unquote(parts.hostname or "")])[0]
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or query.pop("port", [""])[0]),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        # The rest is libpq's own: sslmode, sslrootcert, application_name …
        "OPTIONS": {"connect_timeout": "5"} | {key: values[0] for key, values in query.items()},
    }


def mail(url: str) -> dict[str, Any]:
    """Django's mail settings for `smtp://user:password@host:port`, `smtps://` or `smtp+starttls://`."""
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
    return {
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or ports.get(parts.scheme, 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp+starttls",
        "EMAIL_TIMEOUT": 20,
    }


def openid_apps() -> list[dict[str, Any]]:
    """The organisation's OpenID Connect server, if THAKI_OIDC_ISSUER names one."""
    issuer = os.environ.get("THAKI_OIDC_ISSUER")
    if not issuer:
        return []
    return [
        {
            "provider_id": "oidc",
            "name": os.environ.get("THAKI_OIDC_NAME", "Cuenta institucional"),
            "client_id": os.environ.get("THAKI_OIDC_CLIENT_ID", ""),
            "secret": os.environ.get("THAKI_OIDC_SECRET", ""),
            "settings": {"server_url": issuer},
        }
    ]
