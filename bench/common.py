"""What the benches share: a whole system of their own, what it costs the machine, and the lines that say how near the goal is.

A bench that measures the system as people use it starts it as they do, by `thaki up`, on a temporary folder with its own
embedded PostgreSQL, durable as always. It ends with lines such as `ratio: 1.04 (goal 1.00)`: what was reached divided by the
goal, or the goal divided by what was reached where less is better, so that 1.00 and above is as it should be, unless the
line says otherwise.
"""

from __future__ import annotations

import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from thaki.config import embedded, environment
from thaki.config.lock import holder
from thaki.config.processes import die_with_parent

READY_S = 900.0  # making the demonstration takes its time on a busy machine
TICKS = os.sysconf("SC_CLK_TCK")


# ---------------------------------------------------------------- numbers
def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies; 0 for none at all."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def ratio(reached: float, goal: float, what: str) -> str:
    """The line that a bench ends with."""
    return f"ratio: {reached:.2f} (goal {goal:.2f})  {what}"


def machine() -> str:
    """Where and when it was measured, and how busy others kept the machine."""
    busy = os.getloadavg()[0]
    told = f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{time.strftime('%Y-%m-%d %H:%M')}, {told}, load {busy:.1f} before it began"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


# ---------------------------------------------------------------- databases
@contextmanager
def own_folder() -> Iterator[Path]:
    """A temporary folder for a system of the bench's own."""
    folder = Path(tempfile.mkdtemp(prefix="thaki-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def own_database(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """An embedded PostgreSQL on the folder, with this process's Django over it; the documents go to the folder as well."""
    from django.conf import settings

    server = embedded.start(folder, durable=durable)
    before = settings.DATA_DIR
    settings.DATA_DIR = folder
    use_database(server.url)
    try:
        yield server.url
    finally:
        close()
        settings.DATA_DIR = before
        server.stop()


def use_database(url: str) -> None:
    """Point Django at another database; what was remembered of the one before is forgotten."""
    from django.contrib.contenttypes.models import ContentType
    from django.db import connections

    from thaki.cases import versions
    from thaki.people import policies

    close()
    wanted = environment.database(url)
    connections["default"].settings_dict.update(
        {key: wanted[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    )
    versions.forget()
    policies.forget()
    ContentType.objects.clear_cache()


def served() -> float:
    """Processor time of the PostgreSQL process behind our connection, in seconds; of its helpers nothing is known."""
    from django.db import connection

    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def close() -> None:
    """Let go of the connection."""
    from django.db import connections

    connections.close_all()


def quiet(sentence: str) -> None:
    """For what reports its progress where nobody needs it."""


# ---------------------------------------------------------------- a whole system
@dataclass(frozen=True, slots=True)
class System:
    """A running `thaki up`."""

    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    database: str  # the address

    @property
    def log(self) -> str:
        """The last that the web server said."""
        path = self.folder / "logs" / "web.log"
        return "\n".join(path.read_text(errors="replace").splitlines()[-20:]) if path.exists() else ""


@contextmanager
def running_system(folder: Path) -> Iterator[System]:
    """Start the system on a folder as a person would, wait until it is ready, and stop it at the end."""
    port = free_port()
    with (folder / "up.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "thaki", "up", "--data", str(folder), "--port", str(port)],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, signal.SIGTERM, os.getpid()),
        )
    try:
        yield System(process, folder, port, _wait(process, folder))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _environment() -> dict[str, str]:
    """Nothing that this process was told of another system."""
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL" and not k.startswith(("THAKI_", "PROMETHEUS_"))}
    return kept | {"PYTHONPATH": str(environment.CHECKOUT / "src")}


def _wait(process: subprocess.Popen[bytes], folder: Path) -> str:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        told = holder(folder) if (folder / "lock").exists() else {}  # perhaps still what a former one told
        if told.get("pid") == process.pid and told.get("database"):
            return str(told["database"])
        time.sleep(0.2)
    raise RuntimeError(f"`thaki up` is not ready:\n{(folder / 'up.log').read_text(errors='replace')[-2000:]}")


def free_port() -> int:
    """A port of loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------- what it costs
def parts(pid: int) -> dict[str, list[int]]:
    """The processes of a running `up` by what they are for: up, web, worker, mail, postgres."""
    children = _children()
    found: dict[str, list[int]] = {"up": [pid]}
    for child in children.get(pid, []):
        found.setdefault(_purpose(child), []).extend(_family(child, children))
    return found


def cpu_seconds(pid: int) -> dict[str, float]:
    """Processor time that each part has used so far."""
    return {name: cpu_of(pids) for name, pids in parts(pid).items()}


def cpu_of(pids: Sequence[int]) -> float:
    """Processor time that these processes have used so far, in seconds."""
    return sum(map(_cpu, pids))


def memory_mib(pid: int) -> dict[str, float]:
    """Memory of each part, what several share counted once in all (PSS)."""
    return {name: sum(map(_pss, pids)) / 1024 for name, pids in parts(pid).items()}


def _purpose(pid: int) -> str:
    if Path(f"/proc/{pid}/comm").read_text().strip() == "postgres":
        return "postgres"
    return Path(os.readlink(f"/proc/{pid}/fd/1")).stem  # each service writes a log named after it


def _family(pid: int, children: dict[int, list[int]]) -> list[int]:
    return [pid, *(member for child in children.get(pid, []) for member in _family(child, children))]


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (stat := _stat(int(entry.name))):
            found.setdefault(int(stat[1]), []).append(int(entry.name))
    return found


def _stat(pid: int) -> list[str]:
    """The fields after the name: state, parent, …; none for a process that has ended meanwhile."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    stat = _stat(pid)
    return (int(stat[11]) + int(stat[12])) / TICKS if stat else 0.0


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
