"""What the network's records say of a sale's place, and the answer to step 7 wherever it comes from (R-A8)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from thaki.cases.registry import Work
from thaki.channels.email import outbox
from thaki.integrations.gis.port import get_gis
from thaki.procedures.sales.choices import CapacityReason
from thaki.procedures.sales.models import Capacity, Sale
from thaki.procedures.sales.operations import to_unserved
from thaki.procedures.sales.reasons import UnservedReason
from thaki.procedures.sales.rules import capacity_reason, line_quality
from thaki.records.network.models import Line
from thaki.records.network.rules import NearLine, TechnologyVerdict, answer_capacity

CAPACITY_FIELDS = (
    "capacity", "capacity_technology", "max_mbps", "capacity_reason", "capacity_note", "capacity_by", "capacity_at",
)  # fmt: skip

REFERENCES = 6  # lines proposed as reference


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to step 7."""

    capacity: str
    technology: str = ""
    max_mbps: int | None = None
    reason: str = ""
    note: str = ""

    @property
    def fill(self) -> str:
        """The fields of step 7 that taking this answer fills, for steps.js."""
        return json.dumps(
            {
                "capacity": self.capacity,
                "technology": self.technology,
                "max_mbps": self.max_mbps or "",
                "reason": self.reason,
            }
        )


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A measured line with the verdict on its parameters."""

    line: NearLine | Line
    quality: str  # rules.Quality


def qualify(sale: Sale) -> tuple[TechnologyVerdict, ...]:
    """The verdict of every technology at the sale's place, today; nothing without a pin."""
    if sale.lat is None or sale.lon is None:
        return ()
    return get_gis().qualify(sale.lat, sale.lon, wanted_mbps=sale.wanted_mbps or 0)


def kept_verdicts(sale: Sale) -> tuple[TechnologyVerdict, ...]:
    """The verdicts as they were seen at step 5."""
    return tuple(TechnologyVerdict.from_json(data) for data in sale.coverage)


def judged(lines: Iterable[NearLine | Line]) -> list[JudgedLine]:
    """Each line with what its parameters are worth."""
    return [JudgedLine(line, line_quality(line)) for line in lines]


def references(sale: Sale) -> tuple[list[JudgedLine], list[str]]:
    """The reference lines of the request, and those of its numbers that are no line of ours."""
    found = {
        line.number: line
        for line in Line.objects.select_related("access_point").filter(number__in=sale.reference_numbers)
    }
    known = [found[number] for number in sale.reference_numbers if number in found]
    return judged(known), [number for number in sale.reference_numbers if number not in found]


# ---------------------------------------------------------------- the answer
def forget(sale: Sale) -> None:
    """What was answered does not stand any more: the need, the place or the network may be another (R-A3, R-A11)."""
    if sale.capacity == Capacity.UNKNOWN:
        return
    sale.capacity, sale.capacity_technology, sale.max_mbps = Capacity.UNKNOWN, "", None
    sale.capacity_reason = sale.capacity_note = ""
    sale.capacity_by, sale.capacity_at = None, None
    sale.save(update_fields=CAPACITY_FIELDS)


def give_answer(work: Work, answer: Answer) -> None:
    """Keep the answer to step 7, tell the executive by e-mail, and send what has no capacity on its way to 19."""
    sale: Sale = work.record
    sale.capacity, sale.capacity_technology, sale.max_mbps = answer.capacity, answer.technology, answer.max_mbps
    sale.capacity_reason, sale.capacity_note = answer.reason, answer.note[:300]
    sale.capacity_by, sale.capacity_at = work.by, work.now
    work.note(capacity=answer.capacity, technology=answer.technology, max_mbps=answer.max_mbps, reason=answer.reason)
    fields: Sequence[str] = CAPACITY_FIELDS
    if answer.capacity == Capacity.NO:
        to_unserved(sale, UnservedReason.NO_CAPACITY, 7, work.now)
        fields = (*CAPACITY_FIELDS, "unserved", "unserved_reason", "left_at_step")
    sale.save(update_fields=fields)
    tell_executive(work)


def tell_executive(work: Work) -> None:
    """The confirmation or the negative goes out by e-mail (GVD 7.1)."""
    sale: Sale = work.record
    if sale.executive is None or not sale.executive.email:
        return
    words = _("Hay capacidad técnica") if sale.capacity == Capacity.YES else _("No hay capacidad técnica")
    outbox.queue(
        work,
        key=f"{work.case.number}:capacity:{work.case.last_seq}",
        to=sale.executive.email,
        subject=words,
        template="sales.mail.capacity_answer",
        context={"sale": sale, "reason": reason_words(sale.capacity_reason)},
    )


def reason_words(code: str) -> str:
    """A structured reason of step 7 in words; "" for none."""
    return str(CapacityReason(code).label) if code in CapacityReason.values else code


def answer_from_records(work: Work) -> None:
    """The line records answer step 7 by themselves, by policy; without a pin it stays with Help Desk."""
    found = survey(work.record).proposal
    if found is not None:
        give_answer(work, found)


# ---------------------------------------------------------------- the place
@dataclass(frozen=True, slots=True)
class Survey:
    """What the records say of a place at a speed."""

    verdicts: tuple[TechnologyVerdict, ...] = ()
    lines: tuple[NearLine, ...] = ()
    proposal: Answer | None = None  # what the records would answer to step 7


def survey(sale: Sale) -> Survey:
    """Verdicts, nearest lines and proposal for the sale's place; looked up once for a form and its screen (three queries)."""
    if sale.lat is None or sale.lon is None:
        return Survey()
    place = (sale.lat, sale.lon, sale.wanted_mbps)
    known: tuple[object, Survey] | None = sale.__dict__.get("_survey")
    if known is None or known[0] != place:
        known = (place, _survey(sale.lat, sale.lon, sale.wanted_mbps or 0))
        sale.__dict__["_survey"] = known
    return known[1]


def _survey(lat: float, lon: float, wanted_mbps: int) -> Survey:
    gis = get_gis()
    verdicts = gis.qualify(lat, lon, wanted_mbps=wanted_mbps)
    lines = gis.nearest_lines(lat, lon, limit=REFERENCES)
    said = answer_capacity(verdicts, lines, wanted_mbps)
    words = " ".join(str(reason) for reason in said.reasons)[:300]
    if said.capacity:
        proposal = Answer(Capacity.YES, said.technology, said.max_mbps, note=words)
    else:
        proposal = Answer(Capacity.NO, reason=capacity_reason(reason.code for reason in said.reasons), note=words)
    return Survey(verdicts, lines, proposal)
