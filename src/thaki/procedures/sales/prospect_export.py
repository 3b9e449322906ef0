"""The list of prospects as a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.procedures.sales.prospect_cards import Card
from thaki.reporting.imports.tables import csv_bytes
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.formats import format_instant

CHUNK = 1_000
MOST_XLSX = 20_000  # a workbook is made in memory; the CSV has no end
BOM = "\ufeff".encode()


def columns() -> list[Column]:
    """The headings, with their formats."""
    return [
        Column(_("Estado"), width=14),
        Column(_("Nombre"), width=32),
        Column(_("Teléfono"), width=12),
        Column(_("Correo"), width=28),
        Column(_("Carnet"), width=12),
        Column(_("Canal"), width=12),
        Column(_("Campaña"), width=20),
        Column(_("Interés"), width=20),
        Column(_("Zona"), width=18),
        Column(_("Dirección"), width=32),
        Column(_("Llegó"), "instant"),
        Column(_("Caso"), width=18),
        Column(_("Paso"), width=6),
        Column(_("Vence"), "instant"),
        Column(_("Ejecutivo"), width=24),
        Column(_("Último intento"), width=18),
        Column(_("Volver a llamar"), "instant"),
        Column(_("Motivo de la pérdida"), width=28),
    ]


def rows(found: QuerySet[Any], cards: Callable[[Sequence[Any]], list[Card]]) -> Iterator[list[Any]]:
    """The rows, read in pieces: a list of any length takes the memory of one piece."""
    source = found.iterator(chunk_size=CHUNK)
    while piece := list(islice(source, CHUNK)):
        for card in cards(piece):
            yield _row(card)


def _row(card: Card) -> list[Any]:
    person = card.prospect
    told = (person.phone, person.email, person.ci_number, person.get_channel_display(), person.campaign)
    where = (person.interest, person.zone, person.address, person.received_at)
    stands = (card.case, card.step, card.due_at, card.executive.get_full_name() if card.executive else "")
    row = [card.state_name, card.name, *told, *where, *stands, card.attempt, card.call_back_at, card.reason]
    return [timezone.localtime(cell) if isinstance(cell, datetime) else cell for cell in row]


def as_csv(found: Iterator[list[Any]]) -> Iterator[bytes]:
    """The file, piece by piece, as Excel in Spanish opens it; no cell is a formula."""
    yield csv_bytes([column.heading for column in columns()], [])
    while piece := list(islice(found, CHUNK)):
        text = [[format_instant(cell) if isinstance(cell, datetime) else cell for cell in row] for row in piece]
        yield csv_bytes(text[0], text[1:]).removeprefix(BOM)


def as_xlsx(found: Iterator[list[Any]]) -> bytes:
    """The workbook, of at most MOST_XLSX rows."""
    title = _("Prospectos")
    return workbook([Sheet(title, title, columns(), list(islice(found, MOST_XLSX)))], title=title)
