"""GVD step 26: the monthly informe, frozen once sent; and the Reporte de solicitudes no atendidas of 19."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook
from tests.integration.sales.conftest import Walk
from tests.integration.sales.ending import followed, sold_prepaid

from thaki.cases import operations, runtime
from thaki.cases.models import Case, Task
from thaki.channels.email.models import OutboundMail
from thaki.people.models import User
from thaki.procedures.sales import figures, jobs
from thaki.procedures.sales.models import SalesReport
from thaki.procedures.sales.reports import monthly, unserved
from thaki.procedures.sales.reports.informe import produce_pdf, produce_xlsx
from thaki.records.billing.models import Invoice

NOVEMBER = date(2026, 11, 1)


def opened(people: dict[str, User], walk: Walk) -> tuple[SalesReport, Task]:
    jobs.open_report(NOVEMBER, now=walk.now)
    report = SalesReport.objects.get()
    return report, Task.objects.get(case=report.case_id, state="open")


def send(people: dict[str, User], walk: Walk, task: Task, comment: str = "Buen mes") -> None:
    operations.complete(task.pk, by=people["ventas1"], now=walk.now, data={"comment": comment, "send": "on"})


def test_it_opens_once_a_month(walk: Walk, people: dict[str, User]) -> None:
    assert jobs.open_report(NOVEMBER, now=walk.now)
    assert not jobs.open_report(NOVEMBER, now=walk.now)
    assert Case.objects.filter(procedure="sales_report").count() == 1


def test_a_sale_counts_in_the_month_of_its_venta_stamp(walk: Walk, people: dict[str, User]) -> None:
    followed(sold_prepaid(walk))
    assert monthly.compile_report(NOVEMBER)["totals"]["sales"] == 1
    assert monthly.compile_report(date(2026, 12, 1))["totals"]["sales"] == 0


def test_the_volume_is_what_was_invoiced_less_what_was_voided(walk: Walk, people: dict[str, User]) -> None:
    sold_prepaid(walk)
    assert figures.volumes(NOVEMBER, NOVEMBER)[NOVEMBER] == Invoice.objects.get().amount_bob
    Invoice.objects.update(voided_at=walk.now, credit_note="NC-1", void_reason="Venta anulada")
    assert figures.volumes(NOVEMBER, NOVEMBER)[NOVEMBER] == 0


def test_without_a_month_before_there_is_no_base(walk: Walk, people: dict[str, User]) -> None:
    sold_prepaid(walk)
    assert monthly.compile_report(NOVEMBER)["kpi"]["verdict"] == "sin base"


def test_once_sent_it_is_frozen_and_comes_out_the_same_to_the_byte(walk: Walk, people: dict[str, User]) -> None:
    report, task = opened(people, walk)
    send(people, walk, task)
    report.refresh_from_db()
    first = produce_pdf(report)
    sold_prepaid(walk)  # later events change nothing
    report.refresh_from_db()
    assert produce_pdf(report) == first
    assert report.data["totals"]["sales"] == 0


def test_it_goes_to_the_chief_with_a_copy_to_the_responsable_of_canales(walk: Walk, people: dict[str, User]) -> None:
    _report, task = opened(people, walk)
    send(people, walk, task)
    mail = OutboundMail.objects.get()
    assert (mail.to, mail.cc) == (people["jefeventas1"].email, [people["canales1"].email])
    assert {document.name for document in mail.documents.all()} == {"informe-2026-11.pdf", "informe-2026-11.xlsx"}


def test_it_is_not_sent_by_mistake(walk: Walk, people: dict[str, User]) -> None:
    _report, task = opened(people, walk)
    with pytest.raises(runtime.AnswerInvalid):
        operations.complete(task.pk, by=people["ventas1"], now=walk.now, data={"comment": "…"})
    assert OutboundMail.objects.count() == 0


def test_the_workbook_says_what_the_paper_says(walk: Walk, people: dict[str, User]) -> None:
    report, _task = opened(people, walk)
    data = monthly.compile_report(NOVEMBER)
    book = CalamineWorkbook.from_filelike(BytesIO(produce_xlsx(report, data)))
    summary = {row[0]: row[1] for row in book.get_sheet_by_name("Resumen").to_python() if row[0]}
    assert summary["Resultado"] == data["kpi"]["verdict"]
    assert summary["Ejemplar"] == "ORIGINAL"


def test_the_report_of_19_lists_who_waits_for_a_decision(walk: Walk, people: dict[str, User]) -> None:
    walk.to(7)
    walk.done(7, {"capacity": "no", "reason": "no_ports"})
    rows = [unserved.row(item) for item in unserved.requests()]
    assert [(row.case, row.left_at_step) for row in rows] == [(walk.case.number, 7)]
    assert unserved.as_pdf(rows, now=walk.now).startswith(b"%PDF")


@pytest.mark.parametrize("address", ["/ventas/no-atendidas/", "/ventas/informes/", "/ventas/metas/"])
def test_the_chief_reads_the_reports(walk: Walk, people: dict[str, User], client: Client, address: str) -> None:
    opened(people, walk)
    client.force_login(people["jefeventas1"])
    assert client.get(address).status_code == 200


def test_only_the_chief_enters_metas(walk: Walk, people: dict[str, User], client: Client) -> None:
    meta = {"meta-todos-internet": "40"}
    client.force_login(people["ventas1"])
    client.post("/ventas/metas/?mes=2026-11", meta)
    assert monthly.compile_report(NOVEMBER)["goals"] == []
    client.force_login(people["jefeventas1"])
    client.post("/ventas/metas/?mes=2026-11", meta)
    assert monthly.compile_report(NOVEMBER)["goals"][0]["goal"] == 40
