"""Figures for Prometheus: requests of this process's server, and the state of the work, read from the database."""

import os
from collections.abc import Iterator
from hmac import compare_digest

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from thaki.people.access import public

BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_requests = Counter("thaki_requests", "Requests answered", ["view", "method", "status"])
_seconds = Histogram("thaki_request_seconds", "Time at the server", ["view"], buckets=BUCKETS_S)

# name, help, label, query giving (label's value, number)
_GAUGES = (
    ("thaki_jobs", "Jobs by state", "state", "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1"),
    ("thaki_cases", "Cases by state", "state", "SELECT state, count(*) FROM cases_case GROUP BY 1"),
    (
        "thaki_worker_heartbeat_age_seconds",
        "Age of the last sign of life of each worker",
        "worker",
        "SELECT id::text, extract(epoch FROM now() - last_heartbeat) FROM procrastinate_workers",
    ),
)


def observe(view: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    _requests.labels(view, method, str(status)).inc()
    _seconds.labels(view).observe(seconds)


class _Work(Collector):
    """Figures that every process would tell alike: they are in the database."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        with connection.cursor() as cursor:
            for name, text, label, query in _GAUGES:
                gauge = GaugeMetricFamily(name, text, labels=[label])
                cursor.execute(query)
                for value, number in cursor.fetchall():
                    gauge.add_metric([value], float(number))
                yield gauge


def may_read(request: HttpRequest) -> bool:
    """The bearer of THAKI_METRICS_TOKEN; without a token, this machine itself, but not through a proxy on it."""
    if settings.METRICS_TOKEN:
        return compare_digest(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
    return not forwarded and request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")


@public("guarded by its own token, or by being asked from this machine")
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures in Prometheus' text format."""
    if not may_read(request):
        return HttpResponseForbidden()
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)
        body = generate_latest(registry)
    else:
        body = generate_latest(REGISTRY)
    work = CollectorRegistry()
    work.register(_Work())
    return HttpResponse(body + generate_latest(work), content_type=CONTENT_TYPE_LATEST)
