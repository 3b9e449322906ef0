"""The procedures themselves: what was signed, what is ours, the diagram, the versions; publishing by their owner."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import findings, versions
from thaki.cases.models import ProcedureVersion
from thaki.cases.registry import ProcedureApp, procedure_app, procedure_apps
from thaki.engine.bpmn import BpmnError
from thaki.engine.findings import Finding
from thaki.people.access import StaffRequest, any_staff, staff
from thaki.people.roles import Role
from thaki.web.reading import differences, procedure_page

OWNER = Role.GESTION_CALIDAD
MAX_BYTES = 2_000_000  # ten times the largest file that we ship


class NewVersion(forms.Form):
    """A BPMN file that the owner of the procedure brings."""

    file = forms.FileField(
        label=gettext_lazy("Archivo BPMN 2.0"),
        help_text=gettext_lazy(
            "El archivo .bpmn de su editor (bpmn.io, Camunda Modeler, Bizagi). Se revisa antes de guardarlo."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".bpmn,.xml,application/xml"}),
    )
    note = forms.CharField(
        label=gettext_lazy("Qué cambia"),
        max_length=200,
        help_text=gettext_lazy("Una frase para quien compare las versiones."),
    )

    def clean_file(self) -> str:
        """The text of the file; too large or not text is said beside the field."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("El archivo es demasiado grande para ser un procedimiento."))
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("El archivo no es texto en UTF-8: expórtelo como BPMN 2.0 XML.")) from None


@require_safe
@any_staff
def index(request: StaffRequest) -> HttpResponse:
    """Every procedure, with its version in force."""
    in_force = {row.code: row for row in ProcedureVersion.objects.filter(state="published").defer("xml")}
    shown = [(app, in_force.get(app.code), _name(app, in_force.get(app.code))) for app in procedure_apps()]
    return render(request, "web/procedures/index.html", {"procedures": shown})


@require_safe
@any_staff
def detail(request: StaffRequest, code: str) -> HttpResponse:
    """The signed text, its steps and readings, as the version says that is in force or asked for."""
    row = _version(code, request.GET.get("version", ""))
    version = versions.of_id(row.pk)
    context = {
        "row": row,
        "page": procedure_page(version.procedure),
        "app": version.app,
        "policies": _policies(version.app),
        "tab": "text",
    }
    return render(request, "web/procedures/detail.html", context)


@require_safe
@any_staff
def diagram(request: StaffRequest, code: str) -> HttpResponse:
    """The diagram of a version."""
    row = _version(code, request.GET.get("version", ""))
    context = {"row": row, "page": procedure_page(versions.of_id(row.pk).procedure), "tab": "diagram"}
    return render(request, "web/procedures/diagram.html", context)


@require_safe
@any_staff
def xml(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """The file of a version, byte for byte as it was brought in."""
    row = get_object_or_404(ProcedureVersion, code=code, number=number)
    response = HttpResponse(row.xml, content_type="application/xml; charset=utf-8")
    how = "attachment" if "descargar" in request.GET else "inline"
    response["Content-Disposition"] = f'{how}; filename="{code}-{number}.bpmn"'
    response["Cache-Control"] = "private, max-age=86400"  # the text of a version never changes
    response["ETag"] = f'"{row.sha256}"'
    return response


@require_safe
@any_staff
def version_list(request: StaffRequest, code: str) -> HttpResponse:
    """The versions of a procedure; its owner brings in and publishes new ones here."""
    return _show_versions(request, code, NewVersion())


@staff(OWNER)
@require_POST
def propose(request: StaffRequest, code: str) -> HttpResponse:
    """Keep an owner's file as a draft, or say what is wrong with it."""
    app = _app(code)
    form = NewVersion(request.POST, request.FILES)
    if not form.is_valid():
        return _show_versions(request, code, form, status=422)
    try:
        row = versions.propose(
            code, form.cleaned_data["file"], by=request.user, now=timezone.now(), note=form.cleaned_data["note"]
        )
    except BpmnError as error:
        form.add_error("file", findings.say_unreadable(error))
        return _show_versions(request, code, form, status=422)
    except LookupError:
        form.add_error("file", _("El archivo no contiene el proceso «%(process)s».") % {"process": app.process})
        return _show_versions(request, code, form, status=422)
    messages.success(
        request,
        _("La versión %(number)s quedó como borrador. Revísela y póngala en vigencia.") % {"number": row.number},
    )
    return redirect("procedure_version", code=code, number=row.number)


@require_safe
@any_staff
def version_detail(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """One version: what differs from the one in force, and, of a draft, whether it is sound."""
    row = get_object_or_404(ProcedureVersion, code=code, number=number)
    return render(request, "web/procedures/version.html", _version_context(row))


@staff(OWNER)
@require_POST
def publish(request: StaffRequest, code: str, number: int) -> HttpResponse:
    """Put a draft in force; one that is not sound is shown again with its findings."""
    row = get_object_or_404(ProcedureVersion, code=code, number=number)
    try:
        versions.publish(row.pk, by=request.user, now=timezone.now())
    except versions.Unsound:
        return render(request, "web/procedures/version.html", _version_context(row), status=409)
    said = _("La versión %(number)s está en vigencia. Los casos en curso siguen en la suya.")
    messages.success(request, said % {"number": number})
    return redirect("procedure_versions", code=code)


# ---------------------------------------------------------------------- inside
def _app(code: str) -> ProcedureApp:
    try:
        return procedure_app(code)
    except KeyError:
        raise Http404(code) from None


def _version(code: str, number: str) -> ProcedureVersion:
    """The version of that number, else the one in force, else the newest."""
    _app(code)
    rows = ProcedureVersion.objects.filter(code=code).defer("xml").select_related("published_by")
    if number.isdecimal() and len(number) < 9:
        return get_object_or_404(rows, number=number)
    row = rows.filter(state="published").first() or rows.order_by("-number").first()
    if row is None:
        raise Http404(code)
    return row


def _name(app: ProcedureApp, row: ProcedureVersion | None) -> str:
    return versions.of_id(row.pk).procedure.name if row else app.code


def _show_versions(request: HttpRequest, code: str, form: NewVersion, status: int = 200) -> HttpResponse:
    row = _version(code, "")
    rows = ProcedureVersion.objects.filter(code=code).defer("xml").select_related("published_by").order_by("-number")
    page = procedure_page(versions.of_id(row.pk).procedure)
    context = {"row": row, "rows": rows, "form": form, "page": page, "tab": "versions"}
    return render(request, "web/procedures/versions.html", context, status=status)


def _version_context(row: ProcedureVersion) -> dict[str, object]:
    version = versions.of_id(row.pk)
    base = ProcedureVersion.objects.filter(code=row.code, state="published").exclude(pk=row.pk).first()
    found = _findings(row, version) if row.state == ProcedureVersion.State.DRAFT else []
    return {
        "row": row,
        "page": procedure_page(version.procedure),
        "base": base,
        "differences": differences(versions.of_id(base.pk).procedure, version.procedure) if base else (),
        "findings": found,
        "tab": "versions",
    }


def _findings(row: ProcedureVersion, version: versions.Version) -> list[tuple[str, str]]:
    """What the check finds in a draft, each with the shortest way to it; empty when it may be put in force."""
    try:
        versions.check(row.xml.encode(), version.app)
    except versions.Unsound as unsound:
        found = [finding for finding in unsound.findings if isinstance(finding, Finding)]
        return [(findings.say(f, version.procedure), findings.say_path(f, version.procedure)) for f in found]
    return []


def _policies(app: ProcedureApp) -> list[object]:
    """The policy values that the readings of the procedure rest on."""
    from thaki.people import policies

    found = [policies.definition(d.code) for d in policies.definitions() if d.code.startswith(f"{app.code}.")]
    return [{"definition": d, "value": policies.get(d.code)} for d in found]
