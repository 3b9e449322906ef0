"""The customer's link of a sale: where it is, and what he may do from his telephone (no login).

He sees only his own sale, in his own words: six stages instead of 26 steps. Whatever he does goes through
`runtime.perform`, the same door as the staff's actions, without a person behind it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from thaki.cases import runtime
from thaki.cases.models import Case, Task
from thaki.cases.policies import NotNow
from thaki.cases.registry import Work
from thaki.channels.website.models import CustomerLink
from thaki.procedures.sales import checkout, money, registration
from thaki.procedures.sales.bank_qr import account_qr
from thaki.procedures.sales.choices import RefusalReason
from thaki.procedures.sales.models import Requirement, Sale
from thaki.procedures.sales.portal_files import file_for
from thaki.procedures.sales.steps import portal_actions
from thaki.procedures.sales.steps.prepaid import SLIP_OPERATIONS
from thaki.records.billing import queries as billing


class Stage(NamedTuple):
    """What the customer is told of the signed steps."""

    label: Any
    steps: frozenset[str]
    now: Any  # what happens while it is there, so that he knows whether anything is asked of him


STAGES = (
    Stage(
        _("Recibimos su solicitud"),
        frozenset({"1", "2", "3", "4"}),
        _("Su ejecutivo lo llama para completar sus datos."),
    ),
    Stage(
        _("Revisamos la cobertura"),
        frozenset({"5", "6", "7"}),
        _("Estamos viendo qué servicio llega a su dirección. No hace falta que haga nada."),
    ),
    Stage(_("Su oferta"), frozenset({"8"}), _("Aquí verá su Carta Comercial apenas su ejecutivo la envíe.")),
    Stage(_("Sus documentos"), frozenset({"9"}), _("Envíe abajo lo que falta.")),
    Stage(_("Su pago"), frozenset({"10", "11", "12"}), _("Acuerde con su ejecutivo cómo prefiere pagar.")),
    Stage(
        _("Contrato e instalación"),
        frozenset({"16", "17", "18", "20", "21", "22", "23", "24", "25"}),
        _("Preparamos su contrato y coordinamos la instalación."),
    ),
)
# What the address says after the token -> the action of the procedure that it does.
ACTIONS = {
    "responder": "sales.customer_answers",
    "documentos": "sales.receive_papers",
    "ubicacion": "sales.customer_pins",
    "comprobante": "sales.receive_slip",
    "firmar": "sales.customer_signs",
}
DONE = {
    "responder": _("Gracias. Su ejecutivo ya tiene su respuesta."),
    "documentos": _("Recibimos su documento. Gracias."),
    "ubicacion": _("Recibimos su ubicación. Gracias."),
    "comprobante": _("Recibimos su comprobante. Cobranzas lo verificará."),
    "firmar": _("Gracias. Su aceptación quedó registrada."),
}


def show(request: HttpRequest, link: CustomerLink, action: str) -> HttpResponse:
    """The page, one of its files, or one of its actions."""
    if action.startswith("archivo-"):
        return file_for(link.case, action.removeprefix("archivo-"))
    if not action:
        return _page(request, link.case)
    if action not in ACTIONS or request.method != "POST":
        raise Http404
    return _act(request, link.case, action)


def _act(request: HttpRequest, case: Case, action: str) -> HttpResponse:
    data, files = _answer(request, action)
    key = request.POST.get("key", "")[:64]
    try:
        runtime.perform(
            case.pk,
            ACTIONS[action],
            by=None,
            now=timezone.now(),
            answer=runtime.Answer(data, files),
            submission_key=key,
        )
    except runtime.AnswerInvalid as refused:
        return _page(request, case, failed=action, form=refused.form)
    except NotNow:
        messages.warning(request, _t("Eso ya no hace falta: su solicitud siguió adelante."))
    else:
        messages.success(request, str(DONE[action]))
    return redirect(_address(request))


def _answer(request: HttpRequest, action: str) -> tuple[Any, Any]:
    """The customer's fields; of a paper he says nothing but the picture: who judges it is the executive."""
    if action != "documentos":
        return request.POST, request.FILES
    data: dict[str, Any] = {}
    for kind in Requirement.Kind:
        if request.FILES.getlist(f"{kind}_files"):
            data |= {f"{kind}_channel": "link", f"{kind}_state": Requirement.State.RECEIVED.value, f"{kind}_reason": ""}
    return data, request.FILES


def _address(request: HttpRequest) -> str:
    return reverse("website:portal", args=[str(request.resolver_match.kwargs["token"])])  # type: ignore[union-attr]  # routed


def _page(request: HttpRequest, case: Case, *, failed: str = "", form: Any = None) -> HttpResponse:
    sale = registration.peek(case.pk)
    work = Work(case=case, record=sale, now=timezone.now(), by=None)
    steps = set(Task.objects.filter(case=case, state=Task.State.OPEN).values_list("step", flat=True))
    context = {
        "case": case,
        "sale": sale,
        "token": request.resolver_match.kwargs["token"],  # type: ignore[union-attr]  # routed
        "stages": _stages(case, steps),
        "happening": _happening(case, sale, steps),
        "failed": failed,
        "failed_form": form,
        **_offer(work, sale),
        **_papers(sale, steps),
        **_payment(work, sale, steps),
        **_contract(work, sale),
    }
    return render(request, "sales/portal/page.html", context, status=422 if failed else 200)


def _stages(case: Case, steps: set[str]) -> list[dict[str, Any]]:
    """The stages with their state; where several are under way, the last one counts."""
    now = max((i for i, stage in enumerate(STAGES) if stage.steps & steps), default=-1)
    over = len(STAGES) if case.outcome == "closed" else now
    return [
        {"label": stage.label, "state": "done" if i < over else "current" if i == now else "todo"}
        for i, stage in enumerate(STAGES)
    ]


def _happening(case: Case, sale: Sale, steps: set[str]) -> Any:
    """What goes on now, in a sentence; "" where the page already shows it."""
    if case.ended_at or ("8" in steps and sale.letter) or steps & {"11", "12"}:
        return ""
    reached = [stage for stage in STAGES if stage.steps & steps]
    return reached[-1].now if reached else _("Su ejecutivo está revisando su solicitud y se comunicará con usted.")


def _offer(work: Work, sale: Sale) -> dict[str, Any]:
    action = work_action("sales.customer_answers")
    if sale.letter is None:
        return {}
    return {
        "letter": sale.letter,
        "letter_items": list(sale.letter.items.order_by("tariff_bob")),
        "may_answer": action.available(work),
        "refusal_reasons": RefusalReason.choices,
    }


def _papers(sale: Sale, steps: set[str]) -> dict[str, Any]:
    if "9" not in steps:
        return {}
    papers = {paper.kind: paper for paper in sale.papers.all()}
    place = papers.get(Requirement.Kind.LOCATION)
    known = place if place is not None and place.lat is not None else sale
    return {
        "place": known,
        "may_pin": place is None or place.state != Requirement.State.ACCEPTED,
        "papers": [(kind, kind.label, papers.get(kind)) for kind in Requirement.Kind],
    }


def _payment(work: Work, sale: Sale, steps: set[str]) -> dict[str, Any]:
    if "11" not in steps:
        return {"paying": "12" in steps}
    due = money.due_of(sale, work.case.number)
    return {
        "due_bob": due,
        "accounts": [(account, account_qr(account, due, work.case.number)) for account in billing.bank_accounts()],
        "checkout": checkout.address(sale, now=work.now),
        "waiting": billing.waiting_payment(work.case.number),
        "operations": SLIP_OPERATIONS,
        "today": timezone.localdate(work.now),
        "deposit_note": sale.deposit_note,
    }


def _contract(work: Work, sale: Sale) -> dict[str, Any]:
    action = work_action("sales.customer_signs")
    return {"contract": sale.contract, "may_sign": action.available(work), "invoice": sale.invoice}


def work_action(code: str) -> Any:
    """One of the customer's own actions."""
    return next(action for action in portal_actions.ACTIONS if action.code == code)
