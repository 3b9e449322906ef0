"""What a technician's telephone sends, taken once: it becomes the visit, or is kept as a conflict, or is refused with reasons.

Theory of operation. The key of a submission is unique: the row of the first one that is being taken holds back a second one,
which then finds the first one's outcome. The pictures are stored first (decoding them takes its time, and nothing is locked
meanwhile); then one transaction locks the case, notes everything on its order and moves the case. When the order is no longer
this technician's to close (given away, cancelled, closed), that transaction is undone, and another one keeps the whole
submission, with its pictures among the case's documents, as a conflict that the supervisor sees. What is wrong in itself (a
signature missing, a picture that is none) is refused and leaves nothing: the telephone keeps the draft.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, OperationalError, transaction
from django.utils.translation import gettext as _

from thaki.cases import operations as cases
from thaki.cases import runtime, store
from thaki.cases.models import Case, Task
from thaki.cases.permissions import NotAllowed
from thaki.cases.registry import StepRefused
from thaki.procedures.retention.field import telling
from thaki.procedures.retention.field.payload import Moment, Sent
from thaki.procedures.retention.models import XpressTask
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.reasons import RuleError
from thaki.records.work_orders import visits
from thaki.records.work_orders.models import Submission, WorkOrder
from thaki.records.work_orders.rules_visit import Stamp, server_time, skew_of
from thaki.records.work_orders.visits import Done, Used
from thaki.ui.formats import format_instant

if TYPE_CHECKING:
    from thaki.people.models import User

TRIES = 3
KEPT = "conflicto_visita"  # the pictures of a conflict, among the case's documents
R = TypeVar("R")


class Refused(Exception):
    """The submission is wrong in itself; `errors` says what, by part."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = dict(errors)


class Conflict(Exception):
    """The order is no longer what the telephone took it for; `code` and the sentence say why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(slots=True)
class Taking:
    """One submission while it is taken."""

    sent: Sent
    by: User
    now: datetime
    payload: dict[str, Any]  # as it came, for the record
    skew: timedelta
    pictures: dict[str, Document] = field(default_factory=dict)
    files: Mapping[str, UploadedFile] = field(default_factory=dict)

    def stamp(self, moment: Moment, order: WorkOrder) -> Stamp:
        """A moment of the telephone's in the server's time."""
        at = server_time(moment.device_at, skew=self.skew, earliest=order.issued_at, received_at=self.now)
        return Stamp(at, moment.device_at, moment.place.lat, moment.place.lon)


def receive(
    sent: Sent, files: Mapping[str, UploadedFile], payload: dict[str, Any], *, by: User, now: datetime
) -> Submission:
    """Take a submission; the same key again gives the first one's outcome. Raises Refused."""
    if sent.user != by.pk:
        raise Refused({"user": _("Este envío es de otra persona: que ingrese ella para mandarlo.")})
    first = _known(sent, by)
    if first is not None:
        return first
    order = WorkOrder.objects.filter(pk=sent.order).first()
    if order is None:
        raise Refused({"order": _("La orden de este envío no existe.")})
    taking = Taking(sent, by, now, payload, skew_of(sent.sent_device_at, now), files=files)
    _store_pictures(taking, whatever_there_is=_is_late(order, taking))
    try:
        return _repeating(lambda: _take(taking, order.pk))
    except Conflict as late:
        conflict = late
        return _repeating(lambda: _keep_conflict(taking, order.pk, conflict))
    except IntegrityError:
        first = _known(sent, by)  # the same submission, twice at the same moment
        if first is None:
            raise
        _drop(taking)
        return first
    except Refused:
        _drop(taking)
        raise


def _is_late(order: WorkOrder, taking: Taking) -> bool:
    """Whether it can only become a conflict: what lacks in it does not matter then, half a visit is kept too."""
    try:
        _check_his(order, taking)
    except Conflict:
        return True
    return False


def _known(sent: Sent, by: User) -> Submission | None:
    first = Submission.objects.filter(key=sent.key).first()
    if first is not None and first.user_id != by.pk:
        raise Refused({"key": _("Este envío es de otra persona: que ingrese ella para mandarlo.")})
    return first


def _repeating(once: Callable[[], R]) -> R:
    """A deadlock or a serialization failure is tried again, as every move of a case is."""
    for left in reversed(range(TRIES)):
        try:
            return once()
        except OperationalError as error:
            if not left or getattr(error.__cause__, "sqlstate", "") not in ("40P01", "40001"):
                raise
    raise AssertionError("unreachable: the last try returns or raises")


# ---------------------------------------------------------------- pictures
def _store_pictures(taking: Taking, *, whatever_there_is: bool) -> None:
    """Everything that is named must be there and be a picture; a signature that is missing is said by its paper's name."""
    errors: dict[str, str] = {}
    for signed in taking.sent.signatures:
        if not signed.file or not signed.name:
            errors[f"signature-{signed.paper}"] = _("Falta la firma en: %(paper)s.") % {"paper": _paper(signed.paper)}
    wanted = [photo.file for photo in taking.sent.photos] + [signed.file for signed in taking.sent.signatures]
    for number, name in enumerate((name for name in wanted if name), 1):
        label = _("Foto %(n)s") % {"n": number} if number <= len(taking.sent.photos) else _("Firma")
        try:
            taking.pictures[name] = _picture(taking, name)
        except RuleError as refused:
            errors[name] = f"{label}: {refused}"
        except KeyError:
            errors[name] = _("%(what)s: no llegó el archivo.") % {"what": label}
        except ValueError:
            errors[name] = _("%(what)s: no es una imagen.") % {"what": label}
    if errors and not whatever_there_is:
        _drop(taking)
        raise Refused(errors)


def _paper(code: str) -> str:
    from thaki.records.work_orders.models import VisitSignature

    return str(dict(VisitSignature.Paper.choices).get(code, code))


def _picture(taking: Taking, name: str) -> Document:
    kind = "firma_visita" if name.startswith("firma") else "foto_visita"
    kept = documents.store(taking.files[name], name=name, kind=kind, by=taking.by, now=taking.now)
    if not kept.is_image:
        kept.delete()
        raise ValueError(name)
    return kept


def _drop(taking: Taking) -> None:
    """What was stored for nothing; the bytes are swept."""
    Document.objects.filter(pk__in=[each.pk for each in taking.pictures.values()]).delete()


# ---------------------------------------------------------------- taking it
def _take(taking: Taking, order_id: int) -> Submission:
    sent = taking.sent
    with store.moving():
        made = _row(taking, order_id, Submission.Outcome.APPLIED)
        case, order = _locked(order_id, taking)
        _check_his(order, taking)
        try:
            _DO[sent.kind](taking, case, order)
        except RuleError as refused:
            raise Refused({refused.field or "": str(refused)}) from refused
        except StepRefused as refused:
            raise Refused(refused.errors) from refused
        except runtime.AnswerInvalid as refused:
            errors = {name: " ".join(map(str, each)) for name, each in refused.form.errors.items()}
            raise Refused(errors) from refused
        except (NotAllowed, runtime.TaskAlreadyClosed, runtime.NoSuchTask, runtime.CaseNotOpen, runtime.NotNow) as late:
            raise Conflict("elsewhere", str(late)) from late
    return made


def _row(taking: Taking, order_id: int, outcome: str) -> Submission:
    text = json.dumps(taking.payload, sort_keys=True, ensure_ascii=False)
    return Submission.objects.create(
        key=taking.sent.key,
        order_id=order_id,
        user=taking.by,
        received_at=taking.now,
        device_at=taking.sent.moment.device_at,
        sent_device_at=taking.sent.sent_device_at,
        skew_s=round(taking.skew.total_seconds()),
        kind=taking.sent.kind,
        payload_hash=hashlib.sha256(text.encode()).hexdigest(),
        payload=taking.payload,
        outcome=outcome,
    )


def _locked(order_id: int, taking: Taking) -> tuple[Case, WorkOrder]:
    """The case first, then its order."""
    reference = WorkOrder.objects.values_list("case_ref", flat=True).get(pk=order_id)
    case_id = Case.objects.values_list("pk", flat=True).filter(number=reference).first()
    if case_id is None:
        raise Conflict("no_case", _("El caso de esta orden ya no existe."))
    case, _task = store.lock_and_read(case_id, by=taking.by)
    return case, visits.lock(order_id)


def _check_his(order: WorkOrder, taking: Taking) -> None:
    """The order is open and his still."""
    if order.state == WorkOrder.State.CANCELLED:
        when = format_instant(order.cancelled_at)
        raise Conflict(
            "cancelled", _("La orden %(order)s se canceló el %(when)s.") % {"order": order.number, "when": when}
        )
    if order.state == WorkOrder.State.CLOSED:
        when = format_instant(order.closed_at)
        raise Conflict(
            "closed", _("La orden %(order)s ya se cerró el %(when)s.") % {"order": order.number, "when": when}
        )
    if order.assigned_to_id != taking.by.pk:
        told = _("La orden %(order)s ya no es suya.") % {"order": order.number}
        if order.assigned_to is not None:
            told = _("La orden %(order)s ahora es de %(who)s.") % {"order": order.number, "who": order.assigned_to}
        raise Conflict("reassigned", told)


def _arrival(taking: Taking, case: Case, order: WorkOrder) -> None:
    visits.arrive(order, taking.stamp(taking.sent.moment, order))


def _report(taking: Taking, case: Case, order: WorkOrder) -> None:
    """Everything that was noted, then steps 7 and 8, in the order in which they were done."""
    sent = taking.sent
    if sent.arrival is not None:
        visits.arrive(order, taking.stamp(sent.arrival, order))
    end = taking.stamp(sent.moment, order)
    visits.record_tasks(order, _tasks(sent), review=sent.review, at=end.at)
    visits.check_services(order, _known_services(sent, order), at=end.at)
    for photo in sent.photos:
        visits.add_photo(order, taking.pictures[photo.file], kind=photo.kind, stamp=taking.stamp(photo.moment, order))
    for signed in sent.signatures:
        image, stamp = taking.pictures[signed.file], taking.stamp(signed.moment, order)
        visits.sign(order, paper=signed.paper, name=signed.name, ci=signed.ci, image=image, stamp=stamp)
    visits.check_closable(order)
    with telling.of(end):
        for node in ("Step_7", "Step_8"):
            _complete(case, node, taking)


def _tasks(sent: Sent) -> list[Done]:
    names = {task.code: task.name for task in XpressTask.objects.filter(code__in=[each.code for each in sent.tasks])}
    return [
        Done(task.code, names[task.code], task.found, task.done, tuple(Used(*used) for used in task.materials))
        for task in sent.tasks
        if task.code in names
    ]


def _known_services(sent: Sent, order: WorkOrder) -> dict[int, tuple[bool, str]]:
    """Of the customer's own services, those that the telephone knew of; one that was withdrawn meanwhile is no more asked."""
    known = {each.pk for each in visits.services_of(order)}
    return {key: value for key, value in sent.services.items() if key in known}


def _complete(case: Case, node: str, taking: Taking) -> None:
    task = Task.objects.filter(case=case, node=node, state=Task.State.OPEN).first()
    if task is None:
        if node == "Step_7":  # on the office's page 7 may have been done already; 8 must be open
            return
        raise Conflict("elsewhere", _("El caso %(case)s ya no espera la visita.") % {"case": case.number})
    cases.complete(task.pk, by=taking.by, now=taking.now, data={}, submission_key=f"{taking.sent.key[:56]}{node[-1]}")


def _failure(taking: Taking, case: Case, order: WorkOrder) -> None:
    sent = taking.sent
    if not Task.objects.filter(case=case, node="Step_7", state=Task.State.OPEN).exists():
        raise Conflict("elsewhere", _("El caso %(case)s ya no espera la visita.") % {"case": case.number})
    until = sent.until.strftime("%Y-%m-%dT%H:%M:%S%z") if sent.until else ""
    data = {"kind": sent.failure, "note": sent.note, "until": until}
    files = {"proof": taking.files[sent.photos[0].file]} if sent.photos else {}
    for file in files.values():
        file.seek(0)
    with telling.of(taking.stamp(sent.moment, order)):
        cases.perform(
            case.pk,
            "retention.visit_failed",
            by=taking.by,
            now=taking.now,
            data=data,
            files=files,
            submission_key=sent.key,
        )


_DO: dict[str, Callable[[Taking, Case, WorkOrder], None]] = {
    "arrival": _arrival,
    "report": _report,
    "failure": _failure,
}


# ---------------------------------------------------------------- keeping what came too late
@transaction.atomic
def _keep_conflict(taking: Taking, order_id: int, conflict: Conflict) -> Submission:
    """Nothing of the order changes and nothing of the work is lost."""
    made = _row(taking, order_id, Submission.Outcome.CONFLICT)
    pictures = {name: document.pk for name, document in taking.pictures.items()}
    made.conflict = {"code": conflict.code, "message": str(conflict), "pictures": pictures}
    made.save(update_fields=["conflict"])
    order = WorkOrder.objects.get(pk=order_id)
    case = Case.objects.filter(number=order.case_ref).first()
    if case is not None:
        with suppress(RuleError):
            for document in taking.pictures.values():
                cases.attach(case, document, KEPT, by=taking.by, now=taking.now)
    return made
