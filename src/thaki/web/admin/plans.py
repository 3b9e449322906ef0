"""Plans and packages: what is sold, what it costs from which day, what packages are made of, what is sold no more."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.people.access import StaffRequest, staff
from thaki.records.offers import catalogue
from thaki.records.offers.models import CommercialLetter, LetterItem, Plan, PlanTariff, Technology
from thaki.records.reasons import RuleError
from thaki.ui.paging import Page, page_of
from thaki.ui.widgets import DayInput, MoneyInput
from thaki.web.admin import changes, subjects
from thaki.web.admin.index import PLAN_READERS, SELLERS_CHIEFS
from thaki.web.helpers import asked

STATES = (
    ("", lazy("En venta")),
    ("proximos", lazy("Próximos")),
    ("retirados", lazy("Retirados")),
    ("todos", lazy("Todos")),
)


def _money(label: Any, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, widget=MoneyInput, max_digits=12, decimal_places=2, localize=False, **kwargs)


class PlanForm(forms.ModelForm):
    """What a plan is called, what it carries, what it is made of."""

    components = forms.ModelMultipleChoiceField(
        label=lazy("Planes que lo componen"),
        queryset=Plan.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=lazy("Solo para paquetes: dos o más."),
    )

    class Meta:
        model = Plan
        fields = ("code", "name", "kind", "technology", "down_mbps", "up_mbps", "highlights")
        labels = {
            "code": lazy("Código"),
            "name": lazy("Nombre"),
            "kind": lazy("Tipo"),
            "technology": lazy("Tecnología"),
            "down_mbps": lazy("Bajada (Mbps)"),
            "up_mbps": lazy("Subida (Mbps)"),
            "highlights": lazy("Características"),
        }
        help_texts = {"highlights": lazy("Lo que se lee debajo del nombre en la Carta Comercial.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts: Any = self.fields["components"]
        mine = Q(packages=self.instance.pk) if self.instance.pk else Q()
        on_sale = Q(valid_to_on=None) | Q(valid_to_on__gte=timezone.localdate())
        parts.queryset = Plan.objects.filter(on_sale | mine).exclude(kind="package").distinct()
        if self.instance.pk:
            self.fields["code"].disabled = True
            parts.initial = list(self.instance.components.values_list("pk", flat=True))

    def clean_code(self) -> str:
        """In capitals."""
        return str(self.cleaned_data["code"]).strip().upper()

    def validate_unique(self) -> None:
        """The operation tells it."""

    def values(self) -> dict[str, Any]:
        """What an operation takes."""
        data = dict(self.cleaned_data)
        parts = list(data.pop("components"))
        return {**data, "parts": parts if data["kind"] == Plan.Kind.PACKAGE else []}


class NewPlanForm(PlanForm):
    """A plan with its first tariff."""

    tariff_bob = _money(lazy("Tarifa mensual"))
    installation_bob = _money(lazy("Instalación"), initial=0, min_value=0)
    conditions = forms.CharField(label=lazy("Condiciones"), required=False, widget=forms.Textarea({"rows": 2}))
    valid_from_on = forms.DateField(label=lazy("Se ofrece desde"), widget=DayInput, initial=timezone.localdate)

    class Meta(PlanForm.Meta):
        pass

    def clean_tariff_bob(self) -> Any:
        """More than nothing."""
        if self.cleaned_data["tariff_bob"] <= 0:
            raise forms.ValidationError(_("La tarifa debe ser mayor a cero."))
        return self.cleaned_data["tariff_bob"]


class TariffForm(forms.Form):
    """What it costs from a day on."""

    from_on = forms.DateField(label=lazy("Rige desde"), widget=DayInput)
    tariff_bob = _money(lazy("Tarifa mensual"))
    installation_bob = _money(lazy("Instalación"), min_value=0)
    conditions = forms.CharField(label=lazy("Condiciones"), required=False, widget=forms.Textarea({"rows": 2}))

    clean_tariff_bob = NewPlanForm.clean_tariff_bob


@staff(*PLAN_READERS)
@require_safe
def plan_list(request: StaffRequest) -> HttpResponse:
    """Plans by name, kind, technology and whether they are on sale."""
    plans = _found(asked(request, "q"), asked(request, "tipo"), asked(request, "tecnologia"), asked(request, "estado"))
    page: Page[Plan] = page_of(plans, request)
    today = timezone.localdate()
    coming = PlanTariff.objects.filter(plan__in=[p.pk for p in page.rows], from_on__gt=today).order_by("-from_on")
    next_of = {tariff.plan_id: tariff for tariff in coming}
    context = {
        "page": page,
        "rows": [(plan, _state(plan), next_of.get(plan.pk)) for plan in page.rows],
        "kinds": Plan.Kind.choices,
        "technologies": Technology.choices,
        "states": STATES,
        "asked": request.GET,
        "may_change": _may(request),
    }
    return render(request, "web/admin/plans.html", context)


@staff(*SELLERS_CHIEFS)
def plan_new(request: StaffRequest) -> HttpResponse:
    """Enter a plan or a package."""
    form = NewPlanForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plan = catalogue.enter_plan(by=request.user, now=timezone.now(), **form.values())
        except RuleError as refused:
            _blame(form, refused)
        else:
            messages.success(request, _("Plan guardado."))
            return redirect("administration:plan", pk=plan.pk)
    return render(request, "web/admin/plan_new.html", {"form": form}, status=422 if form.is_bound else 200)


@staff(*PLAN_READERS)
def plan_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One plan: its data, its tariffs, its packages, its history."""
    plan = get_object_or_404(Plan, pk=pk)
    if request.method != "POST":
        return _page(request, plan)
    if not _may(request):
        raise PermissionDenied
    form = PlanForm(request.POST, instance=get_object_or_404(Plan, pk=pk))
    if form.is_valid():
        try:
            catalogue.edit_plan(pk, by=request.user, now=timezone.now(), **form.values())
        except RuleError as refused:
            _blame(form, refused)
        else:
            messages.success(request, _("Cambios guardados."))
            return redirect("administration:plan", pk=pk)
    return _page(request, plan, form=form)


@staff(*SELLERS_CHIEFS)
@require_POST
def tariff_new(request: StaffRequest, pk: int) -> HttpResponse:
    """Price it from a day on."""
    plan = get_object_or_404(Plan, pk=pk)
    form = TariffForm(request.POST)
    if form.is_valid():
        try:
            tariff = catalogue.new_tariff(pk, by=request.user, now=timezone.now(), **form.cleaned_data)
        except RuleError as refused:
            _blame(form, refused)
        else:
            words = _("Tarifa guardada: rige desde el %(day)s. Las cartas ya emitidas conservan la suya.")
            messages.success(request, words % {"day": f"{tariff.from_on:%d/%m/%Y}"})
            return redirect("administration:plan", pk=pk)
    return _page(request, plan, tariff_form=form)


@staff(*SELLERS_CHIEFS)
@require_POST
def tariff_drop(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back one that is not in force yet."""
    tariff = get_object_or_404(PlanTariff, pk=pk)
    return _done(request, tariff.plan_id, _("Tarifa retirada."), catalogue.drop_tariff, pk, now=timezone.now())


@staff(*SELLERS_CHIEFS)
@require_POST
def plan_retire(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer it until a day, or again without an end (no day)."""
    get_object_or_404(Plan, pk=pk)
    if request.POST.get("again"):
        return _done(request, pk, _("El plan se ofrece de nuevo."), catalogue.offer_again, pk)
    try:
        last_on = forms.DateField().clean(request.POST.get("last_on", ""))
    except forms.ValidationError:
        messages.error(request, _("Indique hasta qué día se ofrece."))
        return redirect("administration:plan", pk=pk)
    done = _("El plan se ofrece hasta el %(day)s.") % {"day": f"{last_on:%d/%m/%Y}"}
    return _done(request, pk, done, catalogue.retire, pk, last_on=last_on, now=timezone.now())


# ---------------------------------------------------------------- inside
def _may(request: StaffRequest) -> bool:
    return request.user.has_role(*SELLERS_CHIEFS)


def _done(request: StaffRequest, plan_id: int, said: str, operation: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    try:
        operation(*args, by=request.user, **kwargs)
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, said)
    return redirect("administration:plan", pk=plan_id)


def _blame(form: forms.BaseForm, refused: RuleError) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _found(text: str, kind: str, technology: str, state: str) -> QuerySet[Plan]:
    today = timezone.localdate()
    found = Plan.objects.order_by("kind", "technology", "tariff_bob", "code")
    for word in text.split():
        found = found.filter(Q(name__icontains=word) | Q(code__icontains=word))
    if kind in Plan.Kind.values:
        found = found.filter(kind=kind)
    if technology in Technology.values:
        found = found.filter(technology=technology)
    if state == "proximos":
        return found.filter(valid_from_on__gt=today)
    if state == "retirados":
        return found.filter(valid_to_on__lt=today)
    if state == "todos":
        return found
    return found.filter(Q(valid_to_on=None) | Q(valid_to_on__gte=today), valid_from_on__lte=today)


def _state(plan: Plan) -> tuple[str, str]:
    """Words and tone."""
    today = timezone.localdate()
    if plan.valid_from_on > today:
        return _("Desde el %(day)s") % {"day": f"{plan.valid_from_on:%d/%m/%Y}"}, "info"
    if plan.valid_to_on is None:
        return _("En venta"), "good"
    if plan.valid_to_on < today:
        return _("Retirado"), "neutral"
    return _("Hasta el %(day)s") % {"day": f"{plan.valid_to_on:%d/%m/%Y}"}, "warn"


def _page(
    request: StaffRequest, plan: Plan, form: PlanForm | None = None, tariff_form: TariffForm | None = None
) -> HttpResponse:
    today = timezone.localdate()
    figures = {name: getattr(plan, name) for name in catalogue.FIGURES}
    open_letters = LetterItem.objects.filter(plan=plan, letter__state=CommercialLetter.State.ISSUED)
    context = {
        "plan": plan,
        "state": _state(plan),
        "form": form or PlanForm(instance=plan),
        "tariff_form": tariff_form or TariffForm(initial=figures),
        "tariffs": [(t, _when(t, today)) for t in plan.tariffs.select_related("set_by")],
        "components": plan.components.all(),
        "packages": plan.packages.all(),
        "open_letters": open_letters.filter(letter__valid_until_on__gte=today).count(),
        "events": _events(plan),
        "may_change": _may(request),
        "today": today,
    }
    status = 422 if form is not None or tariff_form is not None else 200
    return render(request, "web/admin/plan.html", context, status=status)


def _when(tariff: PlanTariff, today: Any) -> str:
    if tariff.from_on > today:
        return "next"
    return "now" if tariff.to_on is None or tariff.to_on >= today else "past"


def _events(plan: Plan) -> list[changes.Change]:
    """The plan's own changes and those of what it is made of."""
    of_plan = changes.history(subjects.PLAN, plan.pk, 20)
    of_parts = changes.history(subjects.PLAN_PART, plan.pk, 20)
    return sorted([*of_plan, *of_parts], key=lambda change: change.at, reverse=True)[:25]
