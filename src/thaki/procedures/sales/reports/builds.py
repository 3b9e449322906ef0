"""The informe is built by a worker, with progress; whoever asks while one is being built is shown that one (GVD step 26).

A build whose worker died is taken up again by the job's own retry; one that fails says why, and can be asked for anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from thaki.procedures.sales.models import ReportBuild, SalesReport
from thaki.procedures.sales.reports import monthly

if TYPE_CHECKING:
    from thaki.people.models import User

log = structlog.get_logger(__name__)
State = ReportBuild.State
UNFINISHED = (State.QUEUED, State.RUNNING)
LOST_AFTER = timedelta(minutes=10)  # a build of which nothing was heard for so long is not waited for any more


class AlreadySent(Exception):
    """The informe was sent: its figures are not counted again."""


def ask(report: SalesReport, *, by: User | None, now: datetime) -> ReportBuild:
    """Have the figures of an informe counted; the build that is under way if there is one. Raises AlreadySent."""
    if report.sent_at is not None:
        raise AlreadySent
    with transaction.atomic():
        _give_up_lost(report, now)
        try:
            with transaction.atomic():
                build = report.builds.create(asked_by=by, asked_at=now, parts=len(monthly.PARTS))
        except IntegrityError:  # one is under way, or was a moment ago
            return report.builds.latest("pk")
        run_build.defer(build_id=build.pk)
        return build


def _give_up_lost(report: SalesReport, now: datetime) -> None:
    lost = report.builds.filter(state__in=UNFINISHED, asked_at__lt=now - LOST_AFTER)
    lost.update(state=State.FAILED, finished_at=now, error="sin noticias del trabajador")


def under_way(report: SalesReport) -> ReportBuild | None:
    """The build that is queued or running."""
    return report.builds.filter(state__in=UNFINISHED).first()


def shown(report: SalesReport) -> ReportBuild | None:
    """The last build that is done: the figures that are reviewed, and sent."""
    return report.builds.filter(state=State.DONE).order_by("-finished_at", "-pk").first()


def last_failed(report: SalesReport) -> ReportBuild | None:
    """The last build, if it failed."""
    last = report.builds.order_by("-pk").first()
    return last if last is not None and last.state == State.FAILED else None


@app.task(name="sales.build_report", retry=2)
def run_build(build_id: int) -> None:
    """Count the figures of a build."""
    taken = ReportBuild.objects.filter(pk=build_id, state__in=UNFINISHED).update(state=State.RUNNING)
    if not taken:
        return
    build = ReportBuild.objects.select_related("report").get(pk=build_id)
    try:
        with _teller(build_id) as tell:
            data = monthly.compile_report(build.report.month_on, tell=tell)
    except Exception as error:  # whoever waits for it must hear of it
        log.exception("report_build_failed", build=build_id)
        _finish(build_id, state=State.FAILED, error=repr(error)[:300])
        return
    _finish(build_id, state=State.DONE, data=data, parts_done=build.parts)


def _finish(build_id: int, **values: Any) -> None:
    ReportBuild.objects.filter(pk=build_id, state__in=UNFINISHED).update(finished_at=timezone.now(), **values)


class _teller:
    """Writes the progress on a connection of its own: the figures are counted inside one transaction that is not over yet."""

    def __init__(self, build_id: int) -> None:
        self.build_id = build_id
        self.other = connection.copy()

    def __enter__(self) -> monthly.Tell:
        return self.tell

    def tell(self, done: int, part: str) -> None:
        """So many parts are counted, and this one is at it."""
        with self.other.cursor() as cursor:
            cursor.execute(
                "UPDATE sales_reportbuild SET parts_done = %s, part = %s WHERE id = %s AND state = 'running'",
                (done, part[:40], self.build_id),
            )

    def __exit__(self, *_: object) -> None:
        self.other.close()
