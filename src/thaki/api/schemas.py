"""What the API tells and takes. Instants are ISO 8601 with their offset; money is text in bolivianos; codes are the program's."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict

from thaki.reporting.months import LA_PAZ

BIGGEST = 2**63 - 1
# PostgreSQL keeps no NUL, so no text may have one.
NO_NUL = r"^[^\x00]*$"
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,29}$", description="GVD-2026-000123")]
Id = Annotated[int, Field(ge=1, le=BIGGEST)]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,80}$")]
Cursor = Annotated[str, Field(max_length=400, pattern=r"^[A-Za-z0-9_-]*$", description="`next` of the page before")]
Text = Annotated[str, Field(max_length=80, pattern=NO_NUL)]


def _in_utc(value: datetime) -> datetime:
    """What comes without an offset is of the house's clock; PostgreSQL does not read every offset that Python does."""
    if value.tzinfo is None:
        value = value.replace(tzinfo=LA_PAZ)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError(str(value)) from None


def _written(value: object) -> object:
    """ISO 8601 only: pydantic would take a number of seconds too, and a day without an hour."""
    if not isinstance(value, datetime) and not (
        isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[Tt ]\d\d:", value)
    ):
        raise ValueError(str(value)[:40])
    return value


Instant = Annotated[datetime, BeforeValidator(_written), AfterValidator(_in_utc)]
Limit = Annotated[int, Field(ge=1, le=200, description="Rows of a page")]


class Taken(Schema):
    """A body or a query; what it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class Person(Schema):
    """Somebody of the cooperative."""

    username: str
    name: str


class Standing(Schema):
    """An open task of a case: where it stands."""

    id: int
    node: str
    step: str
    name: str
    role: str
    assignee: Person | None
    opened_at: datetime
    due_at: datetime | None


class CaseOut(Schema):
    """A case."""

    number: str
    procedure: str
    state: Literal["open", "suspended", "ended", "cancelled"]
    outcome: str
    subject: str
    owner: Person | None
    priority: int
    opened_at: datetime
    ended_at: datetime | None
    last_event_at: datetime
    standing: list[Standing]
    page: str


class CasePage(Schema):
    """A page of cases; `next` is the cursor of the following one, null on the last."""

    items: list[CaseOut]
    next: str | None


class EventOut(Schema):
    """Something that happened to a case."""

    seq: int
    at: datetime
    kind: str
    node: str
    step: str
    role: str
    by: Person | None


class EventPage(Schema):
    """A page of a case's history, the oldest first."""

    items: list[EventOut]
    next: str | None


class TaskOut(Schema):
    """A task."""

    id: int
    case: str
    subject: str
    procedure: str
    node: str
    step: str
    name: str
    role: str
    agency: str
    state: Literal["open", "done", "cancelled"]
    assignee: Person | None
    priority: int
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    late: bool
    page: str


class TaskPage(Schema):
    """A page of tasks; `next` is the cursor of the following one, null on the last."""

    items: list[TaskOut]
    next: str | None


class FormField(Schema):
    """A field of a step's own form, as the screen shows it."""

    name: str
    label: str
    type: str
    required: bool
    help: str
    value: Any = None
    choices: list[tuple[str, str]] | None = None


class TaskWithForm(TaskOut):
    """A task with what its step asks; `fields` is empty once it is closed."""

    fields: list[FormField]


class FileIn(Taken):
    """A file of an answer."""

    name: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00/\\]+$")]
    media_type: Annotated[str, Field(max_length=100, pattern=r"^[a-z0-9.+-]+/[a-z0-9.+-]+$")]
    content: Annotated[str, Field(description="Base64")]


Plain = Annotated[str, Field(max_length=20_000, pattern=NO_NUL)] | bool | int | float | None
Value = Plain | FileIn | Annotated[list[Plain | FileIn], Field(max_length=50)]


class AnswerIn(Taken):
    """The answer to a step: the fields of its form by name. One that is left out keeps what the form shows in it."""

    answer: dict[Annotated[str, Field(max_length=80, pattern=NO_NUL)], Value]


class CompletedOut(Schema):
    """What completing a task led to."""

    case: str
    outcome: str
    ended: bool
    opened: list[int]


class ProspectOut(Schema):
    """A prospect under way."""

    case: str
    name: str
    phone: str
    email: str
    channel: str
    campaign: str
    interest: str
    zone: str
    milestone: Literal["", "visited", "informed", "presale", "sold"]
    executive: Person | None
    received_at: datetime
    page: str


class ProspectPage(Schema):
    """A page of prospects; `next` is the cursor of the following one, null on the last."""

    items: list[ProspectOut]
    next: str | None


class ProspectIn(Taken):
    """A lead. A telephone or an e-mail is needed; the same `external_ref` of a channel is the same prospect."""

    name: Annotated[str, Field(min_length=1, max_length=160, pattern=NO_NUL)]
    channel: Literal["web", "facebook", "botmaker", "whatsapp", "phone", "referral", "other"] = "other"
    phone: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    email: Annotated[str, Field(max_length=254, pattern=NO_NUL)] = ""
    external_ref: Annotated[str, Field(max_length=120, pattern=NO_NUL)] = ""
    campaign: Annotated[str, Field(max_length=80, pattern=NO_NUL)] = ""
    interest: Annotated[str, Field(max_length=80, pattern=NO_NUL)] = ""
    message: Annotated[str, Field(max_length=4000, pattern=NO_NUL)] = ""
    zone: Annotated[str, Field(max_length=80, pattern=NO_NUL)] = ""
    address: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    lat: Annotated[float, Field(ge=-90, le=90)] | None = None
    lon: Annotated[float, Field(ge=-180, le=180)] | None = None


class ReportOut(Schema):
    """An Informe General de Ventas Digitales."""

    id: int
    case: str
    month: date
    sent_at: datetime | None
    sent_by: Person | None
    percent: str | None
    verdict: str


class ReportList(Schema):
    """The informes, the newest month first."""

    items: list[ReportOut]


class ReportData(ReportOut):
    """An informe with its figures: frozen once it is sent, today's before."""

    comment: str
    data: dict[str, Any]
