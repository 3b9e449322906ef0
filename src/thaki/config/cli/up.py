"""`thaki up`: everything on one machine, with one command."""

import argparse
import gc
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import socket

import psycopg

from thaki.config import embedded, environment, mailcatcher, serving
from thaki.config.cli import ground
from thaki.config.lock import DataLock
from thaki.config.supervisor import Service, Stopping, Supervisor, stoppable
from thaki.config.trouble import Trouble

READY_PATIENCE_S = 60.0
PORT_PATIENCE_S = 15.0  # what a killed `up` leaves needs a moment to end


def arguments(parser: argparse.ArgumentParser, _command: str) -> None:
    """Where to listen and where the data are."""
    ground.data_argument(parser)
    parser.add_argument("--port", type=int, default=8000, help="puerto de las páginas (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="dirección donde escuchar (127.0.0.1: sólo esta máquina)")
    parser.add_argument("--no-demo", action="store_true", help="sin datos ni personas de demostración")


def run(args: argparse.Namespace) -> int:
    """Start, tell where, and keep running until Ctrl-C."""
    folder = ground.use_data(args)
    lock = DataLock.take(folder, "up", address=_address(args))
    supervisor = Supervisor(folder, lock, ground.say)
    try:
        with stoppable():
            _start(args, supervisor)
            supervisor.watch()
    except Stopping:
        ground.say("\nDeteniendo…")
    finally:
        supervisor.stop()
        lock.release()
    return 0


def _address(args: argparse.Namespace) -> str:
    return f"http://{'localhost' if args.host in ('127.0.0.1', '0.0.0.0', '::') else args.host}:{args.port}/"  # noqa: S104 - compared only


def _start(args: argparse.Namespace, supervisor: Supervisor) -> None:
    folder = supervisor.folder
    _wait_for_port(args.host, args.port)
    environment.make_secret_key(folder)
    demo = _decide_demo(folder, wanted=not args.no_demo)
    listening = mailcatcher.listen() if demo and not os.environ.get("THAKI_SMTP_URL") else None
    if listening is not None:
        os.environ["THAKI_SMTP_URL"] = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
    os.environ["THAKI_DEMO"] = "1" if demo else "0"
    os.environ["THAKI_STATIC"] = "built"
    os.environ.setdefault("THAKI_PUBLIC_URL", _address(args).rstrip("/"))
    _start_database(supervisor)
    _prepare(demo=demo)
    _start_services(args, supervisor, listening)
    _wait_until_ready(args)
    # What other commands on the same data need to find us; the address of a server of one's own holds its password.
    facts: dict[str, object] = {"database": supervisor.database.url} if supervisor.database else {}
    if listening is not None:
        facts["smtp"] = listening.getsockname()[1]
    supervisor.lock.tell(command="up", address=_address(args), **facts)
    print(_greeting(args, folder, demo=demo, catches_mail=listening is not None), flush=True)


def _wait_for_port(host: str, port: int) -> None:
    deadline = time.monotonic() + PORT_PATIENCE_S
    while True:
        try:
            return serving.check_port(host, port)
        except Trouble:
            if time.monotonic() > deadline or not _is_ours(host, port):
                raise
            time.sleep(0.2)


def _is_ours(host: str, port: int) -> bool:
    """Whether what listens there looks like a Thaki on its way out: it holds no lock, or we would not be here."""
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/health/live", timeout=1) as answer:
            return bool(answer.read(100).startswith(b'{"status"'))
    except urllib.error.URLError as error:
        return isinstance(error.reason, (ConnectionError, TimeoutError))  # bound, but no longer answering
    except OSError:
        return True


def _decide_demo(folder: Path, *, wanted: bool) -> bool:
    """Demo data go into a database that was made for them: never, later, among real ones."""
    marker = folder / "demo"
    if wanted and not marker.exists():
        if _is_fresh(folder):
            marker.touch()
        else:
            ground.say("Estos datos no son de demostración: no se agrega nada (./thaki demo lo haría).")
    return wanted and marker.exists()


def _is_fresh(folder: Path) -> bool:
    """Whether nobody has put anything into the database yet."""
    url = os.environ.get("DATABASE_URL")
    if not url:
        return not (folder / "postgres").exists()
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            row = connection.execute("SELECT to_regclass('django_migrations') IS NULL").fetchone()
            return bool(row and row[0])
    except psycopg.OperationalError as error:
        raise Trouble("La base de datos no responde: %(why)s", why=str(error).strip()) from None


def _start_database(supervisor: Supervisor) -> None:
    """Start the database, and load Django while it starts."""
    if not os.environ.get("DATABASE_URL"):
        server = supervisor.database = embedded.start(supervisor.folder, lock=supervisor.lock, meanwhile=_load)
        if server.adopted:
            ground.say("La base de datos seguía corriendo de una vez anterior; se la vuelve a tomar.")
        if server.account.changed:
            ground.say(f"PostgreSQL no corre como root: la base de datos corre como «{server.account.name}».")
        os.environ["DATABASE_URL"] = server.url
    ground.django()


def _load(url: str) -> None:
    os.environ["DATABASE_URL"] = url
    ground.django()


def _prepare(*, demo: bool) -> None:
    from django.db import connections

    from thaki.config import prepare

    try:
        prepare.prepare(ground.say, demo=demo)
    finally:
        connections.close_all()  # the children make their own
    gc.collect()
    gc.freeze()  # what is loaded stays; untouched by the collector, the children share its memory


def _start_services(args: argparse.Namespace, supervisor: Supervisor, listening: socket | None) -> None:
    folder = supervisor.folder
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)

    def child(run: Callable[[], object], *, keep_mail: bool = False) -> Callable[[], object]:
        """In the child: let go of what is only ours, so that it does not outlast us there."""

        def start() -> object:
            supervisor.lock.release()
            if listening is not None and not keep_mail:
                listening.close()
            return run()

        return start

    def web() -> None:
        serving.run_web(args.host, args.port, metrics_folder=folder / "metrics")

    def worker() -> None:
        from thaki.config import working

        working.run_worker()

    if listening is not None:
        mail = child(lambda: mailcatcher.serve(listening, folder / "mail"), keep_mail=True)
        supervisor.start(Service("correo", mail, logs / "mail.log", 1.0))
    supervisor.start(Service("trabajador", child(worker), logs / "worker.log", 30.0))
    supervisor.start(Service("páginas", child(web), logs / "web.log", 15.0))


def _wait_until_ready(args: argparse.Namespace) -> None:
    host = "127.0.0.1" if args.host in ("0.0.0.0", "::") else args.host  # noqa: S104 - compared only
    deadline = time.monotonic() + READY_PATIENCE_S
    while time.monotonic() < deadline:
        url = f"http://{host}:{args.port}/health/ready"
        with suppress(OSError, ValueError), urllib.request.urlopen(url, timeout=2) as answer:
            if json.load(answer).get("status") == "ok":
                return
        time.sleep(0.05)
    raise Trouble("Las páginas no responden. Detalles en %(logs)s", logs=environment.data_folder() / "logs" / "web.log")


# ---------------------------------------------------------------- what the person reads
def _greeting(args: argparse.Namespace, folder: Path, *, demo: bool, catches_mail: bool) -> str:
    lines = [f"\nThaki está listo: {_address(args)}", f"  Datos en {folder}"]
    if catches_mail:
        lines.append(f"  Correo de prueba: {_address(args)}correo-de-prueba/")
    logins = _demo_logins() if demo else []
    if logins:
        lines.append("  Ingrese con la contraseña «thaki-demo»:")
        lines += [f"    {username:<14}{role}" for username, role in logins]
    elif not _anybody():
        lines.append("  Todavía no hay personas: cree la primera con ./thaki admin USUARIO")
    lines.append("  Ctrl-C detiene todo.")
    return "\n".join(lines)


def _demo_logins() -> list[tuple[str, str]]:
    """One login a role, in the roles' order."""
    from django.db import connections

    from thaki.people.models import User
    from thaki.people.roles import ROLE_NAMES

    found: dict[str, str] = {}
    for username, roles in User.objects.filter(is_active=True).order_by("pk").values_list("username", "roles"):
        for role in roles:
            found.setdefault(role, username)
    connections.close_all()
    return [(found[role], str(name)) for role, name in ROLE_NAMES.items() if role in found]


def _anybody() -> bool:
    from django.db import connections

    from thaki.people.models import User

    there = User.objects.exists()
    connections.close_all()
    return there
