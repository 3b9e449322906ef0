"""The script `thaki`: which Python and which installer it finds, and what it says when there is none.

It runs in a checkout of its own with a PATH that holds what the test puts there; nothing is downloaded.
"""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from thaki.config.environment import CHECKOUT

COREUTILS = ("sh", "readlink", "dirname", "cmp", "mkdir", "rm", "cp", "mv", "cat")

# Stand-ins: a Python that answers questions about itself and can do nothing else, and a uv that notes what it is asked.
BARE_PYTHON = f'#!/bin/sh\n[ "$1" = -c ] && exec {sys.executable} "$@"\nexit 1\n'
OLD_PYTHON = "#!/bin/sh\nexit 1\n"
UV = """#!/bin/sh
echo "$@" >>"$(dirname "$0")/asked"
case "$1" in
venv)
    for place; do :; done
    mkdir -p "$place/bin"
    printf '#!/bin/sh\\necho "ran: $*"\\n' >"$place/bin/python"
    chmod +x "$place/bin/python"
    ;;
esac
"""


class Machine:
    """A machine with nothing but what is put on it, and a fresh checkout."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "bin"
        self.checkout = folder / "checkout"
        self.programs.mkdir(parents=True)
        (self.checkout / "requirements").mkdir(parents=True)
        shutil.copy(CHECKOUT / "thaki", self.checkout / "thaki")
        for name in ("runtime", "dev"):
            (self.checkout / "requirements" / f"{name}.txt").write_text(f"# {name}\n")
        for name in (*COREUTILS, "chmod"):
            (self.programs / name).symlink_to(str(shutil.which(name)))

    def put(self, name: str, text: str = "#!/bin/sh\n") -> None:
        path = self.programs / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def thaki(self, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {"PATH": str(self.programs), "HOME": str(self.checkout)}
        command = [str(self.checkout / "thaki"), *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    def asked(self) -> str:
        """What uv was asked for."""
        note = self.programs / "asked"
        return note.read_text() if note.exists() else ""


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_python_it_prints_the_exact_line_that_installs_it(machine: Machine) -> None:
    machine.put("apt-get")
    done = machine.thaki("up")
    assert done.returncode == 1
    assert "sudo apt-get install -y python3 python3-venv" in done.stderr


def test_a_python_that_is_too_old_or_does_not_run_is_no_python(machine: Machine) -> None:
    machine.put("brew")
    machine.put("python3", OLD_PYTHON)
    machine.put("python3.12", OLD_PYTHON)
    done = machine.thaki("up")
    assert done.returncode == 1
    assert "brew install python" in done.stderr


def test_a_python_without_pip_and_venv_is_told_apart(machine: Machine) -> None:
    machine.put("apt-get")
    machine.put("python3", BARE_PYTHON)
    done = machine.thaki("up")
    assert done.returncode == 1
    assert f"sudo apt-get install -y python3.{sys.version_info.minor}-venv" in done.stderr


def test_with_uv_on_the_path_it_makes_the_environment_once(machine: Machine) -> None:
    machine.put("python3", BARE_PYTHON)
    machine.put("uv", UV)
    first = machine.thaki("up", "--port", "9")
    assert first.stdout == "ran: -P -m thaki up --port 9\n"
    assert machine.asked().count("venv") == 1
    assert "requirements/runtime.txt" in machine.asked()
    assert "dev.txt" not in machine.asked()

    before = machine.asked()
    again = machine.thaki("up")
    assert again.stdout == "ran: -P -m thaki up\n"
    assert again.stderr == ""
    assert machine.asked() == before


def test_a_half_made_environment_is_made_again(machine: Machine) -> None:
    machine.put("python3", BARE_PYTHON)
    machine.put("uv", UV)
    half = machine.checkout / ".thaki" / "env" / "lib"
    half.mkdir(parents=True)
    assert machine.thaki("up").returncode == 0
    assert not half.exists()


def test_another_version_s_environment_is_brought_up_to_date(machine: Machine) -> None:
    machine.put("python3", BARE_PYTHON)
    machine.put("uv", UV)
    machine.thaki("up")
    (machine.checkout / "requirements" / "runtime.txt").write_text("# a later version\n")
    assert machine.thaki("up").returncode == 0
    assert machine.asked().count("requirements/runtime.txt") == 2


def test_the_tests_add_the_development_set(machine: Machine) -> None:
    machine.put("python3", BARE_PYTHON)
    machine.put("uv", UV)
    machine.thaki("test")
    assert machine.asked().splitlines()[-1].endswith("requirements/dev.txt")


def test_it_works_through_a_link_and_from_another_folder(machine: Machine, tmp_path: Path) -> None:
    machine.put("python3", BARE_PYTHON)
    machine.put("uv", UV)
    link = tmp_path / "thaki-link"
    link.symlink_to(os.path.relpath(machine.checkout / "thaki", tmp_path))
    environment = {"PATH": str(machine.programs)}
    done = subprocess.run([str(link), "up"], env=environment, cwd="/", capture_output=True, text=True, check=False)
    assert done.stdout == "ran: -P -m thaki up\n"
    assert (machine.checkout / ".thaki" / "env" / "runtime.txt").exists()
