"""What Gerencia Comercial decides about the retention, with its history: offers, tasks, reasons; thresholds are policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import models
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from thaki.cases import store
from thaki.people import policies
from thaki.people.access import StaffRequest, staff
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention import rules
from thaki.procedures.retention.models import GlosaVariant, RetentionOffer, RetentionReason, XpressTask
from thaki.procedures.retention.offer_forms import GlosaForm, OfferForm, ReasonForm, ShelfForm, TaskForm

OWNERS = (Role.GERENCIA_COMERCIAL,)
READERS = (*OWNERS, Role.RESPONSABLE_RETENCION, Role.ASESOR_COMERCIAL, Role.JEFE_RELACION_CLIENTE, Role.GESTION_CALIDAD)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of what is on the shelf."""

    model: type[Any]
    form: type[ShelfForm]
    one: Any  # its name in the page's head


KINDS: Mapping[str, Kind] = {
    "oferta": Kind(RetentionOffer, OfferForm, gettext_lazy("Oferta de retención")),
    "tarea": Kind(XpressTask, TaskForm, gettext_lazy("Tarea Xpress")),
    "motivo": Kind(RetentionReason, ReasonForm, gettext_lazy("Motivo")),
}


@staff(*READERS)
@require_safe
def shelf_page(request: StaffRequest) -> HttpResponse:
    """All of it on one page."""
    variants = list(GlosaVariant.objects.select_related("written_by", "approved_by").order_by("-pk")[:10])
    thresholds = [each for each in policies.definitions() if each.code.startswith("retention.")]
    context = {
        "offers": RetentionOffer.objects.all(),
        "tasks": XpressTask.objects.all(),
        "reasons": RetentionReason.objects.all(),
        "glosa": rules.GLOSA,
        "variants": variants,
        "thresholds": [(each, policies.get(each.code)) for each in thresholds],
        "may_change": request.user.has_role(*OWNERS),
        "may_approve": request.user.has_role(Role.RESPONSABLE_RETENCION),
    }
    return render(request, "retention/pages/offers.html", context)


@staff(*OWNERS)
@require_http_methods(["GET", "POST"])
def add(request: StaffRequest, kind: str) -> HttpResponse:
    """A new one."""
    return _edit(request, _kind(kind), None)


@staff(*OWNERS)
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, kind: str, pk: int) -> HttpResponse:
    """Change one; its history stays."""
    known = _kind(kind)
    return _edit(request, known, get_object_or_404(known.model, pk=pk))


def _edit(request: StaffRequest, kind: Kind, row: models.Model | None) -> HttpResponse:
    form = kind.form(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        with store.moving():
            store.act_as(request.user)
            form.save()
        messages.success(request, _("Guardado: %(what)s.") % {"what": form.instance})
        return redirect("retention:offers")
    context = {"form": form, "kind": kind.one, "row": row, "history": history(row) if row else []}
    return render(request, "retention/pages/offer.html", context, status=422 if form.errors else 200)


def history(row: Any) -> list[dict[str, Any]]:
    """What was changed, when and by whom, the latest first; each line against the one before it."""
    events = list(row.events.order_by("-pgh_id")[:31])
    people = User.objects.in_bulk({key for event in events if (key := (event.pgh_context or {}).get("user"))})
    lines = []
    for event, before in zip(events, [*events[1:], None], strict=True):
        by = people.get((event.pgh_context or {}).get("user"))
        lines.append({"at": event.pgh_created_at, "by": by, "what": _differences(row, event, before)})
    return [line for line in lines[:30] if line["what"]]


def _differences(row: Any, event: Any, before: Any) -> list[str]:
    if before is None:
        return [_("Creado")]
    fields = [field for field in row._meta.concrete_fields if not field.primary_key]
    changed = [f for f in fields if getattr(event, f.attname) != getattr(before, f.attname)]
    return [f"{f.verbose_name}: {getattr(before, f.attname)} → {getattr(event, f.attname)}" for f in changed]


def _kind(name: str) -> Kind:
    if name not in KINDS:
        raise Http404(name)
    return KINDS[name]


# ---------------------------------------------------------------- the glosa of a compensation (R-B8)
@staff(*OWNERS, Role.RESPONSABLE_RETENCION)
@require_http_methods(["GET", "POST"])
def glosa(request: StaffRequest) -> HttpResponse:
    """Write a variant; it is in force once the Responsable approves it."""
    last = GlosaVariant.objects.order_by("-pk").first()
    form = GlosaForm(request.POST or None, initial={"text": last.text if last else rules.GLOSA_COMPENSATION})
    if request.method == "POST" and form.is_valid():
        with store.moving():
            store.act_as(request.user)
            GlosaVariant.objects.create(
                text=form.cleaned_data["text"], written_at=timezone.now(), written_by=request.user
            )
        messages.success(request, _("Glosa escrita: falta que la apruebe el Responsable."))
        return redirect("retention:offers")
    context = {"form": form, "kind": _("Glosa de una orden con compensación"), "row": None, "history": []}
    return render(request, "retention/pages/offer.html", context, status=422 if form.errors else 200)


@staff(Role.RESPONSABLE_RETENCION)
@require_POST
def approve_glosa(request: StaffRequest, pk: int) -> HttpResponse:
    """The Responsable approves it, once."""
    variant = get_object_or_404(GlosaVariant, pk=pk)
    if variant.approved_at is None:
        with store.moving():
            store.act_as(request.user)
            variant.approved_at, variant.approved_by = timezone.now(), request.user
            variant.save(update_fields=["approved_at", "approved_by"])
        messages.success(request, _("Glosa aprobada: ya se usa en las órdenes con compensación."))
    return redirect("retention:offers")
