"""RET steps 7 and 8: the technician at the customer's home, from the case's page; his telephone comes by `field/receiving.py`.

7 takes the arrival, the minute review and the Xpress tasks; 8 every service tried, one by one, and the customer's signature on
what applies, and closes the order. Both accept what the telephone recorded before: then their answers may be empty.

Answers. 7: `arrived_at`, `review`, `tasks` (codes), for each `found_<code>`, `done_<code>`, `materials_<code>` (a line each:
"Cable UTP; 12,5; m"), `before` (photographs). 8: `services` (numbers of those that work, "*" for all), `papers`, `signer_name`,
`signer_ci`, for each paper `signature_<paper>` (a PNG as data URL) or `scan_<paper>` (a photograph of it signed), `after`.
Action `retention.visit_failed`: `kind`, `note`, `proof`, `until`. Action `retention.arrive`: nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases.models import Task
from thaki.cases.operations import attach_within
from thaki.cases.registry import Action, Job, Step, StepRefused, Work
from thaki.people.roles import Role
from thaki.procedures.retention import visit_papers
from thaki.procedures.retention.field import telling
from thaki.procedures.retention.models import Retention, Visit, XpressTask
from thaki.procedures.retention.steps.visit_forms import ArriveForm, ChangesForm, FailureForm, VisitForm
from thaki.records.documents import operations as documents
from thaki.records.documents.models import Document
from thaki.records.hand_overs import operations as hand_overs
from thaki.records.reasons import RuleError
from thaki.records.work_orders import visits
from thaki.records.work_orders.models import Submission, VisitFailure, WorkOrder
from thaki.records.work_orders.rules_visit import LARGE_SKEW, Stamp
from thaki.records.work_orders.visits import Done

WHO_VISITS = frozenset({Role.TECNICO_MULTISERVICIOS, Role.SUPERVISOR_CENTRO_OPERACIONES})
PHOTO, SIGNATURE, PROOF = "foto_visita", "firma_visita", "constancia_ausencia"


def order_of(work: Work) -> WorkOrder:
    """The case's current order, locked after the case."""
    retention: Retention = work.record
    if retention.work_order_id is None:
        raise StepRefused({"": _t("El caso no tiene una orden de trabajo.")})
    return visits.lock(retention.work_order_id)


# ---------------------------------------------------------------- 7
def visit_opened(work: Work) -> None:
    """The visit is the technician's to whom the supervisor gave the order."""
    retention: Retention = work.record
    # Step 6 has just given it: the record's own copy of the order is older than that.
    mine = WorkOrder.objects.filter(pk=retention.work_order_id or 0)
    given = mine.values_list("assigned_to_id", flat=True).first()
    if given and work.task is not None:
        work.task.assignee_id = given
    if retention.visit != Visit.UNKNOWN:
        retention.visit, retention.visit_resumes_at = Visit.UNKNOWN, None
        retention.save(update_fields=["visit", "visit_resumes_at"])


def complete_visit(work: Work, data: dict[str, Any]) -> None:
    """Keep the arrival, the review and the tasks; what the telephone recorded stands where nothing comes."""
    order = order_of(work)
    stamp = telling.stamp(work.now)
    try:
        if data.get("arrived_at") and order.arrived_at is None:
            visits.arrive(order, Stamp(_not_after(data["arrived_at"], order, work.now)))
        if data["tasks"]:
            visits.record_tasks(order, _tasks(data), review=data["review"], at=stamp.at)
    except RuleError as refused:
        raise StepRefused({refused.field or "": str(refused)}) from refused
    for document in store(work, data.get("before") or [], "before", PHOTO):
        visits.add_photo(order, document, kind="before", stamp=Stamp(work.now))
    work.note(order=order.number, arrived=order.arrived_at.isoformat() if order.arrived_at else "")


def _not_after(at: datetime, order: WorkOrder, now: datetime) -> datetime:
    """An arrival typed afterwards lies between the order and now."""
    return min(max(at, order.issued_at), now)


def _tasks(data: dict[str, Any]) -> list[Done]:
    names = {task.code: task.name for task in XpressTask.objects.filter(code__in=data["tasks"])}
    return [
        Done(
            code,
            names.get(code, code),
            data.get(f"found_{code}") or "",
            data.get(f"done_{code}") or names.get(code, code),
            tuple(data.get(f"materials_{code}") or ()),
        )
        for code in data["tasks"]
    ]


# ---------------------------------------------------------------- 8
def complete_changes(work: Work, data: dict[str, Any]) -> None:
    """Every service works, the customer signed: the order is closed and its papers are made."""
    retention: Retention = work.record
    order = order_of(work)
    stamp = telling.stamp(work.now)
    try:
        if data["services"]:
            visits.check_services(order, _checked(order, data["services"]), at=stamp.at)
        for paper in data["papers"]:
            image = _signature(work, data, paper)
            name, ci = data["signer_name"], data["signer_ci"]
            visits.sign(order, paper=paper, name=name, ci=ci, image=image, stamp=Stamp(work.now))
        for document in store(work, data.get("after") or [], "after", PHOTO):
            visits.add_photo(order, document, kind="after", stamp=Stamp(work.now))
        visits.close(order, stamp, by=work.by, result=data.get("result") or "")
    except RuleError as refused:
        raise StepRefused({refused.field if refused.field in ("services",) else "": str(refused)}) from refused
    _file(work, order)
    retention.visit, retention.order_closed_at = Visit.DONE, order.closed_at
    retention.work_order = order
    retention.save(update_fields=["visit", "order_closed_at"])
    work.note(order=order.number, closed=order.closed_at.isoformat() if order.closed_at else "")


def _checked(order: WorkOrder, working: list[str]) -> dict[int, tuple[bool, str]]:
    services = visits.services_of(order)
    return {each.pk: ("*" in working or each.number in working, "") for each in services}


def _signature(work: Work, data: dict[str, Any], paper: str) -> Document:
    scanned = data.get(f"scan_{paper}")
    source = scanned or data[f"signature_{paper}"]
    name = f"firma-{paper}"
    return store(work, [source], f"scan_{paper}" if scanned else f"signature_{paper}", SIGNATURE, name)[0]


def _file(work: Work, order: WorkOrder) -> None:
    """The signed papers, and everything that belongs to the visit, among the case's documents."""
    for signature in order.signatures.select_related("image").order_by("pk"):
        pdf = visit_papers.make(order, signature, by=work.by, now=work.now)
        signature.pdf = pdf
        signature.save(update_fields=["pdf"])
        attach_within(work, pdf, visit_papers.KINDS[signature.paper])
    for photo in order.photos.select_related("document").order_by("pk"):
        attach_within(work, photo.document, PHOTO)


def store(work: Work, files: Any, field: str, kind: str, name: str = "") -> list[Document]:
    """Keep pictures, and nothing but pictures; a refusal is told beside its field."""
    kept = []
    for file in files:
        called = name or getattr(file, "name", "") or kind
        try:
            document = documents.store(file, name=called, kind=kind, by=work.by, now=work.now)
        except RuleError as refused:
            raise StepRefused({field: f"{called}: {refused}"}) from refused
        if not document.is_image:
            raise StepRefused({field: _t("%(name)s no es una foto.") % {"name": called}})
        kept.append(document)
    return kept


# ---------------------------------------------------------------- a visit that could not be made (R-B11)
def fail_visit(work: Work, data: dict[str, Any]) -> str:
    """Absent, refused, a plant fault, or postponed: each leads where it must."""
    retention: Retention = work.record
    order = order_of(work)
    proof = store(work, [data["proof"]], "proof", PROOF)[0] if data.get("proof") else None
    try:
        visits.fail(
            order,
            kind=data["kind"],
            stamp=telling.stamp(work.now),
            note=data["note"],
            proof=proof,
            until=data["until"],
            by=work.by,
        )
    except RuleError as refused:
        field = {"failure": "kind"}.get(refused.field or "", refused.field or "")
        raise StepRefused({field: str(refused)}) from refused
    if proof is not None:
        attach_within(work, proof, PROOF)
    retention.visit, retention.visit_resumes_at = data["kind"], data["until"] if data["kind"] == "postponed" else None
    retention.save(update_fields=["visit", "visit_resumes_at"])
    work.note(order=order.number, failed=data["kind"])
    return "visit_failed"


def arrive(work: Work, data: dict[str, Any]) -> str:
    """The technician is there: the 24 hours end, the step stays open."""
    order = order_of(work)
    try:
        visits.arrive(order, telling.stamp(work.now))
    except RuleError as refused:
        raise StepRefused({"": str(refused)}) from refused
    work.note(order=order.number, arrived=work.now.isoformat())
    return ""


def at_the_visit(work: Work) -> bool:
    """Whether the visit is under way: step 7 is open."""
    return Task.objects.filter(case=work.case, node="Step_7", state=Task.State.OPEN).exists()


def not_arrived(work: Work) -> bool:
    """Whether the arrival is still to be noted."""
    order = work.record.work_order
    return order is not None and order.arrived_at is None and at_the_visit(work)


# ---------------------------------------------------------------- a fault of the plant goes to Solución de Incidentes
def hand_over_plant(work: Work) -> None:
    """The order stays; those who mend the plant are told."""
    retention: Retention = work.record
    order = retention.work_order
    if order is None:
        return
    failure = order.failures.filter(kind=VisitFailure.Kind.PLANT_FAULT).order_by("-pk").first()
    hand_overs.send(
        key=f"{work.case.number}:plant:{failure.pk if failure else order.pk}",
        to="incidentes",
        case_ref=work.case.number,
        customer=retention.customer,
        subject=_t("Falla de planta externa en la orden %(order)s") % {"order": order.number},
        body="\n".join(
            each for each in (failure.note if failure else "", order.address, order.address_reference) if each
        ),
        by=work.by,
        now=work.now,
    )
    work.note(order=order.number)


# ---------------------------------------------------------------- what the page shows
def context(work: Work) -> dict[str, Any]:
    """The order, what has been noted of it, and the customer's services."""
    order = work.record.work_order
    if order is None:
        return {"order": None}
    return {
        "order": order,
        "photos": list(order.photos.select_related("document").order_by("pk")),
        "failures": list(order.failures.order_by("-at")),
        "done_tasks": list(order.tasks.order_by("position")),
        "materials": list(order.materials.order_by("pk")),
        "technician": order.assigned_to,
        "wrong_clock": _wrong_clock(order),
    }


def _wrong_clock(order: WorkOrder) -> Submission | None:
    """What came last from a telephone whose clock was far off."""
    limit = int(LARGE_SKEW.total_seconds())
    sent = order.submissions.order_by("-received_at").first()
    return sent if sent is not None and abs(sent.skew_s or 0) > limit else None


STEPS = (
    Step(
        handler="retention.visit",
        form=VisitForm,
        complete=complete_visit,
        template="retention/steps/visit.html",
        context=context,
        opened=visit_opened,
    ),
    Step(
        handler="retention.changes",
        form=ChangesForm,
        complete=complete_changes,
        template="retention/steps/changes.html",
        context=context,
    ),
)
JOBS = (Job(handler="retention.hand_over_plant", run=hand_over_plant),)
ACTIONS = (
    Action(
        code="retention.arrive",
        label=_("Registrar la llegada"),
        form=ArriveForm,
        perform=arrive,
        template="retention/actions/arrive.html",
        roles=WHO_VISITS,
        available=not_arrived,
        context=context,
    ),
    Action(
        code="retention.visit_failed",
        label=_("Visita no realizada"),
        form=FailureForm,
        perform=fail_visit,
        template="retention/actions/visit_failed.html",
        roles=WHO_VISITS,
        available=at_the_visit,
        context=context,
    ),
)
