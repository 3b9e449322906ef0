"""docs/reference/clicks.md: what each step of the main sale takes, written from a walk and held against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path

from tests.acceptance.hands import Count

from thaki.config.environment import CHECKOUT

PAGE = Path(CHECKOUT) / "docs" / "reference" / "clicks.md"
BEGIN, END = "<!-- counted -->\n", "<!-- end -->\n"
EXECUTIVE, COLLECTIONS, CASHIER = "Ejecutivo de Ventas Digitales", "Encargado de Cobranzas", "Cajero"
# Each step of the walk, who does it, and what it is.
STEPS: Mapping[str, tuple[str, str]] = {
    "web": ("Cliente", "Pide el servicio en la página"),
    "1": (EXECUTIVE, "Gestiona clientes prospectos"),
    "2": (EXECUTIVE, "Identifica categoría del cliente"),
    "3": (EXECUTIVE, "Solicita datos básicos"),
    "4": (EXECUTIVE, "Solicita información cualitativa"),
    "5": (EXECUTIVE, "Consulta Smartflex y GIS"),
    "6": (EXECUTIVE, "Solicita a Help Desk la revisión de velocidades"),
    "7": ("Agente Help Desk", "Revisa existencia de capacidad"),
    "8": (EXECUTIVE, "Negocia la Oferta Comercial, con su Carta Comercial por correo"),
    "9": (EXECUTIVE, "Solicita requisitos: tres papeles"),
    "10": (EXECUTIVE, "Consulta forma de pago"),
    "11": (EXECUTIVE, "Explica alternativas prepago: comprobante de la transferencia"),
    "12": (COLLECTIONS, "Confirma y valida los depósitos; con él sale 15"),
    "16": (CASHIER, "Imprime facturas"),
    "17": (CASHIER, "Archiva y entrega facturas"),
    "21": (EXECUTIVE, "Ingresa a Smartflex"),
    "22": (EXECUTIVE, "Registra datos de la venta"),
    "23": (EXECUTIVE, "Imprime solicitud de contratos de servicios"),
    "24": (EXECUTIVE, "Registra los estados de la venta"),
    "25": ("Responsable Equipo Ventas Digitales", "Seguimiento: ATENDIDO/CERRADA"),
}
HEAD = "| Step | Who | What | Clicks | Keys | Characters | Page loads |\n|---|---|---|---:|---:|---:|---:|\n"
AGAIN = "THAKI_WRITE_COUNTS=1 ./thaki test tests/acceptance/test_counts.py"


def table(steps: Mapping[str, Count]) -> str:
    """The page's table, with the sum as its last row."""
    rows = [_row(step, *STEPS[step], steps[step]) for step in STEPS]
    return HEAD + "".join(rows) + _row("**all**", "", "", sum(steps.values(), Count()))


def _row(step: str, who: str, what: str, count: Count) -> str:
    return f"| {' | '.join((step, who, what, *map(str, astuple(count))))} |\n"


def read() -> str:
    """The table that the page holds."""
    return PAGE.read_text().partition(BEGIN)[2].partition(END)[0]


def _sums(shown: str) -> list[int]:
    last = shown.strip().splitlines()[-1]
    return [int(cell) for cell in last.split("|")[-5:-1]]


def check(steps: Mapping[str, Count]) -> None:
    """The page says what was counted; what rose is named before what is only not current."""
    counted, kept = table(steps), read()
    clicks, keys, _characters, loads = _sums(counted)
    before = _sums(kept)
    assert clicks + keys <= before[0] + before[1], f"the sale takes more clicks and keys than it did:\n{counted}"
    assert loads <= before[3], f"the sale takes more page loads than it did:\n{counted}"
    assert counted == kept, f"docs/reference/clicks.md is not current: {AGAIN}\n{counted}"


def write(steps: Mapping[str, Count]) -> None:
    """Put the table into the page."""
    text = PAGE.read_text()
    head, _begin, rest = text.partition(BEGIN)
    PAGE.write_text(head + BEGIN + table(steps) + END + rest.partition(END)[2])
