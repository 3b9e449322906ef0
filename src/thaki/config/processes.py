"""Children that die with their parent, and signals that reach only a proven process.

`up` may be killed with -9, when it can do nothing any more: the kernel then signals its children (Linux,
PR_SET_PDEATHSIG). The signal is tied to the *thread* that forked, so children are made by the main thread, and it is lost
when the child changes its user, so it is asked for after that. Elsewhere a Python child watches who its parent is.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NoReturn

LINUX = sys.platform == "linux"
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if LINUX else None


def die_with_parent(signum: int, parent: int) -> None:
    """Ask to be sent `signum` when process `parent`, which must be our parent, ends; at once if it already has."""
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signum, 0, 0, 0)
        if os.getppid() != parent:
            os.kill(os.getpid(), signum)
    else:
        threading.Thread(target=_watch_parent, args=(signum, parent), daemon=True).start()


def _watch_parent(signum: int, parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signum)


@dataclass
class Child:
    """A forked process of ours; unlike `subprocess.Popen` it runs a function and shares the memory already loaded."""

    name: str
    pid: int
    status: int | None = field(default=None)

    def poll(self) -> int | None:
        """The exit status, negative for a signal, or None while it runs."""
        if self.status is None:
            done, raw = os.waitpid(self.pid, os.WNOHANG)
            if done:
                self.status = os.waitstatus_to_exitcode(raw)
        return self.status

    def stop(self, *, patience_s: float) -> None:
        """Ask it to end; after `patience_s` seconds end it."""
        for signum, wait_s in ((signal.SIGTERM, patience_s), (signal.SIGKILL, 5.0)):
            if self.poll() is not None:
                return
            os.kill(self.pid, signum)  # ours and not yet reaped: the pid cannot be anybody else's
            self._wait(wait_s)

    def _wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)


def fork(name: str, run: Callable[[], object], *, log: int | None = None) -> Child:
    """Start `run` in a child with a session of its own, which ends with us; its output goes to the descriptor `log`."""
    sys.stdout.flush()
    sys.stderr.flush()
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        _be_child(run, parent, log)
    return Child(name, pid)


def _be_child(run: Callable[[], object], parent: int, log: int | None) -> NoReturn:
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(signum, signal.SIG_DFL)
        os.setsid()
        die_with_parent(signal.SIGTERM, parent)
        if log is not None:
            os.dup2(log, 1)
            os.dup2(log, 2)
        run()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


@dataclass(frozen=True)
class ProvenProcess:
    """A process that is not our child, held by a descriptor so that its number cannot pass to another meanwhile."""

    pid: int
    descriptor: int  # a pidfd, or -1 where the system has none

    @classmethod
    def hold(cls, pid: int) -> "ProvenProcess":
        """Get hold of the process; the caller proves *afterwards* that it is the one he means."""
        return cls(pid, os.pidfd_open(pid) if LINUX else -1)

    def send(self, signum: int) -> None:
        """Signal it, if it still is there."""
        with contextlib.suppress(ProcessLookupError):
            if LINUX:
                signal.pidfd_send_signal(self.descriptor, signum)
            else:
                os.kill(self.pid, signum)

    def alive(self) -> bool:
        """Whether it still runs."""
        if LINUX:
            return not select.select([self.descriptor], [], [], 0)[0]
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it came."""
        deadline = time.monotonic() + seconds
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        return not self.alive()
