"""The worker: runs the jobs that the web and the cases left, and the periodic ones."""

import asyncio
import contextlib
import signal

import structlog
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

log = structlog.get_logger(__name__)

CONCURRENCY = 2
STOP_PATIENCE_S = 20.0
LONGEST_PAUSE_S = 10.0


def run_worker(concurrency: int = CONCURRENCY) -> None:
    """Work until told to stop (SIGTERM or SIGINT: what is running is finished first); survives the database's absences."""
    asyncio.run(_work(concurrency))


async def _work(concurrency: int) -> None:
    stop = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    pause_s = 0.5
    while not stop.is_set():
        started = asyncio.get_running_loop().time()
        try:
            await _until(stop, concurrency)
        except Exception as error:
            log.error("worker_interrupted", error=str(error), kind=type(error).__name__)
        worked_s = asyncio.get_running_loop().time() - started
        pause_s = 0.5 if worked_s > 60 else min(pause_s * 2, LONGEST_PAUSE_S)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause_s)


async def _until(stop: asyncio.Event, concurrency: int) -> None:
    """Run procrastinate's worker until `stop`; it ends by itself, well or with an error, when the database goes away."""
    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):
        async with app.open_async():
            work = asyncio.create_task(
                app.run_worker_async(
                    name="thaki",
                    concurrency=concurrency,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=STOP_PATIENCE_S,
                )
            )
            asked = asyncio.create_task(stop.wait())
            await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
            if not work.done():
                work.cancel()  # the worker takes it as "finish what you are at"
            asked.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work
