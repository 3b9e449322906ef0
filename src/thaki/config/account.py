"""Which user runs PostgreSQL, and the places that this user can reach.

PostgreSQL refuses to run as root. Started by root we hand it to an ordinary user, and that user may be unable to walk to
a checkout under, say, /root (mode 0700). We never open other people's folders. Instead:

* the server is started *inside* its data folder (root enters it before the user changes) and told that its data are at
  /proc/self/cwd, which needs no walk;
* binaries out of reach are copied into a private folder under the system's temporary one, where the socket goes as well.
"""

import contextlib
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from thaki.config.trouble import Trouble

# A Unix socket's path may have 107 bytes (103 on macOS); PostgreSQL adds "/.s.PGSQL.5432".
LONGEST_SOCKET_FOLDER = (107 if sys.platform == "linux" else 103) - len("/.s.PGSQL.5432")
HERE = Path("/proc/self/cwd")


@dataclass(frozen=True)
class Account:
    """The user who runs the server. `changed` tells that it is not the one who runs us."""

    uid: int
    gid: int
    name: str
    changed: bool

    def as_child(self) -> dict[str, object]:
        """Arguments of `subprocess.Popen` that make the child this user's."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.changed else {}

    def can(self, test: str, path: Path) -> bool:
        """Whether this user passes the shell's `test -x` or `test -r` … on the path."""
        if not self.changed:
            return True
        command = ["/bin/sh", "-c", f'test {test} "$0"', str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.as_child()).returncode == 0  # type: ignore[call-overload,no-any-return]

    def own(self, path: Path) -> None:
        """Hand the path over to this user."""
        if self.changed:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose(cluster: Path) -> Account:
    """Ourselves; for root the owner of the cluster, who called sudo, who owns the folder, or else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), _name(os.geteuid()), changed=False)
    wishes = [_owner(cluster), int(os.environ.get("SUDO_UID", "0")), _owner(cluster.parent)]
    for uid in wishes:
        if uid and _name(uid):
            entry = pwd.getpwuid(uid)
            return Account(uid, entry.pw_gid, entry.pw_name, changed=True)
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name, changed=True)


def _owner(path: Path) -> int:
    return path.stat().st_uid if path.exists() else 0


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return ""


def data_path(cluster: Path, account: Account) -> Path:
    """What the server, started inside `cluster`, is told of where its data are."""
    if account.can("-x", cluster):
        return cluster
    if not HERE.exists():
        raise Trouble(
            "El usuario «%(user)s», con el que corre la base de datos cuando se trabaja como root, no puede entrar a "
            "%(folder)s. Use --data con otra carpeta, o corra thaki sin ser root.",
            user=account.name,
            folder=cluster,
        )
    return HERE


def socket_folder(folder: Path, account: Account) -> Path:
    """A folder for the socket that only `account` can enter: beside the data, or a private one if that is out of reach."""
    beside = folder / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET_FOLDER:
        beside.mkdir(mode=0o700, exist_ok=True)
        account.own(beside)
        beside.chmod(0o700)
        if account.can("-x", beside):
            return beside
    private = private_folder(folder) / "run"
    private.mkdir(mode=0o700, exist_ok=True)
    account.own(private)
    return private


def _private_path(folder: Path) -> Path:
    name = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / f"thaki-{os.geteuid()}-{name}"


def tidy(folder: Path) -> None:
    """Remove the empty folders that a stopped server leaves in the temporary one (copied binaries stay, for next time)."""
    for path in (_private_path(folder) / "run", _private_path(folder)):
        with contextlib.suppress(OSError):
            path.rmdir()


def private_folder(folder: Path) -> Path:
    """A folder of ours in the system's temporary one, the same at every start on the same data."""
    path = _private_path(folder)
    mode = 0o711 if os.geteuid() == 0 else 0o700  # root's is walked through by the ordinary user
    path.mkdir(mode=mode, exist_ok=True)
    found = path.lstat()
    # Anybody can make names in the temporary folder: what is not a folder of our own is not used.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise Trouble("%(path)s existe y no es una carpeta nuestra: bórrela o defina TMPDIR.", path=path)
    path.chmod(mode)
    return path


def reachable_binaries(binaries: Path, folder: Path, account: Account) -> Path:
    """The folder of PostgreSQL's programs, copied where `account` can run them if need be.

    `binaries` is the installation's root, which has bin/, lib/ and share/.
    """
    if account.can("-x", binaries / "bin" / "postgres"):
        return binaries
    package = binaries.parent
    place = private_folder(folder) / "pgsql"
    copy = place / package.name / binaries.name
    stamp = place / "complete"
    source = f"{binaries} {(binaries / 'bin' / 'postgres').stat().st_mtime_ns}"
    if not stamp.exists() or stamp.read_text() != source:
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(binaries, copy, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a", "pkgconfig"))
        # Libraries that the wheel brings; the programs look for them at this distance from themselves.
        libraries = f"{package.name}.libs"
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, place / libraries)
        for path in [place, *place.rglob("*")]:  # whatever the umask of the one who installed them
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        stamp.write_text(source)
    if not account.can("-x", copy / "bin" / "postgres"):
        raise Trouble(
            "El usuario «%(user)s» no puede ejecutar PostgreSQL desde %(place)s: defina TMPDIR con una carpeta donde se "
            "puedan ejecutar programas, o corra thaki sin ser root.",
            user=account.name,
            place=copy,
        )
    return copy
