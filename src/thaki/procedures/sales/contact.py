"""Reaching the customer wherever he is awaited (R-A9), and what he may call off (R-A7): the actions beside the steps.

A failed attempt too many, "not interested" or "false data" send the sale to step 19 by the message `sale_lost`; a sign of life
moves the clock of the days without one. A withdrawal is the message `customer_withdrew`, another payment form
`payment_form_changed`. Whoever offers such a message from outside (the customer's link) may give `reason` in its payload.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from thaki.cases import versions
from thaki.cases.models import Case, Task, Timer
from thaki.cases.registry import Action, Receiver, Work
from thaki.engine.marking import Marking
from thaki.engine.procedure import TASKS
from thaki.people import policies
from thaki.people.calendar import add_office_time
from thaki.people.roles import Role
from thaki.people.working_hours import office_calendar
from thaki.procedures.sales.choices import WithdrawalReason
from thaki.procedures.sales.forms import StepForm, choice_field, text_area
from thaki.procedures.sales.models import PaymentForm, Sale
from thaki.procedures.sales.operations import stamp, to_unserved
from thaki.procedures.sales.reasons import UnservedReason
from thaki.procedures.sales.rules import AWAITED_STEPS, SIGNS_OF_LIFE, WITHDRAWAL_STEPS, failed_in_a_row, left_at
from thaki.records.prospects import operations as prospect_operations
from thaki.records.prospects import queries as prospect_queries
from thaki.records.prospects import rules as prospect_rules
from thaki.records.prospects.models import ContactAttempt
from thaki.records.prospects.when import parse_when
from thaki.records.reasons import RuleError

NO_SIGN_NODES = "NoSign_"
REACHED = SIGNS_OF_LIFE | {"not_interested"}  # results that were a contact: Visitado (R-A6)
WHO_SELLS = frozenset({Role.EJECUTIVO_VENTAS_DIGITALES, Role.RESPONSABLE_VENTAS_DIGITALES})


def open_step(case: Case, among: tuple[int, ...]) -> int | None:
    """The signed step, among these, at which the case has an open task; None when it stands elsewhere.

    Told by the marking, which the case carries with it: every screen of a case asks this for each of its actions.
    """
    nodes = versions.of_id(case.version_id).procedure.nodes
    tokens = Marking.from_json(case.marking).tokens.values() if case.marking else ()
    standing = {nodes[token.node].step for token in tokens if nodes[token.node].kind in TASKS}
    return next((step for step in among if str(step) in standing), None)


def step_of(work: Work, among: tuple[int, ...]) -> int | None:
    """The step of this work's own task or boundary event (`NoSign_9`, `Lost_9`), else where the case stands."""
    _name, _mark, number = work.node.rpartition("_")
    if number.isdigit() and int(number) in among:
        return int(number)
    return open_step(work.case, among)


# ---------------------------------------------------------------- signs of life
def sign_of_life(case: Case, *, now: datetime, until: datetime | None = None) -> None:
    """The customer was heard of: the days without a sign count anew from now, or from the hour that he named.

    Inside a move (the case is locked), so the clock's row is changed here and not by `cases.operations.extend_timer`.
    """
    days = timedelta(days=policies.get_int("sales.days_without_sign"))
    Timer.objects.filter(case=case, node__startswith=NO_SIGN_NODES).update(due_at=max(now, until or now) + days)


def _next_try(case: Case, step: int, due_at: datetime) -> None:
    """The task is due when the customer is to be called again."""
    open_task = Task.objects.filter(case=case, state=Task.State.OPEN, step=str(step))
    open_task.update(due_at=due_at, escalated_at=None)


# ---------------------------------------------------------------- contact attempts
class WhenField(forms.CharField):
    """An hour to come, as it is said on the telephone; cleans to the instant, None when empty."""

    now: datetime  # of the work

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({"placeholder": "15:30", "autocomplete": "off"})
        super().__init__(max_length=60, widget=widget, **kwargs)

    def clean(self, value: Any) -> Any:
        """The instant meant."""
        text = super().clean(value if value is None else str(value))
        if not text:
            return None
        try:
            return parse_when(text, timezone.localtime(self.now))
        except RuleError as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from refused


class AttemptForm(StepForm):
    """One try to reach the customer and how it ended."""

    channel = choice_field(_("Medio"), ContactAttempt.Way.choices, initial="call")
    result = choice_field(
        _("Resultado"),
        ContactAttempt.Result.choices,
        radio=True,
        help_text=_("«No contesta» cuenta para el máximo de intentos; lo demás decide enseguida."),
    )
    call_back_at = WhenField(
        label=_("Volver a llamar"),
        required=False,
        help_text=_("Como lo dijo: 15:30, mañana 9, lunes 10:30, 25/11 16:00. La tarea vencerá entonces."),
    )
    note = forms.CharField(label=_("Nota"), required=False, max_length=300, widget=text_area())

    def __init__(self, *args: Any, work: Work, **kwargs: Any) -> None:
        super().__init__(*args, work=work, **kwargs)
        cast(WhenField, self.fields["call_back_at"]).now = work.now

    def clean(self) -> dict[str, Any]:
        """Only a call-back has an hour, and one that is to come."""
        super().clean()
        data = self.cleaned_data
        if data.get("result") and data["result"] != ContactAttempt.Result.CALL_BACK:
            data["call_back_at"] = None
        if data.get("result"):
            self.checked(
                "call_back_at", prospect_rules.check_attempt, data["result"], self.work.now, data.get("call_back_at")
            )
        return data


def record_attempt(work: Work, data: dict[str, Any]) -> str:
    """Note an attempt, with what follows from it; returns why the sale is lost, "" while there is hope."""
    sale: Sale = work.record
    prospect_operations.record_attempt(
        sale.prospect_id,
        channel=data["channel"],
        result=data["result"],
        call_back_at=data.get("call_back_at"),
        note=data.get("note", ""),
        by=work.by,
        now=work.now,
    )
    work.note(attempt=data["result"], channel=data["channel"])
    if data["result"] in REACHED:
        stamp(sale, "visited", work.now)
        sale.save(update_fields=["visited_at"])
    if data["result"] in SIGNS_OF_LIFE:
        return ""
    return prospect_rules.lost_because(results_so_far(sale), policies.get_int("sales.max_contact_attempts"))


def results_so_far(sale: Sale) -> list[str]:
    """The results since the sale was last taken up, from the oldest: what was tried before a decision of 19 counts no more."""
    attempts = prospect_queries.attempts(sale.prospect_id)
    taken_up = sale.unserved_requests.filter(decided_at__isnull=False).order_by("-decided_at").first()
    since = Q(at__gt=taken_up.decided_at) if taken_up else Q(at__gte=sale.case.opened_at)
    return list(attempts.filter(since).values_list("result", flat=True))


def _attempt(work: Work, data: dict[str, Any]) -> str:
    sale: Sale = work.record
    lost = record_attempt(work, data)
    if lost:
        sale.unserved_reason = UnservedReason(lost)
        sale.save(update_fields=["unserved_reason"])
        return "sale_lost"
    if data["result"] in SIGNS_OF_LIFE:
        sign_of_life(work.case, now=work.now, until=data.get("call_back_at"))
    _plan_next(work, data)
    return ""


def _plan_next(work: Work, data: dict[str, Any]) -> None:
    step = open_step(work.case, AWAITED_STEPS)
    if step is None:
        return
    if data.get("call_back_at"):
        _next_try(work.case, step, data["call_back_at"])
    elif data["result"] == ContactAttempt.Result.NO_ANSWER:
        wait = timedelta(hours=policies.get_int("sales.next_attempt_hours"))
        _next_try(work.case, step, add_office_time(work.now, wait, office_calendar()))


def attempts_context(work: Work) -> dict[str, Any]:
    """The attempts so far, and how many are left before the sale goes to step 19."""
    sale: Sale = work.record
    allowed = policies.get_int("sales.max_contact_attempts")
    failed = failed_in_a_row(results_so_far(sale))
    attempts = prospect_queries.attempts(sale.prospect_id).reverse()
    return {"attempts": list(attempts[:10]), "attempts_left": max(0, allowed - failed), "attempts_allowed": allowed}


# ---------------------------------------------------------------- withdrawal, another payment form
class WithdrawalForm(StepForm):
    """Why the customer does not go on."""

    withdrawal_reason = choice_field(
        _("Motivo"),
        WithdrawalReason.choices,
        help_text=_("Si ya entró dinero, Cobranzas lo devuelve antes de cerrar la solicitud."),
    )
    note = forms.CharField(label=_("Nota"), required=False, max_length=300, widget=text_area())


def _withdraw(work: Work, data: dict[str, Any]) -> str:
    _keep_withdrawal(work, data["withdrawal_reason"], data["note"])
    return "customer_withdrew"


def _keep_withdrawal(work: Work, reason: str, note: str = "") -> None:
    """Why, for step 19 and its report; the words that the person typed stay out of the history."""
    sale: Sale = work.record
    sale.withdrawal_reason, sale.withdrawal_note = reason, note
    sale.save(update_fields=["withdrawal_reason", "withdrawal_note"])
    work.note(withdrawal=reason)


class PaymentChangeForm(StepForm):
    """The customer wants another payment form before Cobranzas accepted the deposit (R-A7)."""

    note = forms.CharField(label=_("Nota"), required=False, max_length=300, widget=text_area())


def _change_payment(work: Work, data: dict[str, Any]) -> str:
    sale: Sale = work.record
    work.note(payment_form_was=sale.payment_form)
    sale.payment_form = PaymentForm.UNKNOWN
    sale.save(update_fields=["payment_form"])
    return "payment_form_changed"


# ---------------------------------------------------------------- arrivals at step 19
def receive_lost(work: Work, payload: dict[str, Any]) -> None:
    """The sale is lost where the customer was awaited."""
    sale: Sale = work.record
    reason = UnservedReason(payload.get("reason") or sale.unserved_reason or UnservedReason.NOT_INTERESTED)
    arrive(work, reason)


def receive_withdrawal(work: Work, payload: dict[str, Any]) -> None:
    """The customer withdraws between 9 and 12; what he paid is refunded on the way to 19."""
    if payload.get("reason"):
        _keep_withdrawal(work, str(payload["reason"])[:40])
    arrive(work, UnservedReason.WITHDREW, WITHDRAWAL_STEPS)


def timer_fired(work: Work) -> None:
    """The days without a sign are over (boundary timers `NoSign_…`)."""
    if work.node.startswith(NO_SIGN_NODES):
        arrive(work, UnservedReason.NO_SIGN)


def arrive(work: Work, reason: UnservedReason, among: tuple[int, ...] = AWAITED_STEPS) -> None:
    """Enter the request into the report of step 19, with the step at which it would be taken up again."""
    sale: Sale = work.record
    step = step_of(work, among)
    if step is None:
        raise ValueError(f"{work.case.number} stands at none of the steps {among}")
    to_unserved(sale, reason, left_at(step), work.now)
    sale.save(update_fields=["unserved", "unserved_reason", "left_at_step"])
    work.note(unserved_reason=str(reason), left_at=left_at(step))


# ---------------------------------------------------------------- what is offered on the case page
def _awaited(among: tuple[int, ...]) -> Any:
    def available(work: Work) -> bool:
        return open_step(work.case, among) is not None

    return available


ACTIONS = (
    Action(
        code="sales.contact_attempt",
        label=_("Anotar intento de contacto"),
        form=AttemptForm,
        perform=_attempt,
        template="sales/actions/contact_attempt.html",
        roles=WHO_SELLS,
        available=_awaited(AWAITED_STEPS),
        context=attempts_context,
    ),
    Action(
        code="sales.withdraw",
        label=_("El cliente desiste"),
        form=WithdrawalForm,
        perform=_withdraw,
        template="sales/actions/withdraw.html",
        roles=WHO_SELLS,
        available=_awaited(WITHDRAWAL_STEPS),
    ),
    Action(
        code="sales.change_payment_form",
        label=_("Cambiar la forma de pago"),
        form=PaymentChangeForm,
        perform=_change_payment,
        template="sales/actions/change_payment_form.html",
        roles=WHO_SELLS,
        available=_awaited((12,)),
    ),
)
RECEIVERS = (Receiver("sale_lost", receive_lost), Receiver("customer_withdrew", receive_withdrawal))
