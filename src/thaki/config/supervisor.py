"""Keeps the database, the worker, the mail catcher and the web running, and stops them in the right order."""

import os
import select
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from thaki.config import embedded
from thaki.config.embedded import Server
from thaki.config.lock import DataLock
from thaki.config.processes import Child, fork
from thaki.config.trouble import Trouble

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 30.0
CALM_S = 60.0  # after this long a child counts as healthy again


class Stopping(BaseException):
    """We were asked to stop, by Ctrl-C or a signal."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Inside, SIGINT, SIGTERM and SIGHUP raise `Stopping`, once; further ones are taken as impatience and ignored."""

    def stop(_signum: int, _frame: FrameType | None) -> None:
        for signum in watched:
            signal.signal(signum, signal.SIG_IGN)
        raise Stopping

    watched = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {signum: signal.signal(signum, stop) for signum in watched}
    try:
        yield
    finally:
        for signum, handler in before.items():
            signal.signal(signum, handler)


@dataclass
class Service:
    """A child that is started again when it ends before it was told to."""

    name: str
    run: Callable[[], object]
    log: Path
    patience_s: float  # how long it may take to finish what it is at
    child: Child | None = None
    pause_s: float = FIRST_PAUSE_S
    started_at: float = 0.0
    again_at: float = 0.0

    def start(self) -> None:
        """Fork it."""
        embedded.keep_short(self.log)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self.child = fork(self.name, self.run, log=descriptor)
        finally:
            os.close(descriptor)
        self.started_at = time.monotonic()

    def tend(self, say: Callable[[str], object]) -> None:
        """Start it again if it ended, after a pause that grows while it keeps ending."""
        now = time.monotonic()
        if self.child is not None and self.child.poll() is not None:
            self.pause_s = FIRST_PAUSE_S if now - self.started_at > CALM_S else min(self.pause_s * 2, LONGEST_PAUSE_S)
            self.again_at = now + self.pause_s
            say(f"{self.name}: terminó ({self.child.status}); vuelve a empezar. Detalles en {self.log}")
            self.child = None
        if self.child is None and now >= self.again_at:
            self.start()

    def stop(self) -> None:
        """End it, giving it time to finish."""
        if self.child is not None:
            self.child.stop(patience_s=self.patience_s)
            self.child = None


@dataclass
class Supervisor:
    """What `up` runs. Services are given in starting order and stopped in the opposite one, the database last."""

    folder: Path
    lock: DataLock
    say: Callable[[str], object]
    database: Server | None = None  # None: a server of the user's own
    services: list[Service] = field(default_factory=list)

    def start(self, service: Service) -> None:
        """Start a service and keep it running."""
        self.services.append(service)
        service.start()

    def watch(self) -> None:
        """Tend everything until a signal raises `Stopping`."""
        reader, writer = os.pipe()
        os.set_blocking(writer, False)
        signal.set_wakeup_fd(writer)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # an ended child wakes us at once
        while True:
            self._tend_database()
            for service in self.services:
                service.tend(self.say)
            with suppress(InterruptedError):
                if select.select([reader], [], [], 1.0)[0]:
                    os.read(reader, 512)

    def _tend_database(self) -> None:
        if self.database is None or self.database.alive():
            return
        self.say("La base de datos terminó; vuelve a empezar.")
        try:
            self.database = embedded.start(self.folder, lock=self.lock)
        except Trouble as trouble:  # a full disk, say: people get a 503 until somebody mends it
            self.say(str(trouble))
            time.sleep(LONGEST_PAUSE_S)

    def stop(self) -> None:
        """Web, worker, database: nobody loses what it stands on."""
        signal.set_wakeup_fd(-1)
        for service in reversed(self.services):
            service.stop()
        if self.database is not None:
            self.database.stop()
