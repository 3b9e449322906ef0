"""One keeper for a data folder: a lock that the kernel drops when its holder ends, however it ends."""

import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from thaki.config.trouble import Trouble


class Held(Trouble):
    """Another process keeps this data folder."""

    def __init__(self, folder: Path, holder: dict[str, Any]) -> None:
        self.holder = holder
        super().__init__(
            "La carpeta de datos %(folder)s ya está en uso: «thaki %(command)s» (proceso %(pid)s)%(where)s. "
            "Detenga ese proceso o use otra carpeta con --data.",
            folder=folder,
            command=holder.get("command", "?"),
            pid=holder.get("pid", "?"),
            where=f", {holder['address']}" if holder.get("address") else "",
        )


@dataclass
class DataLock:
    """The right to start things on a data folder, until `release` or the end of the process."""

    folder: Path
    descriptor: int

    @classmethod
    def take(cls, folder: Path, command: str, **facts: object) -> "DataLock":
        """Take the lock or raise `Held`; `facts` are what others are told of us."""
        make_folder(folder)
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise Held(folder, holder(folder)) from None
        lock = cls(folder, descriptor)
        lock.tell(command=command, **facts)
        return lock

    def tell(self, **facts: object) -> None:
        """Write who holds the lock, for the sentence that refuses others."""
        text = json.dumps({"pid": os.getpid(), **facts}).encode()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, text, 0)

    def release(self) -> None:
        """Give the folder free; the file stays (removing it would let two hold two different files)."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


def make_folder(folder: Path) -> None:
    """Make the data folder, closed to others (root's is walked through by the server's user, but not listed)."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def holder(folder: Path) -> dict[str, Any]:
    """What the present or last holder told of itself; empty if nothing can be read."""
    try:
        told = json.loads((folder / "lock").read_text())
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def is_held(folder: Path) -> bool:
    """Whether some process keeps the folder now."""
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False
