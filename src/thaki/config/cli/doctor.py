"""`thaki doctor`: what this installation lacks, and how to mend it. It changes nothing."""

import argparse
import os
import shutil
import smtplib
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from thaki.config import environment
from thaki.config.cli import ground
from thaki.config.lock import holder, is_held

ENOUGH_DISK_BYTES = 2_000_000_000
MANY_JOBS = 500


class Level(StrEnum):
    """How bad it is; only BAD makes the command fail."""

    GOOD = "bien"
    WARNING = "ojo"
    BAD = "mal"


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    level: Level
    what: str  # the thing and its state
    remedy: str = ""  # what to do, when there is something to do


def good(what: str) -> Finding:
    """Nothing to do."""
    return Finding(Level.GOOD, what)


def warning(what: str, remedy: str) -> Finding:
    """It works, but."""
    return Finding(Level.WARNING, what, remedy)


def bad(what: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(Level.BAD, what, remedy)


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    """Which installation."""
    ground.data_argument(parser)
    parser.add_argument("--port", type=int, default=8000, help="puerto de las páginas (8000)")


def run(args: argparse.Namespace) -> int:
    """Print the findings; 1 if anything is bad."""
    findings = list(examine(ground.use_data(args), args.port))
    for finding in findings:
        print(f"{finding.level:<5} {finding.what}")
        if finding.remedy:
            print(f"      → {finding.remedy}")
    return int(any(finding.level is Level.BAD for finding in findings))


def examine(folder: Path, port: int) -> Iterator[Finding]:
    """Look at everything, from the ground up."""
    yield _python()
    yield _disk(folder)
    yield _keeper(folder)
    yield _port(folder, port)
    yield _secret(folder)
    yield _demo(folder)
    url = ground.running_database(folder)
    if not url:
        yield warning(
            "La base de datos está parada.", "«./thaki up» la arranca; o defina DATABASE_URL si tiene un servidor."
        )
        return
    os.environ["DATABASE_URL"] = url
    ground.django()
    yield from _inside()
    yield _mail()


# ---------------------------------------------------------------- without a database
def _python() -> Finding:
    return good(f"Python {'.'.join(map(str, sys.version_info[:3]))} en {sys.prefix}")


def _disk(folder: Path) -> Finding:
    place = folder
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB libres en {place}"
    if not os.access(place, os.W_OK):
        return bad(f"No se puede escribir en {place}.", "Use --data con otra carpeta, o cambie los permisos de ésta.")
    if free < ENOUGH_DISK_BYTES:
        return bad(f"Sólo {told}.", "Libere espacio: PostgreSQL se detiene cuando el disco se llena.")
    return good(told)


def _keeper(folder: Path) -> Finding:
    if not folder.exists():
        return warning(f"{folder} todavía no existe.", "«./thaki up» la crea.")
    if not is_held(folder):
        return good(f"Nadie usa {folder} en este momento.")
    told = holder(folder)
    return good(f"«thaki {told.get('command')}» usa {folder} (proceso {told.get('pid')}).")


def _port(folder: Path, port: int) -> Finding:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", port)) == 0
    ours = f":{port}/" in str(holder(folder).get("address", "")) and is_held(folder)
    if taken and not ours:
        return warning(f"Otro programa ocupa el puerto {port}.", "Deténgalo, o use ./thaki up --port con otro número.")
    return good(f"Puerto {port} {'en uso por Thaki' if taken else 'libre'}.")


def _secret(folder: Path) -> Finding:
    path = folder / "secret-key"
    if os.environ.get("THAKI_SECRET_KEY"):
        return good("La clave secreta viene de THAKI_SECRET_KEY.")
    if not path.exists():
        return warning("Todavía no hay clave secreta.", "«./thaki up» la crea y la guarda.")
    if path.stat().st_mode & 0o077:
        return bad(f"Otros usuarios pueden leer {path}.", f"chmod 600 {path}")
    return good(f"La clave secreta está en {path}, sólo para quien corre Thaki.")


def _demo(folder: Path) -> Finding:
    if not environment.is_demo(folder):
        return good("Datos reales (sin demostración).")
    public = os.environ.get("THAKI_PUBLIC_URL", "http://localhost")
    if urlsplit(public).hostname not in ("localhost", "127.0.0.1"):
        return bad(
            f"Modo de demostración en {public}: cualquiera puede ingresar con «thaki-demo».",
            "Use otra carpeta de datos con ./thaki up --no-demo --data DIR.",
        )
    return warning("Modo de demostración: personas inventadas, contraseñas conocidas.", "Para trabajar: --no-demo.")


# ---------------------------------------------------------------- with one
def _inside() -> Iterator[Finding]:
    from django.db import Error, connection

    try:
        connection.ensure_connection()
    except Error as error:
        yield bad(
            f"La base de datos no responde: {str(error).strip()}", "Revise DATABASE_URL, o el registro de PostgreSQL."
        )
        return
    yield _server()
    migrations = _migrations()
    yield migrations
    if migrations.level is Level.GOOD:  # the rest asks tables that might not be there
        for look in (_procedures, _people, _worker, _jobs, _incidents):
            yield look()


def _server() -> Finding:
    from django.db import connection

    version = connection.pg_version  # type: ignore[attr-defined]  # PostgreSQL's alone
    told = f"PostgreSQL {version // 10000}.{version % 10000}"
    if version < 150000:
        return bad(f"{told} es muy antiguo.", "Hace falta PostgreSQL 15 o posterior.")
    return good(told)


def _migrations() -> Finding:
    from thaki.config.health import pending_migrations

    pending = pending_migrations()
    if pending:
        return bad(f"Faltan {len(pending)} migraciones.", "./thaki migrate")
    return good("La base de datos está al día.")


def _procedures() -> Finding:
    found = _rows("SELECT code, number FROM cases_procedureversion WHERE state = 'published' ORDER BY 1")
    if not found:
        return bad("Ningún procedimiento está vigente.", "./thaki migrate los carga.")
    return good("Procedimientos vigentes: " + ", ".join(f"{code} v{number}" for code, number in found))


def _people() -> Finding:
    count = _rows("SELECT count(*) FROM people_user WHERE is_active")[0][0]
    if not count:
        return bad("No hay nadie que pueda ingresar.", "./thaki admin USUARIO")
    return good(f"{count} personas pueden ingresar.")


def _worker() -> Finding:
    from thaki.config.health import worker_is_alive

    if not worker_is_alive():
        return bad(
            "Ningún trabajador da señales: correos, plazos y facturas esperan.",
            "./thaki worker, o mire el registro worker.log si debía estar corriendo.",
        )
    return good("Hay un trabajador en marcha.")


def _jobs() -> Finding:
    states = dict(_rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"))
    waiting, failed = states.get("todo", 0), states.get("failed", 0)
    told = f"Trabajos: {waiting} pendientes, {states.get('doing', 0)} en curso, {failed} fallidos."
    if waiting > MANY_JOBS:
        return warning(told, "Hay muchos pendientes: arranque otro ./thaki worker.")
    if failed:
        return warning(
            told, "Los fallidos que hacen falta se ven como incidentes; el registro worker.log dice por qué."
        )
    return good(told)


def _incidents() -> Finding:
    count = _rows("SELECT count(*) FROM cases_incident WHERE resolved_at IS NULL")[0][0]
    if count:
        return warning(f"{count} incidentes esperan a una persona.", "Ábralos en la página «Incidentes».")
    return good("No hay incidentes abiertos.")


def _mail() -> Finding:
    from django.conf import settings

    host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
    if not settings.SMTP_URL:
        told = holder(settings.DATA_DIR).get("smtp")
        if told:
            return good(f"El correo de prueba atrapa lo que sale (puerto {told}).")
        return warning(
            "No hay servidor de correo configurado.", "Defina THAKI_SMTP_URL=smtp://usuario:clave@servidor:587"
        )
    try:
        with _smtp(settings.EMAIL_USE_SSL)(host, port, timeout=5) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return bad(f"El servidor de correo {host}:{port} no responde: {error}", "Revise THAKI_SMTP_URL y la red.")
    return good(f"El servidor de correo {host}:{port} responde.")


def _smtp(over_tls: bool) -> Callable[..., smtplib.SMTP]:
    return smtplib.SMTP_SSL if over_tls else smtplib.SMTP


def _rows(query: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
