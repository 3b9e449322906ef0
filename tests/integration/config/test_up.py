"""`thaki up`, whole and with real processes: started, asked, refused twice, stopped, killed and recovered."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from thaki.config.environment import CHECKOUT

pytestmark = pytest.mark.slow


@dataclass
class Up:
    """A `thaki up` that has told that it is ready."""

    process: subprocess.Popen[str]
    port: int
    told: str

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def family(self) -> dict[int, str]:
        """All processes below it, with their command lines."""
        return descendants(self.process.pid)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("THAKI_") and key != "DATABASE_URL"}
    return kept | {"PYTHONPATH": str(CHECKOUT / "src"), "PYTHONUNBUFFERED": "1"}


def command(data: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "thaki", "up", "--no-demo", "--port", str(port), "--data", str(data)]


def up(data: Path, port: int | None = None) -> Up:
    """Start it and wait for its greeting."""
    port = port or free_port()
    process = subprocess.Popen(
        command(data, port),
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    told = ""
    while "Ctrl-C" not in told:
        line = process.stdout.readline()
        assert line, f"it ended with {process.wait()}:\n{told}"
        told += line
    return Up(process, port, told)


def descendants(pid: int) -> dict[int, str]:
    """Processes below one, from /proc."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            state, parent = path.joinpath("stat").read_text().rsplit(")", 1)[1].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(path.name)] = int(parent)
    found: dict[int, str] = {}
    wave = {pid}
    while wave:
        wave = {child for child, parent in parents.items() if parent in wave}
        found |= {child: line for child in wave if (line := command_of(child)) is not None}
    return found


def command_of(pid: int) -> str | None:
    """The command line of a process; None when it ended since it was listed."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return None


def alive(pids: dict[int, str]) -> list[str]:
    """Which of the processes still run (a number that passed to another program does not count)."""
    return [f"{pid} {line}" for pid, line in pids.items() if line and command_of(pid) == line]


def all_gone(pids: dict[int, str], within_s: float = 20) -> list[str]:
    """Those that still run after a while."""
    deadline = time.monotonic() + within_s
    while alive(pids) and time.monotonic() < deadline:
        time.sleep(0.1)
    return alive(pids)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One data folder for all: making the database anew takes longest."""
    return tmp_path_factory.mktemp("up") / "data"


@pytest.fixture
def running(data: Path) -> Iterator[Up]:
    one = up(data)
    yield one
    if one.process.poll() is None:
        one.process.kill()
    one.process.communicate()
    all_gone(one.family())


def test_it_serves_tells_where_and_refuses_a_second_on_the_same_data(running: Up, data: Path) -> None:
    assert f"http://localhost:{running.port}/" in running.told
    assert running.get("/health/ready")[0] == 200

    second = subprocess.run(
        command(data, free_port()), env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert second.returncode == 1
    assert re.search(rf"ya está en uso: «thaki up» \(proceso {running.process.pid}\)", second.stderr)
    assert "Traceback" not in second.stderr
    assert running.get("/health/live")[0] == 200


def test_ctrl_c_stops_all_of_it(running: Up) -> None:
    family = running.family()
    assert any("postgres" in line for line in family.values())
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(60) == 0
    assert all_gone(family, within_s=1) == []


def test_killed_with_9_nothing_is_left_and_the_next_start_recovers(running: Up, data: Path) -> None:
    family = running.family()
    running.process.kill()
    running.process.wait()
    again = up(data, running.port)  # at once, on the same port: it waits for what is still going down
    assert again.get("/health/ready")[0] == 200
    assert all_gone(family) == []
    again.process.send_signal(signal.SIGTERM)
    assert again.process.wait(60) == 0


def test_a_killed_web_server_leaves_no_workers_and_is_started_again(running: Up) -> None:
    (web,) = (pid for pid in descendants(running.process.pid) if _has_python_child(pid))
    workers = descendants(web)
    os.kill(web, signal.SIGKILL)
    assert all_gone(workers) == []
    assert _answers_again(running)


def test_when_the_database_is_killed_it_comes_back_and_the_pages_with_it(running: Up) -> None:
    (server,) = (pid for pid, line in running.family().items() if "postgres -D" in line)
    os.kill(server, signal.SIGKILL)
    assert _answers_again(running)
    assert server not in running.family()


def test_started_again_what_it_computes_until_it_is_ready_fits_in_5_seconds(data: Path) -> None:
    first = up(data)  # it may be the first of all here, which makes the database
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(60) == 0
    running = up(data)
    # The clock also counts what else the machine is doing; the work of ours, one step after the other, is the bound.
    family = {running.process.pid, *(pid for pid, line in running.family().items() if "-m thaki up" in line)}
    used = sum(_cpu_s(pid) for pid in family)
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(60) == 0
    assert used < 5


def _cpu_s(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _has_python_child(pid: int) -> bool:
    return any("-m thaki up" in line for line in descendants(pid).values())


def _answers_again(running: Up) -> bool:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if running.get("/health/ready")[0] == 200:
                return True
        except OSError:
            pass
        time.sleep(0.2)
    return False
