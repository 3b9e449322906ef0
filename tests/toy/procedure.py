"""The toy as the runtime knows it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.db import connection
from tests.toy.models import Toy

from thaki.cases import registry, remembering, versions
from thaki.cases.models import Case
from thaki.cases.registry import Job, ProcedureApp, Receiver, Step, StepRefused, Work
from thaki.people.prepared import Prepared

HERE = Path(__file__).parent
HANDED_OUT: list[str] = []  # keys of the effects that the handler did
TROUBLE: list[Exception] = []  # raised by the handler, one a call, before it does anything


class StepForm(forms.Form):
    """A form that knows its work, as the steps' forms do."""

    def __init__(self, data: Any = None, files: Any = None, *, work: Work) -> None:
        super().__init__(data, files)
        self.work = work


class AskForm(StepForm):
    """Step 1."""

    wish = forms.CharField(max_length=80)


class CheckForm(StepForm):
    """Step 2."""

    verdict = forms.ChoiceField(choices=[("yes", "sí"), ("no", "no")])


class PrintForm(StepForm):
    """Step 4: a file that may come with it."""

    slip = forms.FileField(required=False)


def _ask(work: Work, cleaned: dict[str, Any]) -> None:
    if cleaned["wish"] == "la luna":
        raise StepRefused({"wish": "Eso no se vende."})
    if cleaned["wish"].startswith("otra:"):  # takes a lock of another case after its own, as a real step may by mistake
        Case.objects.select_for_update(no_key=True).get(pk=cleaned["wish"].partition(":")[2])
    work.record.wish = cleaned["wish"]
    work.record.save(update_fields=["wish"])
    work.effect("toy.mail", f"{work.case.number}:asked", {"to": "cliente@example.com"})


def _check(work: Work, cleaned: dict[str, Any]) -> None:
    work.record.verdict = cleaned["verdict"]
    work.record.save(update_fields=["verdict"])
    work.note(verdict=cleaned["verdict"])


def _nothing(work: Work, cleaned: dict[str, Any]) -> None:
    """Nothing to change."""


def _forget_verdict(work: Work, to_node: str, reason: str) -> None:
    work.record.verdict = "unknown"
    work.record.save(update_fields=["verdict"])


def _bill(work: Work) -> None:
    work.effect("toy.invoice", f"{work.case.number}:invoice", {"amount": "100.00"})


def _billed(work: Work, results: dict[str, Any]) -> None:
    [result] = results.values()
    work.record.invoice = result.get("number", "")
    work.record.save(update_fields=["invoice"])


def _count(work: Work) -> None:
    work.record.count += 1
    work.record.save(update_fields=["count"])


def _begin(work: Work, payload: dict[str, Any]) -> Toy:
    if not payload.get("customer"):
        raise StepRefused({"customer": "Falta el cliente."})
    made: Toy = Toy.objects.create(case_id=work.case.pk, customer=payload["customer"])
    return made


def _lost(work: Work, payload: dict[str, Any]) -> None:
    work.note(why=payload.get("why", ""))


def facts(record: Toy) -> Mapping[str, str]:
    """The toy's one fact."""
    return {"verdict": record.verdict}


def handle(effect: Any) -> dict[str, Any]:
    """Do an effect, or fail as `TROUBLE` says."""
    if TROUBLE:
        raise TROUBLE.pop(0)
    HANDED_OUT.append(effect.key)
    return {"number": f"F-{effect.pk}"}


TOY = ProcedureApp(
    code="toy",
    prefix="TOY",
    bpmn=HERE / "toy.bpmn",
    process="toy",
    start=_begin,
    load=Prepared(Toy, "m.case_id = %s", lock=True).get,
    peek=lambda case_id: Toy.objects.get(pk=case_id),
    facts=facts,
    subject=lambda record: record.customer,
    steps=(
        Step("toy.ask", AskForm, _ask, ""),
        Step("toy.check", CheckForm, _check, "", sent_back=_forget_verdict),
        Step("toy.print", PrintForm, _nothing, ""),
        Step("toy.order", StepForm, _nothing, ""),
        Step("toy.review", StepForm, _nothing, ""),
    ),
    jobs=(Job("toy.bill", _bill, _billed), Job("toy.count", _count)),
    receivers=(Receiver("lost", _lost),),
    supervisors=("responsable_canales_digitales",),
)


def register() -> None:
    """Make the toy known to this process."""
    registry.register(TOY)
    registry.register_effect_handler("toy.mail", handle)
    registry.register_effect_handler("toy.invoice", handle)


def install() -> None:
    """Make the toy known, and its table and first version in the database."""
    register()
    with connection.schema_editor() as editor:
        if Toy._meta.db_table not in connection.introspection.table_names():
            editor.create_model(Toy)
    remembering.install()
    versions.seed_one(TOY)
