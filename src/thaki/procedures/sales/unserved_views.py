"""Pages of demand not served (GVD step 19): the living list, its map and charts, its files, and the mornings' reports."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from thaki.people.access import StaffRequest, staff
from thaki.procedures.sales import unserved_list as listed
from thaki.procedures.sales.models import UnservedReport, UnservedRequest
from thaki.procedures.sales.reasons import UNSERVED_LABELS
from thaki.procedures.sales.report_access import CHIEFS, PDF, XLSX, file
from thaki.procedures.sales.reports import unserved as report
from thaki.procedures.sales.unserved_charts import charts
from thaki.records.documents import operations as documents
from thaki.records.offers.models import Technology
from thaki.ui.formats import format_date
from thaki.ui.paging import Page, page_of

MOST_ON_PAPER, MOST_IN_A_BOOK = 2_000, 20_000
NAMED_ON_MAP = 3  # reasons in a dot's words
VIEWS = {
    "lista": "sales_reports:unserved",
    "mapa": "sales_reports:unserved_map",
    "grafico": "sales_reports:unserved_chart",
}


# ---------------------------------------------------------------- list, map, chart
@staff(*CHIEFS)
@require_safe
def unserved(request: StaffRequest) -> HttpResponse:
    """The living list."""
    filters = listed.read_filters(request.GET)
    page: Page[UnservedRequest] = page_of(listed.rows(filters, now=timezone.now()), request)
    shown = [(item, report.row(item)) for item in page.rows]
    return render(request, "sales/pages/unserved.html", {**_frame(filters, "lista"), "page": page, "rows": shown})


@staff(*CHIEFS)
@require_safe
def unserved_map(request: StaffRequest) -> HttpResponse:
    """The same on a map."""
    filters = listed.read_filters(request.GET)
    placed = listed.found(filters, now=timezone.now()).filter(lat__isnull=False, lon__isnull=False)
    return render(request, "sales/pages/unserved_map.html", {**_frame(filters, "mapa"), "any": placed.exists()})


@staff(*CHIEFS)
@require_safe
def unserved_chart(request: StaffRequest) -> HttpResponse:
    """The same as charts."""
    filters = listed.read_filters(request.GET)
    counted = listed.counts(filters, now=timezone.now())
    context = {**_frame(filters, "grafico"), "total": counted.total, "charts": charts(counted, filters)}
    return render(request, "sales/pages/unserved_chart.html", context)


def _frame(filters: listed.Filters, view: str) -> dict[str, Any]:
    """What list, map and chart have in common: filters, tabs, files."""
    names = {
        "lista": (_("Lista"), "list-details"),
        "mapa": (_("Mapa"), "map-2"),
        "grafico": (_("Gráfico"), "chart-bar"),
    }
    query = filters.query()
    return {
        "filters": filters,
        "query": query,
        "view": view,
        "tabs": [
            {"label": label, "icon": icon, "href": f"{reverse(VIEWS[key])}?{query}", "active": key == view}
            for key, (label, icon) in names.items()
        ],
        "states": [(code, label) for code, (label, _condition) in listed.STATES.items()],
        "reasons": [(reason.value, label) for reason, label in UNSERVED_LABELS.items()],
        "zones": listed.zones(filters, now=timezone.now()),
        "technologies": [*Technology.choices, (listed.UNKNOWN, _("Sin tecnología"))],
        "days": listed.DAYS,
    }


@staff(*CHIEFS)
@require_safe
def unserved_geojson(request: StaffRequest) -> JsonResponse:
    """The dots of a map's box, those that lie together as one."""
    filters, box = listed.read_filters(request.GET), listed.read_box(request.GET)
    dots = listed.dots(filters, box, now=timezone.now())
    single = listed.alone(dots)
    return JsonResponse({"type": "FeatureCollection", "features": [_feature(dot, single) for dot in dots]})


def _feature(dot: dict[str, Any], single: dict[int, Any]) -> dict[str, Any]:
    found = single.get(dot["one"] or 0)
    words = [f"{listed.reason_name(code)}: {n}" for code, n in dot["reasons"][:NAMED_ON_MAP]]
    if found is not None:
        name, href = found.sale.case.number, reverse("case", args=[found.sale.case.number])
        words = [listed.reason_name(found.reason), found.zone]
    else:
        name, href = ngettext("%(n)s solicitud", "%(n)s solicitudes", dot["n"]) % {"n": dot["n"]}, ""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [round(dot["lon"], 6), round(dot["lat"], 6)]},
        "properties": {"n": dot["n"], "name": name, "href": href, "text": "\n".join(word for word in words if word)},
    }


# ---------------------------------------------------------------- on demand
@staff(*CHIEFS)
@require_safe
def unserved_pdf(request: StaffRequest) -> HttpResponse:
    """The list on paper, as it is now."""
    now, filters = timezone.now(), listed.read_filters(request.GET)
    rows = [report.row(item) for item in listed.rows(filters, now=now)[:MOST_ON_PAPER]]
    content = report.as_pdf(rows, now=now, asked=asked(filters))
    return file(content, PDF, f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}.pdf")


@staff(*CHIEFS)
@require_safe
def unserved_xlsx(request: StaffRequest) -> HttpResponse:
    """The list as a workbook, as it is now."""
    now, filters = timezone.now(), listed.read_filters(request.GET)
    rows = [report.row(item) for item in listed.rows(filters, now=now)[:MOST_IN_A_BOOK]]
    return file(report.as_xlsx(rows, now=now), XLSX, f"no-atendidas-{timezone.localtime(now):%Y-%m-%d}.xlsx")


def asked(filters: listed.Filters) -> str:
    """What of the list is shown, in words."""
    parts = [str(listed.STATES[filters.state][0]).lower()]
    if filters.reason:
        parts.append(listed.reason_name(filters.reason))
    if filters.zone:
        parts.append(filters.zone)
    if filters.technology:
        parts.append(listed.technology_name(filters.technology))
    if filters.since:
        parts.append(_("desde el %(day)s") % {"day": format_date(filters.since)})
    if filters.until:
        parts.append(_("hasta el %(day)s") % {"day": format_date(filters.until)})
    if filters.text:
        parts.append(f"«{filters.text}»")
    return ", ".join(parts)


# ---------------------------------------------------------------- every morning
@staff(*CHIEFS)
@require_safe
def unserved_reports(request: StaffRequest) -> HttpResponse:
    """The reports of the mornings, frozen."""
    found = UnservedReport.objects.select_related("pdf", "xlsx").order_by("-made_on")
    context = {"page": page_of(found, request, 31), "recipients": report.recipients()}
    return render(request, "sales/pages/unserved_reports.html", context)


@staff(*CHIEFS)
@require_safe
def unserved_report(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    """One of them, to the byte."""
    made = get_object_or_404(UnservedReport.objects.select_related("pdf", "xlsx"), pk=pk)
    kept, media_type = (made.pdf, PDF) if form == "pdf" else (made.xlsx, XLSX)
    return file(documents.read(kept), media_type, kept.name)
