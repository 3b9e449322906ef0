"""The PostgreSQL of our own, with real processes: it starts, is adopted, refuses, recovers and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from thaki.config import account, embedded
from thaki.config.lock import DataLock, Held

# A keeper in a process of its own; told "orphan" it starts the server as a system without parent-death signals would.
KEEPER = """
import sys, time
from pathlib import Path
from thaki.config import account, embedded
if sys.argv[2] == "orphan":
    embedded.LINUX = False
server = embedded.start(Path(sys.argv[1]), durable=False)
print(server.process.popen.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data folder; whatever a failing test left running on it is stopped."""
    yield tmp_path / "data"
    noted = embedded._noted(embedded.Places(tmp_path / "data"))
    if noted is not None and runs(noted[0]):
        os.kill(noted[0], signal.SIGQUIT)


def keeper(folder: Path, how: str = "kept") -> tuple[subprocess.Popen[str], int]:
    """A process that keeps a server, and the server's pid."""
    command = [sys.executable, "-c", KEEPER, str(folder), how]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def runs(pid: int) -> bool:
    """Whether the process runs (one that ended but was not yet collected does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def ends(pid: int, within_s: float = 15) -> bool:
    """Whether the process ends in time."""
    deadline = time.monotonic() + within_s
    while runs(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not runs(pid)


def write(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def words(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT word FROM words").fetchall()]


def test_it_keeps_the_data_from_one_start_to_the_next(folder: Path) -> None:
    first = embedded.start(folder, durable=False)
    write(first.url, "ñandú")
    first.stop()
    second = embedded.start(folder, durable=False)
    assert words(second.url) == ["ñandú"]
    second.stop()


def test_it_stops_and_leaves_no_process_socket_or_note(folder: Path) -> None:
    server = embedded.start(folder, durable=False)
    noted = embedded._noted(embedded.Places(folder))
    assert noted is not None
    server.stop()
    assert not runs(noted[0])
    assert not list(noted[1].glob(".s.*"))
    assert embedded._noted(embedded.Places(folder)) is None


def test_it_does_not_listen_on_the_network(folder: Path) -> None:
    server = embedded.start(folder, durable=False)
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    server.stop()


def test_as_root_the_server_belongs_to_an_ordinary_user_who_alone_can_enter_the_socket_folder(folder: Path) -> None:
    server = embedded.start(folder, durable=False)
    noted = embedded._noted(embedded.Places(folder))
    assert noted is not None
    pid, sockets = noted
    owner = Path(f"/proc/{pid}").stat().st_uid
    assert owner == server.account.uid != 0
    assert sockets.stat().st_uid == owner
    assert sockets.stat().st_mode & 0o777 == 0o700
    server.stop()


def test_a_second_keeper_is_refused_and_told_who_was_first(folder: Path) -> None:
    lock = DataLock.take(folder, "up", address="http://localhost:8000/")
    with pytest.raises(Held, match=rf"thaki up.*proceso {os.getpid()}.*http://localhost:8000/"):
        embedded.start(folder, durable=False)
    lock.release()


def test_a_killed_keeper_leaves_nothing_running_and_the_next_start_recovers(folder: Path) -> None:
    process, server_pid = keeper(folder)
    write(embedded._url(embedded._noted(embedded.Places(folder))[1]), "antes")  # type: ignore[index]
    process.kill()
    process.wait()
    assert ends(server_pid)
    server = embedded.start(folder, durable=False)
    assert not server.adopted
    assert words(server.url) == ["antes"]
    server.stop()


def test_a_server_that_was_killed_itself_recovers_with_all_that_was_confirmed(folder: Path) -> None:
    server = embedded.start(folder)
    write(server.url, "antes")
    server.process.send(signal.SIGKILL)
    assert server.process.wait(10)
    assert not server.alive()
    server.stop()
    again = embedded.start(folder)
    assert words(again.url) == ["antes"]
    again.stop()


def test_a_server_left_behind_is_adopted_once_proven_and_then_stopped(folder: Path) -> None:
    process, server_pid = keeper(folder, "orphan")
    process.kill()
    process.wait()
    assert runs(server_pid)
    server = embedded.start(folder, durable=False)
    assert server.adopted
    write(server.url, "después")
    server.stop()
    assert not runs(server_pid)


def test_a_copied_folder_does_not_adopt_the_server_of_the_original(folder: Path, tmp_path: Path) -> None:
    original = embedded.start(folder, durable=False)
    write(original.url, "original")
    with psycopg.connect(original.url) as connection:
        connection.execute("SELECT pg_switch_wal()")
    shutil.copytree(folder / "postgres", tmp_path / "copy" / "postgres", symlinks=True)
    for path in [tmp_path / "copy" / "postgres", *(tmp_path / "copy" / "postgres").rglob("*")]:
        original.account.own(path)
    copy = embedded.start(tmp_path / "copy", durable=False)
    assert not copy.adopted
    write(copy.url, "copia")
    assert words(original.url) == ["original"]
    copy.stop()
    assert original.alive()
    original.stop()


def test_a_note_whose_number_now_belongs_to_another_process_is_no_obstacle(folder: Path) -> None:
    embedded.start(folder, durable=False).stop()
    bystander = subprocess.Popen(["sleep", "60"])
    note = embedded.Places(folder).pid_file
    note.write_text(f"{bystander.pid}\n{folder}/postgres\n0\n5432\n{folder}/run\n\n0 0\nready\n")
    server = embedded.start(folder, durable=False)
    assert not server.adopted
    server.stop()
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    half = folder / "postgres.new"
    (half / "base").mkdir(parents=True)
    server = embedded.start(folder, durable=False)
    write(server.url, "entera")
    assert not half.exists()
    server.stop()


def test_a_long_path_gets_its_socket_elsewhere_in_a_private_folder(tmp_path: Path) -> None:
    folder = tmp_path / ("larga-" * 20) / "datos"
    server = embedded.start(folder, durable=False)
    noted = embedded._noted(embedded.Places(folder))
    assert noted is not None
    assert len(os.fsencode(noted[1] / ".s.PGSQL.5432")) <= 107
    assert noted[1].stat().st_mode & 0o777 == 0o700
    server.stop()
    assert not noted[1].exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can put the data out of the server's reach")
def test_as_root_data_and_programs_may_lie_where_the_ordinary_user_cannot_walk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    installed = embedded._binaries()
    libraries = f"{installed.parent.name}.libs"
    programs = closed / installed.parent.name / installed.name
    shutil.copytree(installed, programs, symlinks=True)
    shutil.copytree(installed.parent.parent / libraries, closed / libraries)
    monkeypatch.setattr(embedded, "_binaries", lambda: programs)
    server = embedded.start(closed / "data", durable=False)
    write(server.url, "dentro")
    server.stop()
    again = embedded.start(closed / "data", durable=False)
    assert words(again.url) == ["dentro"]
    again.stop()
    assert closed.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(account.private_folder(closed / "data"))


def test_a_command_uses_the_server_of_a_running_up(folder: Path) -> None:
    lock = DataLock.take(folder, "up")
    lock.tell(command="up", database="postgresql://thaki@/thaki?host=/somewhere")
    with embedded.database(folder, "rehearse") as url:
        assert url == "postgresql://thaki@/thaki?host=/somewhere"
    lock.release()


def test_a_command_alone_starts_a_server_and_stops_it(folder: Path) -> None:
    with embedded.database(folder, "rehearse") as url:
        write(url, "ensayo")
        noted = embedded._noted(embedded.Places(folder))
    assert noted is not None
    assert not runs(noted[0])
