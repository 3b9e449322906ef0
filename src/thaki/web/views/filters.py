"""The filters that a person keeps in *Mi trabajo*."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from thaki.people.access import StaffRequest, any_staff
from thaki.web import worklists
from thaki.web.forms import FilterName
from thaki.web.helpers import done
from thaki.web.views.asking import ask


@any_staff
def keep(request: StaffRequest) -> HttpResponse:
    """Keep the filters of the address under a name."""
    query = worklists.Asked.of(request).query
    form = FilterName(request.POST or None, initial={"query": query})
    if request.method == "POST" and form.is_valid():
        query = form.cleaned_data["query"]
        worklists.keep_filter(request.user, form.cleaned_data["name"], query)
        return done(request, _("El filtro quedó guardado."), to=f"{reverse('my_work')}?{query}")
    back = f"{reverse('my_work')}?{query}"
    return ask(request, form, title=_("Guardar estos filtros"), label=_("Guardar"), back=back)


@any_staff
@require_POST
def forget(request: StaffRequest, key: int) -> HttpResponse:
    """Keep them no longer."""
    worklists.forget_filter(request.user, key)
    return done(request, _("El filtro ya no está."), "info", to=reverse("my_work"))
