"""A program brings leads in and takes reports out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from tests.integration.api.conftest import Caller

from thaki.cases import runtime
from thaki.cases.models import Case
from thaki.procedures.sales.models import SalesReport

pytestmark = pytest.mark.django_db
LEAD = {"name": "Rosa Mamani Quispe", "phone": "70712345", "channel": "botmaker", "interest": "Internet"}


def test_a_lead_becomes_a_prospect_and_a_free_case(caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1").post("prospects", LEAD, 201)
    case = Case.objects.get(number=told["case"])
    assert (case.subject, case.tasks.get().assignee) == ("Rosa Mamani Quispe", None)
    assert caller("ejecutivo1").get(f"prospects/{told['case']}") == told


def test_the_same_lead_of_a_channel_is_taken_once(caller: Callable[..., Caller]) -> None:
    asked = caller("ejecutivo1")
    first = asked.post("prospects", LEAD | {"external_ref": "bm-77"}, 201)
    assert asked.post("prospects", LEAD | {"external_ref": "bm-77"}, 201)["case"] == first["case"]
    assert Case.objects.count() == 1


def test_a_lead_that_cannot_be_reached_is_refused_by_field(caller: Callable[..., Caller]) -> None:
    told = caller("ejecutivo1").post("prospects", {"name": "Rosa"}, 422)
    assert told["errors"][0]["field"] == "phone"
    assert not Case.objects.exists()
    told = caller("ejecutivo1").post("prospects", LEAD | {"phone": "12"}, 422)
    assert told["errors"]
    told = caller("ejecutivo1").post("prospects", LEAD | {"celular": "12"}, 422)
    assert told["errors"] == [{"field": "celular", "detail": "No se conoce."}]


def test_prospects_are_listed_by_how_far_they_came(case: Case, caller: Callable[..., Caller]) -> None:
    asked = caller("ejecutivo1")
    assert [item["case"] for item in asked.get("prospects?milestone=new")["items"]] == [case.number]
    assert asked.get("prospects?milestone=sold")["items"] == []
    assert asked.get("prospects?channel=facebook")["items"] == []
    assert caller("cajero1").get("prospects", 403)["code"] == "not_allowed"


def test_who_does_not_open_sales_brings_no_leads(caller: Callable[..., Caller]) -> None:
    assert caller("cajero1").post("prospects", LEAD, 403)["code"] == "not_allowed"


@pytest.fixture
def report(fresh_versions: None) -> SalesReport:
    """An informe under way."""
    from tests.integration.sales.conftest import NOW

    case = runtime.start("sales_report", {"month": "2026-10-01"}, by=None, now=NOW)
    return SalesReport.objects.get(case=case)


def test_an_informe_is_listed_read_and_downloaded(report: SalesReport, caller: Callable[..., Caller]) -> None:
    asked = caller("jefeventas1")
    listed = asked.get("reports")["items"]
    assert [item["month"] for item in listed] == [date(2026, 10, 1).isoformat()]
    told = asked.get(f"reports/{report.pk}")
    assert told["data"]["totals"]["sales"] == 0
    header = {"Authorization": f"Bearer {asked.key}"}
    pdf = asked.client.get(f"/api/v1/reports/{report.pk}/file", headers=header)
    assert pdf.content.startswith(b"%PDF")
    xlsx = asked.client.get(f"/api/v1/reports/{report.pk}/file?format=xlsx", headers=header)
    assert xlsx.content.startswith(b"PK")
    assert asked.client.get("/api/v1/reports/unserved", headers=header).content.startswith(b"%PDF")
    assert asked.get("reports/999999", 404)["code"] == "not_found"
