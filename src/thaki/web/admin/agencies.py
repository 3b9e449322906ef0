"""Agencies: where invoices are printed and handed over, and who works there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.people import agencies
from thaki.people.access import StaffRequest, staff
from thaki.people.forms import telephone
from thaki.people.models import Agency, User
from thaki.records.billing import queries as billing
from thaki.ui.widgets import PhoneInput
from thaki.web.admin import changes, subjects
from thaki.web.admin.index import ADMINISTRATOR

administrator = staff(*ADMINISTRATOR)


class AgencyForm(forms.ModelForm):
    """An agency as customers and cashiers know it."""

    phone = forms.CharField(label=lazy("Teléfono"), required=False, widget=PhoneInput)

    class Meta:
        model = Agency
        fields = ("name", "address", "phone", "hours")
        labels = {"name": lazy("Nombre"), "address": lazy("Dirección"), "hours": lazy("Horario de atención")}
        help_texts = {"hours": lazy("Como se le dice al cliente: lunes a viernes de 8:30 a 16:00.")}

    def clean_phone(self) -> str:
        """Eight digits."""
        return telephone(self.cleaned_data["phone"])

    def clean_name(self) -> str:
        """Written once, whatever its capitals."""
        name = " ".join(str(self.cleaned_data["name"]).split())
        if Agency.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Ya hay una agencia con ese nombre."))
        return name


@administrator
@require_safe
def agency_list(request: StaffRequest) -> HttpResponse:
    """Every agency with its people and what waits there."""
    printing, handing = _waiting(billing.print_queue()), _waiting(billing.delivery_queue())
    rows = [(a, printing.get(a.name, 0), handing.get(a.name, 0)) for a in agencies.listed()]
    return render(request, "web/admin/agencies.html", {"rows": rows})


@administrator
def agency_edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new agency, or one that there is."""
    agency = get_object_or_404(Agency, pk=pk) if pk else Agency()
    # A form writes into its own copy of the row: the operation looks at what there was.
    form = AgencyForm(request.POST or None, instance=Agency.objects.get(pk=pk) if pk else Agency())
    if request.method == "POST" and form.is_valid():
        agencies.save(agency, by=request.user, **form.cleaned_data)
        messages.success(request, _("Agencia guardada."))
        return redirect("administration:agencies")
    context: dict[str, Any] = {"form": form, "agency": agency if pk else None}
    if pk:
        context["people"] = User.objects.filter(office__name=agency.name, is_active=True).order_by(
            "first_name", "last_name"
        )
        context["events"] = changes.history(subjects.AGENCY, pk)
    status = 422 if form.is_bound else 200
    return render(request, "web/admin/agency.html", context, status=status)


@administrator
@require_POST
def agency_state(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer it, or do not any more; not while somebody or something is there."""
    agency = get_object_or_404(Agency, pk=pk)
    active = request.POST.get("active") == "1"
    waiting = 0 if active else billing.print_queue(agency.name).count() + billing.delivery_queue(agency.name).count()
    if waiting:
        messages.error(request, WAITING % {"count": waiting})
        return redirect("administration:agency", pk=pk)
    try:
        agencies.set_active(agency, active=active, by=request.user)
    except agencies.AgencyInUse as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("La agencia se ofrece de nuevo.") if active else _("La agencia ya no se ofrece."))
    return redirect("administration:agency", pk=pk)


WAITING = lazy("No se puede: tiene %(count)s facturas por imprimir o entregar.")


def _waiting(queue: Any) -> dict[str, int]:
    return dict(queue.order_by().values_list("agency").annotate(count=Count("pk")))
