"""Who reads the reports of Ventas Digitales, and how a file is handed to them."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from thaki.people.roles import Role
from thaki.records.documents.rules import XLSX
from thaki.reporting.months import month_of

PDF = "application/pdf"
CHIEFS = (
    Role.RESPONSABLE_CANALES_DIGITALES,
    Role.RESPONSABLE_VENTAS_DIGITALES,
    Role.JEFE_DIVISION_VENTAS,
    Role.GESTION_CALIDAD,
    Role.ADMINISTRADOR,
)
__all__ = ["CHIEFS", "PDF", "XLSX", "file", "month_in"]


def file(content: bytes, media_type: str, name: str) -> HttpResponse:
    """A document of the house: a PDF opens in the browser, the others are saved."""
    way = "inline" if media_type == PDF else "attachment"
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'{way}; filename="{name}"'})


def month_in(request: HttpRequest) -> date:
    """The month that the address names (`?mes=2026-12`); nonsense is this month."""
    text = request.GET.get("mes", "") or request.POST.get("mes", "")
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return month_of(timezone.now())
    return month if 2000 <= month.year < 2200 else month_of(timezone.now())
