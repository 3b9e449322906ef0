"""The published texts of the procedures: seeded from the shipped files, proposed by an upgrade, put in force by their owner.

A version's text never changes, so what is parsed stays in the process for good, by the version's id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.cases.models import ProcedureVersion
from thaki.cases.registry import ProcedureApp, procedure_app, procedure_apps, registered_codes
from thaki.engine import soundness
from thaki.engine.bpmn import read
from thaki.engine.findings import Finding
from thaki.engine.procedure import Procedure
from thaki.people.roles import Role

if TYPE_CHECKING:
    from thaki.people.models import User


class NotInForce(LookupError):
    """The procedure has no version in force."""


class Unsound(Exception):
    """The version would leave cases stuck or cannot be run; `findings` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the runtime uses it."""

    id: int
    number: int
    procedure: Procedure
    app: ProcedureApp


_parsed: dict[int, Version] = {}


def of_id(version_id: int) -> Version:
    """The parsed version of that id."""
    return _parsed.get(version_id) or _load(ProcedureVersion.objects.get(pk=version_id))


def in_force(code: str) -> Version:
    """The version that a new case of the procedure starts with; NotInForce when there is none."""
    found = ProcedureVersion.objects.filter(code=code, state="published").values_list("pk", flat=True).first()
    if found is None:
        raise NotInForce(code)
    return of_id(found)


def all_in_force() -> dict[str, Version]:
    """The version in force of each procedure that has one, by code; one question however many procedures there are."""
    found = dict(ProcedureVersion.objects.filter(state="published").values_list("code", "pk"))
    return {app.code: of_id(found[app.code]) for app in procedure_apps() if app.code in found}


def known() -> tuple[int, ...]:
    """The ids of the versions that this process has parsed."""
    return tuple(_parsed)


def forget(keep: Collection[int] = ()) -> None:
    """Drop what is parsed: only for tests and rehearsals, whose versions are rolled back."""
    for version_id in set(_parsed) - set(keep):
        del _parsed[version_id]


def parse(xml: bytes, process: str) -> Procedure:
    """The process of that id in a BPMN file; raises the reader's BpmnError, or LookupError when it is not there."""
    for procedure in read(xml):
        if procedure.id == process:
            return procedure
    raise LookupError(process)


def _load(row: ProcedureVersion) -> Version:
    version = Version(row.pk, row.number, parse(row.xml.encode(), row.process), procedure_app(row.code))
    _parsed[row.pk] = version
    return version


def seed(now: datetime | None = None) -> list[ProcedureVersion]:
    """Bring the shipped files in: the first one is in force at once, a later one becomes a proposal. Returns what is new.

    Run after every migration. It never touches a version that is there: the owner of the procedure decides about a proposal.
    """
    return [new for app in procedure_apps() if (new := seed_one(app, now)) is not None]


@transaction.atomic
def seed_one(app: ProcedureApp, now: datetime | None = None) -> ProcedureVersion | None:
    """Bring one procedure's shipped file in; None when it is there already."""
    now = now or timezone.now()
    xml = app.bpmn.read_bytes()
    sha256 = hashlib.sha256(xml).hexdigest()
    known = ProcedureVersion.objects.filter(code=app.code)
    if known.filter(sha256=sha256).exists():
        return None
    if known.exists():
        return add(app.code, app.process, xml.decode(), now, note=_("Propuesta de la nueva versión del sistema"))
    parse(
        xml, app.process
    )  # a shipped file is readable; that it is sound is proved by our own tests, not at each start
    return add(app.code, app.process, xml.decode(), now, note=_("Versión inicial"), published=True)


def add(
    code: str, process: str, xml: str, now: datetime, *, note: str, origin: str = "shipped", published: bool = False
) -> ProcedureVersion:
    """Keep a text as the next version of its procedure; nothing is checked and nothing else retired here."""
    last = ProcedureVersion.objects.filter(code=code).aggregate(last=Max("number"))["last"] or 0
    return ProcedureVersion.objects.create(
        code=code,
        number=last + 1,
        process=process,
        xml=xml,
        sha256=hashlib.sha256(xml.encode()).hexdigest(),
        origin=origin,
        note=note,
        created_at=now,
        state=ProcedureVersion.State.PUBLISHED if published else ProcedureVersion.State.DRAFT,
        published_at=now if published else None,
    )


def propose(code: str, xml: str, *, by: User, now: datetime, note: str = "") -> ProcedureVersion:
    """Keep the owner's own text as a draft. It must be readable; whether it is sound is asked when it is published."""
    app = procedure_app(code)
    parse(xml.encode(), app.process)
    return add(code, app.process, xml, now, note=note, origin="edited")


def publish(version_id: int, *, by: User | None, now: datetime) -> ProcedureVersion:
    """Put a version in force; the one before is retired, and its cases stay on it. Raises Unsound."""
    with transaction.atomic():
        row = ProcedureVersion.objects.select_for_update().get(pk=version_id)
        check(row.xml.encode(), procedure_app(row.code))
        ProcedureVersion.objects.filter(code=row.code, state="published").update(state="retired")
        row.state, row.published_at, row.published_by = ProcedureVersion.State.PUBLISHED, now, by
        row.save(update_fields=["state", "published_at", "published_by"])
    return row


def check(xml: bytes, app: ProcedureApp) -> None:
    """Raise Unsound unless every case of the procedure can end and everything it names is known."""
    findings = soundness.check(
        parse(xml, app.process),
        handlers=app.handlers,
        roles=frozenset(role.value for role in Role),
        procedures=registered_codes(),
        messages=app.messages,
        moments=app.moments,
    )
    if findings:
        raise Unsound(findings)
