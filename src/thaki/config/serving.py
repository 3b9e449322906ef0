"""The web server: one process a core, sharing the program that the first one loaded."""

import gc
import multiprocessing
import os
import shutil
import signal
import socket
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from thaki.config.processes import die_with_parent
from thaki.config.trouble import Trouble

THREADS = 2  # a core's worth of requests that wait for the database; more only wait for each other
STOP_PATIENCE_S = 10
COLLECT_AFTER = (
    20_000,
    20,
    20,
)  # objects: a request leaves few cycles behind; Python looks after each 700


def check_port(host: str, port: int) -> None:
    """Raise `Trouble` if something listens there (the server itself would share the port without a word)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Trouble(
                "No se puede usar el puerto %(port)s (%(why)s): elija otro con --port.", port=port, why=error.strerror
            ) from None


def run_web(host: str, port: int, *, metrics_folder: Path) -> None:
    """Serve until told to stop."""
    _count_together(metrics_folder)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    if "fork" in multiprocessing.get_all_start_methods():
        multiprocessing.set_start_method("fork", force=True)
    application = _load()
    server = Server(
        "thaki.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=os.cpu_count() or 1,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=600,  # a thread takes its database connection along
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_PATIENCE_S,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=partial(_in_worker, os.getpid(), application), wrap_loader=False)


def _count_together(folder: Path) -> None:
    # Each worker counts requests for itself; prometheus_client adds them up from files in this folder. It reads the
    # variable when it is first imported, and what a former run counted is gone.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def _load() -> Callable[..., Any]:
    """Load all that a request needs before the workers are forked: they share the memory and start ready."""
    from django.db import connections
    from django.urls import get_resolver

    from thaki.config.wsgi import application

    get_resolver().reverse_dict  # noqa: B018 - loads every room's views
    connections.close_all()
    gc.collect()
    gc.freeze()  # nothing loaded so far will be freed: the collector need not touch, and so copy, its memory
    return application


def _in_worker(parent: int, application: Callable[..., Any]) -> Callable[..., Any]:
    # Workers outlive a killed parent otherwise, and keep the port. What they were doing is a transaction, rolled back.
    die_with_parent(signal.SIGKILL, parent)
    gc.set_threshold(*COLLECT_AFTER)
    return application
