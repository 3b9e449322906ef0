"""Believable plans and packages (Bs), for the demonstration."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from thaki.records.offers.catalogue import enter_first_tariffs
from thaki.records.offers.models import Plan

CONDITIONS = "Permanencia mínima de 12 meses. Velocidad hasta; tarifa mensual con impuestos de ley."
# code, name, technology, kind, down, up, tariff, installation, highlights
_PLANS = (
    ("FO30", "Fibra Hogar 30", "FO", "internet", 30, 15, 149, 150, "Wi-Fi incluido"),
    ("FO60", "Fibra Hogar 60", "FO", "internet", 60, 30, 189, 150, "Wi-Fi doble banda"),
    ("FO100", "Fibra Hogar 100", "FO", "internet", 100, 50, 235, 100, "Wi-Fi doble banda"),
    ("FO200", "Fibra Hogar 200", "FO", "internet", 200, 100, 330, 100, "Wi-Fi 6"),
    ("FO300", "Fibra Hogar 300", "FO", "internet", 300, 150, 450, 0, "Wi-Fi 6 y punto adicional"),
    ("HFC15", "Cable Hogar 15", "HFC", "internet", 15, 3, 129, 180, "Wi-Fi incluido"),
    ("HFC30", "Cable Hogar 30", "HFC", "internet", 30, 5, 165, 180, "Wi-Fi incluido"),
    ("HFC50", "Cable Hogar 50", "HFC", "internet", 50, 8, 210, 150, "Wi-Fi incluido"),
    ("HFC80", "Cable Hogar 80", "HFC", "internet", 80, 10, 279, 150, "Wi-Fi doble banda"),
    ("ADSL4", "ADSL Hogar 4", "ADSL", "internet", 4, 1, 99, 120, "Módem en comodato"),
    ("ADSL8", "ADSL Hogar 8", "ADSL", "internet", 8, 1, 139, 120, "Módem en comodato"),
    ("ADSL12", "ADSL Hogar 12", "ADSL", "internet", 12, 1, 175, 120, "Módem en comodato"),
    ("WL4", "Inalámbrico 4", "WIRELESS", "internet", 4, 1, 110, 250, "Antena incluida"),
    ("WL8", "Inalámbrico 8", "WIRELESS", "internet", 8, 2, 155, 250, "Antena incluida"),
    ("WL12", "Inalámbrico 12", "WIRELESS", "internet", 12, 3, 199, 250, "Antena incluida"),
    ("TVB", "TV Básica", "TV", "tv", 0, 0, 89, 100, "90 canales"),
    ("TVHD", "TV HD", "TV", "tv", 0, 0, 139, 100, "130 canales, 40 en HD"),
    ("TVPR", "TV Premium", "TV", "tv", 0, 0, 199, 100, "STAR y HBO"),
    ("TEL", "Línea fija residencial", "TEL", "telephony", 0, 0, 35, 80, "Llamadas locales ilimitadas a COMTECO"),
    ("FIJACOM", "Fijacom", "WIRELESS", "telephony", 0, 0, 45, 60, "Línea fija inalámbrica"),
    ("MAX", "Línea Max", "TEL", "telephony", 0, 0, 60, 80, "500 minutos a celulares"),
    ("DUO-FO60", "Dúo Fibra 60 + Línea", "FO", "package", 60, 30, 209, 100, "Internet y telefonía"),
    ("DUO-FO100", "Dúo Fibra 100 + TV HD", "FO", "package", 100, 50, 329, 50, "Internet y TV HD"),
    ("TRIO-FO100", "Trío Fibra 100", "FO", "package", 100, 50, 355, 0, "Internet, TV HD y línea"),
    ("TRIO-FO200", "Trío Fibra 200 Premium", "FO", "package", 200, 100, 499, 0, "Internet, TV Premium y Línea Max"),
    ("TRIO-HFC50", "Trío Cable 50", "HFC", "package", 50, 8, 319, 50, "Internet, TV Básica y línea"),
    ("DUO-ADSL8", "Dúo ADSL 8 + Línea", "ADSL", "package", 8, 1, 159, 100, "Internet y telefonía"),
)
_COMPONENTS = {
    "DUO-FO60": ("FO60", "TEL"),
    "DUO-FO100": ("FO100", "TVHD"),
    "TRIO-FO100": ("FO100", "TVHD", "TEL"),
    "TRIO-FO200": ("FO200", "TVPR", "MAX"),
    "TRIO-HFC50": ("HFC50", "TVB", "TEL"),
    "DUO-ADSL8": ("ADSL8", "TEL"),
}


def build_plans(today: date) -> dict[str, Plan]:
    """The catalogue by code: 27 on sale and one that no longer is."""
    since = today - timedelta(days=240)
    plans = [_plan(*row, since=since) for row in _PLANS]
    gone = _plan("FO20", "Fibra Hogar 20 (2025)", "FO", "internet", 20, 10, 129, 150, "", since=since)
    gone.valid_to_on = today - timedelta(days=60)
    Plan.objects.bulk_create([*plans, gone], ignore_conflicts=True)
    enter_first_tariffs(now=timezone.now())
    found = {plan.code: plan for plan in Plan.objects.all()}
    through = Plan.components.through
    links = [(code, part) for code, parts in _COMPONENTS.items() for part in parts]
    through.objects.bulk_create(
        [through(from_plan_id=found[code].pk, to_plan_id=found[part].pk) for code, part in links], ignore_conflicts=True
    )
    return found


def _plan(
    code: str,
    name: str,
    technology: str,
    kind: str,
    down: int,
    up: int,
    tariff: int,
    installation: int,
    highlights: str,
    *,
    since: date,
) -> Plan:
    """One row of the table."""
    return Plan(
        code=code,
        name=name,
        technology=technology,
        kind=kind,
        down_mbps=down,
        up_mbps=up,
        tariff_bob=Decimal(tariff),
        installation_bob=Decimal(installation),
        highlights=highlights,
        conditions=CONDITIONS,
        valid_from_on=since,
    )
