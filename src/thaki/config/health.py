"""Is it alive, and is it ready: for people, proxies and supervisors."""

from datetime import timedelta
from functools import cache

from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from thaki.people.access import public

WORKER_SILENCE = timedelta(seconds=40)  # a worker gives a sign of life every 10 s


@public("a supervisor asks it without an account; it tells nothing")
def live(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@public("a proxy asks it without an account; it tells no data")
def ready(request: HttpRequest) -> HttpResponse:
    """200 when the database answers and its migrations are applied; says as well whether a worker is at work."""
    try:
        if not migrations_are_current():
            told = {"status": "unavailable", "database": "ok", "migrations": "pending"}
            return JsonResponse(told, status=503)
        worker = "ok" if worker_is_alive() else "silent"  # people can go on without it: jobs wait
    except (OperationalError, InterfaceError):
        return JsonResponse({"status": "unavailable", "database": "down"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok", "migrations": "current", "worker": worker})


def pending_migrations() -> list[str]:
    """Names of the migrations that the database lacks."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def migrations_are_current() -> bool:
    """Whether the database has them all; once true it stays true for this process, and only the connection is tried."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return _are_current()


@cache
def _current_for_good() -> None:
    if pending_migrations():
        raise LookupError


def _are_current() -> bool:
    try:
        _current_for_good()
    except LookupError:
        return False
    return True


def worker_is_alive() -> bool:
    """Whether any worker gave a sign of life lately."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT exists(SELECT FROM procrastinate_workers WHERE last_heartbeat > %s)",
            [timezone.now() - WORKER_SILENCE],
        )
        return bool(cursor.fetchone()[0])
