"""The informe is built by a job: asked for twice there is one build; what was reviewed is what is sent (26)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from tests.integration.sales.conftest import NOW, Walk
from tests.integration.sales.ending import annul, followed, sold_prepaid

from thaki.cases import operations
from thaki.cases.models import Task
from thaki.people.models import User
from thaki.procedures.sales import figures, jobs
from thaki.procedures.sales.models import Goal, ReportBuild, SalesReport
from thaki.procedures.sales.reports import builds, monthly
from thaki.records.billing.models import Invoice
from thaki.records.documents import operations as documents
from thaki.reporting.months import LA_PAZ, bounds

NOVEMBER = date(2026, 11, 1)
DECEMBER = date(2026, 12, 1)


@pytest.fixture
def report(walk: Walk, people: dict[str, User]) -> SalesReport:
    jobs.open_report(NOVEMBER, now=walk.now)
    return SalesReport.objects.get()


def queued() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'sales.build_report'")
        row = cursor.fetchone()
    return int(row[0])


def send(report: SalesReport, people: dict[str, User], walk: Walk) -> SalesReport:
    task = Task.objects.get(case=report.case_id, state="open")
    operations.complete(task.pk, by=people["ventas1"], now=walk.now, data={"comment": "", "send": "on"})
    return SalesReport.objects.select_related("case", "sent_by", "pdf", "xlsx").get()


# ---------------------------------------------------------------- one build
def test_it_is_asked_for_when_step_26_opens(report: SalesReport) -> None:
    assert queued() == 1


def test_asked_for_while_it_is_built_there_is_one_build(report: SalesReport, people: dict[str, User]) -> None:
    first = builds.under_way(report)
    assert builds.ask(report, by=people["ventas1"], now=NOW) == first
    assert queued() == 1


def test_done_it_may_be_built_again(report: SalesReport, people: dict[str, User]) -> None:
    build = builds.under_way(report)
    assert build is not None
    builds.run_build(build.pk)
    build.refresh_from_db()
    assert (build.state, build.data["month"]) == ("done", "noviembre de 2026")
    again = builds.ask(report, by=people["ventas1"], now=NOW + timedelta(minutes=1))
    assert again != build
    assert queued() == 2


def test_a_job_that_runs_twice_counts_once(report: SalesReport, monkeypatch: pytest.MonkeyPatch) -> None:
    build = ReportBuild.objects.get()
    builds.run_build(build.pk)
    monkeypatch.setattr(monthly, "compile_report", lambda *_a, **_k: pytest.fail("counted again"))
    builds.run_build(build.pk)


def test_one_that_fails_says_so_and_can_be_asked_again(
    report: SalesReport, monkeypatch: pytest.MonkeyPatch, client: Client, people: dict[str, User]
) -> None:
    def broken(*_args: Any, **_more: Any) -> None:
        raise ValueError("sin disco")

    monkeypatch.setattr(monthly, "compile_report", broken)
    builds.run_build(ReportBuild.objects.get().pk)
    client.force_login(people["ventas1"])
    page = client.get(f"/ventas/informes/{report.pk}/").content.decode()
    assert "sin disco" in page
    assert "Armar el informe" in page


def test_one_of_a_dead_worker_is_not_waited_for_for_ever(report: SalesReport, people: dict[str, User]) -> None:
    lost = builds.under_way(report)
    later = NOW + builds.LOST_AFTER + timedelta(minutes=1)
    assert builds.ask(report, by=people["ventas1"], now=later) != lost


def test_the_progress_is_shown_and_the_page_comes_by_itself(
    report: SalesReport, client: Client, people: dict[str, User]
) -> None:
    client.force_login(people["ventas1"])
    progress = f"/ventas/informes/{report.pk}/avance/"
    assert "0 de 5 partes" in client.get(progress).content.decode()
    builds.run_build(ReportBuild.objects.get().pk)
    assert client.get(progress).headers["HX-Refresh"] == "true"


# ---------------------------------------------------------------- reviewed, sent, frozen
def test_what_was_reviewed_is_what_is_sent(report: SalesReport, people: dict[str, User], walk: Walk) -> None:
    builds.run_build(ReportBuild.objects.get().pk)
    sold_prepaid(walk)
    Invoice.objects.update(issued_at=datetime(2026, 11, 10, tzinfo=LA_PAZ))
    sent = send(report, people, walk)
    assert sent.data["kpi"]["current_bob"] == "0"
    assert sent.data_at is not None


def test_the_bytes_that_were_sent_are_those_that_are_handed_out(
    report: SalesReport, people: dict[str, User], walk: Walk, client: Client
) -> None:
    sent = send(report, people, walk)
    client.force_login(people["jefeventas1"])
    for suffix, kept in (("pdf", sent.pdf), ("xlsx", sent.xlsx)):
        assert kept is not None
        assert client.get(f"/ventas/informes/{report.pk}.{suffix}").content == documents.read(kept)
    answer = client.post(f"/ventas/informes/{report.pk}/comprobar/", follow=True).content.decode()
    assert "da los mismos bytes" in answer


def test_the_database_refuses_to_change_what_was_sent(report: SalesReport, people: dict[str, User], walk: Walk) -> None:
    sent = send(report, people, walk)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        SalesReport.objects.filter(pk=sent.pk).update(comment="otro")


def test_a_sent_one_is_not_counted_again(report: SalesReport, people: dict[str, User], walk: Walk) -> None:
    with pytest.raises(builds.AlreadySent):
        builds.ask(send(report, people, walk), by=people["ventas1"], now=walk.now)


@pytest.mark.parametrize("which", ["original", "copia"])
def test_original_and_copy_come_out_alone_too(
    report: SalesReport, people: dict[str, User], walk: Walk, client: Client, which: str
) -> None:
    send(report, people, walk)
    client.force_login(people["canales1"])
    both = client.get(f"/ventas/informes/{report.pk}.pdf").content
    one = client.get(f"/ventas/informes/{report.pk}.pdf?ejemplar={which}").content
    assert one.startswith(b"%PDF")
    assert len(one) < len(both)


# ---------------------------------------------------------------- what it counts
def test_the_funnel_tells_the_month_from_those_received_in_it(walk: Walk) -> None:
    followed(sold_prepaid(walk))
    counted = {one.code: (one.reached, one.cohort) for one in figures.funnel(*bounds(NOVEMBER))}
    assert counted["received"] == (1, 1)
    assert counted["sold"] == (1, 1)


def test_a_closure_and_an_annulment_count_in_the_month_they_happen(walk: Walk) -> None:
    followed(sold_prepaid(walk))
    walk.now = datetime(2026, 12, 2, 14, tzinfo=LA_PAZ)
    annul(walk)
    assert (figures.breakdown(*bounds(NOVEMBER)).total.sold, figures.breakdown(*bounds(NOVEMBER)).total.annulled) == (
        1,
        0,
    )
    assert (figures.breakdown(*bounds(DECEMBER)).total.sold, figures.breakdown(*bounds(DECEMBER)).total.annulled) == (
        0,
        1,
    )


def test_the_last_minute_of_a_month_in_la_paz_is_still_that_month(walk: Walk) -> None:
    sold_prepaid(walk)
    month: Callable[[date], Decimal] = lambda day: figures.volumes(day, day)[day]  # noqa: E731
    Invoice.objects.update(issued_at=datetime(2026, 11, 30, 23, 59, 59, tzinfo=LA_PAZ))
    assert (month(NOVEMBER) > 0, month(DECEMBER) > 0) == (True, False)
    Invoice.objects.update(issued_at=datetime(2026, 12, 1, 0, 0, tzinfo=LA_PAZ))
    assert (month(NOVEMBER) > 0, month(DECEMBER) > 0) == (False, True)


def test_sides_agree_with_the_whole(walk: Walk) -> None:
    followed(sold_prepaid(walk))
    found = figures.breakdown(*bounds(NOVEMBER))
    for side in (found.by_executive, found.by_channel, found.by_product, found.by_zone, found.by_executive_product):
        assert sum(line.sold for line in side) == found.total.sold == 1
        assert sum(line.tariff_bob for line in side) == found.total.tariff_bob


def test_metas_stand_beside_what_was_sold_of_them(walk: Walk, people: dict[str, User]) -> None:
    followed(sold_prepaid(walk))
    seller = walk.sale.executive
    for executive, product, goal in ((None, "", 2), (seller, "", 1), (seller, "internet", 1), (None, "tv", 1)):
        Goal.objects.create(
            month_on=NOVEMBER, executive=executive, product_kind=product, sales_count=goal, entered_at=NOW
        )
    rows = monthly.compile_report(NOVEMBER)["goals"]
    assert [(row["goal"], row["sold"], row["verdict"]) for row in rows] == [
        (2, 1, "no cumplida"), (1, 0, "no cumplida"), (1, 1, "cumplida"), (1, 1, "cumplida")
    ]  # fmt: skip


def test_every_step_has_its_median_and_p90(walk: Walk) -> None:
    followed(sold_prepaid(walk))
    times = {time.step: time for time in figures.step_times(*bounds(NOVEMBER))}
    assert {"1", "7", "12", "24"} <= set(times)
    assert all(time.median_s <= time.p90_s for time in times.values())


def test_the_trend_says_what_was_sent_and_counts_the_rest(
    report: SalesReport, people: dict[str, User], walk: Walk
) -> None:
    send(report, people, walk)
    sold_prepaid(walk)
    Invoice.objects.update(issued_at=datetime(2026, 11, 10, tzinfo=LA_PAZ))
    november, december = figures.trend(DECEMBER)[-2:]
    assert (str(november.current_bob), november.reported) == ("0", True)
    assert december.verdict == "OBSERVADO"  # nothing yet, against what November billed
