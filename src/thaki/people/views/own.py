"""One's own pages: where to start, the profile, the look and the language."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from thaki.people import operations, queries
from thaki.people.access import StaffRequest, any_staff, public
from thaki.people.forms import AbsenceForm
from thaki.people.models import Absence
from thaki.ui.context import THEME_COOKIE, THEMES

YEAR_S = 365 * 24 * 3600


@any_staff
@require_GET
def start(request: StaffRequest) -> HttpResponse:
    """Where a person begins after signing in: his work, once the worklist's room is there."""
    for name in ("my_work", "people:profile"):
        try:
            return redirect(reverse(name))
        except NoReverseMatch:
            continue
    raise NoReverseMatch("people:profile")


@any_staff
def profile(request: StaffRequest) -> HttpResponse:
    """Who I am here, how I get in, when I am away."""
    form = AbsenceForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            operations.record_absence(user=request.user, by=request.user, **form.cleaned_data)
        except operations.AbsenceOverlaps as error:
            form.add_error("from_on", str(error))
        else:
            messages.success(request, _("Ausencia registrada."))
            return redirect("people:profile")
    today = timezone.localdate()
    absences = request.user.absences.filter(to_on__gte=today).select_related("substitute").order_by("from_on")
    context = {
        "form": form,
        "absences": absences,
        "covering": queries.substituted_by(request.user, today),
        "authenticators": Authenticator.objects.filter(user=request.user).exists(),
    }
    return render(request, "people/profile.html", context)


@any_staff
@require_POST
def remove_absence(request: StaffRequest, pk: int) -> HttpResponse:
    """Only one's own."""
    absence = Absence.objects.filter(user=request.user, pk=pk).first()
    if absence is not None:
        operations.remove_absence(absence, by=request.user)
        messages.success(request, _("Ausencia retirada."))
    return redirect("people:profile")


@public("the look and the language of a browser; changes nothing that others see")
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Light or dark, Spanish or English: kept with the person, and in a cookie for the pages before signing in."""
    theme, language = request.POST.get("theme", ""), request.POST.get("language", "")
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "/")
    chosen: dict[str, str] = {}
    if theme in THEMES:
        chosen["theme"] = theme
        _keep(response, THEME_COOKIE, theme)
    if language in dict(settings.LANGUAGES):
        chosen["language"] = language
        _keep(response, settings.LANGUAGE_COOKIE_NAME, language)
    if chosen and request.user.is_authenticated:
        operations.edit_user(request.user, by=request.user, **chosen)
    return response


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
