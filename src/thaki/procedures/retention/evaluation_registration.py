"""The monthly evaluation as the runtime knows it: `retention_evaluation`, a procedure of its own (R-B5)."""

from datetime import datetime
from pathlib import Path
from typing import Any

from thaki.cases import registry
from thaki.cases.registry import ProcedureApp
from thaki.people.roles import Role
from thaki.procedures.retention.evaluation_models import Evaluation
from thaki.procedures.retention.steps import evaluation
from thaki.reporting.months import month_name, month_of, previous

HERE = Path(__file__).parent
SUPERVISORS = (Role.GERENCIA_COMERCIAL.value, Role.JEFE_RELACION_CLIENTE.value)


def load(case_id: int) -> Evaluation:
    """The evaluation of a case, locked."""
    return Evaluation.objects.select_for_update(of=("self",)).get(pk=case_id)


def peek(case_id: int) -> Evaluation:
    """The evaluation of a case, not locked."""
    return Evaluation.objects.select_related("case", "concluded_by", "pdf").get(pk=case_id)


def scheduled(at: datetime) -> dict[str, Any] | None:
    """What the first day of a month opens: the evaluation of the month that ended, unless somebody opened it already."""
    month_on = previous(month_of(at))
    return None if Evaluation.objects.filter(month_on=month_on).exists() else {"month": month_on.isoformat()}


def register() -> None:
    """Tell the runtime about it; called when Django is ready."""
    registry.register(
        ProcedureApp(
            code="retention_evaluation",
            prefix="EVA",
            bpmn=HERE / "evaluation.bpmn",
            process="retention_evaluation",
            start=evaluation.start,
            load=load,
            peek=peek,
            facts=lambda record: {},
            subject=lambda record: month_name(record.month_on).capitalize(),
            steps=(evaluation.STEP,),
            scenarios=HERE / "scenarios" / "evaluation",
            scheduled=scheduled,
            supervisors=SUPERVISORS,
        )
    )
