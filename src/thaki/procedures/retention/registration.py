"""Evitar bajas (Retención) as the runtime knows it: its record, its facts and what every node of the BPMN file does."""

from importlib import import_module
from pathlib import Path
from typing import Any

from thaki.cases import registry, versions
from thaki.cases.registry import ProcedureApp, Work
from thaki.people.prepared import Prepared
from thaki.people.roles import Role
from thaki.procedures.retention import alarms, notes, opening, panels, stage
from thaki.procedures.retention.facts import facts
from thaki.procedures.retention.models import Retention
from thaki.procedures.retention.moments import MOMENTS
from thaki.procedures.retention.steps import pending

HERE = Path(__file__).parent
SUPERVISORS = tuple(
    role.value for role in (Role.RESPONSABLE_RETENCION, Role.JEFE_RELACION_CLIENTE, Role.GERENCIA_COMERCIAL)
)

# One module a step of the signed procedure or a natural pair; each may have STEPS, JOBS, ACTIONS and RECEIVERS.
STEP_MODULES: tuple[str, ...] = (
    "antecedents",  # 1, R-B1
    "authorise",  # R-B1, R-B13
    "repeated",  # 2
    "negotiate",  # 3
    "billing_claim",  # 4, 13
    "work_order",  # 5
    "analyse",  # 11
    "compensation",  # 12
    "courtesy",  # 14
    "leaving",  # R-B4
    "dispatch",  # 6
    "visit",  # 7, 8
    "quality",  # 9, 10
)


def _collect(name: str) -> tuple[Any, ...]:
    modules = [import_module(f"thaki.procedures.retention.steps.{m}") for m in STEP_MODULES]
    return tuple(item for module in modules for item in getattr(module, name, ()))


LOCKED = Prepared(Retention, "m.case_id = %s", follow=("customer", "subscription", "work_order", "case"), lock=True)
SHOWN = Prepared(
    Retention,
    "m.case_id = %s",
    follow=("customer", "subscription", "work_order", "billing_claim", "courtesy", "withdrawal", "adviser", "case"),
)


def load(case_id: int) -> Retention:
    """The retention of a case, locked, with whom it is about."""
    return LOCKED.get(case_id)


def peek(case_id: int) -> Retention:
    """The retention of a case with what its screens show, not locked."""
    return SHOWN.get(case_id)


def ended(work: Work, outcome: str) -> None:
    """When it ended is what the monthly evaluation goes by."""
    work.record.ended_at = work.now
    work.record.save(update_fields=["ended_at"])


def register() -> None:
    """Tell the runtime about the procedure; called when Django is ready."""
    bpmn = HERE / "procedure.bpmn"
    steps, jobs = _collect("STEPS"), _collect("JOBS")
    nodes = versions.parse(bpmn.read_bytes(), "retention").nodes.values()
    registry.register(
        ProcedureApp(
            code="retention",
            prefix="RET",
            bpmn=bpmn,
            process="retention",
            start=opening.start,
            load=load,
            peek=peek,
            facts=facts,
            moments=MOMENTS,
            subject=lambda retention: str(retention.customer),
            steps=steps + pending.steps(nodes, {step.handler for step in steps}),
            jobs=jobs + pending.jobs(nodes, {job.handler for job in jobs}),
            actions=_collect("ACTIONS"),
            receivers=_collect("RECEIVERS"),
            taken=("new_claim", "visit_failed"),
            ended=ended,
            timer_fired=alarms.timer_fired,
            panels=("retention/panels/customer.html", "retention/panels/retention.html"),
            panel_context=panels.context,
            scenarios=HERE / "scenarios",
            rehearse_start=stage.set_up,
            notes=notes.WORDS,
            made_documents=frozenset({"hoja_servicio", "orden_trabajo", "reporte_dano"}),  # signed again, made again
            supervisors=SUPERVISORS,
        )
    )
