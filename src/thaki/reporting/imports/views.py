"""Pages of imports. Who may: anybody who holds a role of the import's kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from thaki.people.access import StaffRequest, any_staff
from thaki.reporting.imports import operations, queries
from thaki.reporting.imports.forms import ColumnsForm, FileForm, options_form, options_of
from thaki.reporting.imports.kinds import ImportKind, kind_of, kinds_for
from thaki.reporting.imports.models import Import
from thaki.reporting.imports.tables import BadFile, csv_bytes
from thaki.reporting.spreadsheets import Column, Sheet, workbook
from thaki.ui.paging import Page, page_of

if TYPE_CHECKING:
    from django import forms

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 50  # refused rows on the page; all are in the file
State = Import.State


# ---------------------------------------------------------------- finding
def _kind(request: StaffRequest, code: str) -> ImportKind:
    kind = kind_of(code)
    if kind is None:
        raise Http404(code)
    if not kind.roles.intersection(request.user.roles):
        raise PermissionDenied
    return kind


def _import(request: StaffRequest, pk: int) -> tuple[Import, ImportKind]:
    found = get_object_or_404(Import.objects.defer("content").select_related("by"), pk=pk)
    return found, _kind(request, found.kind)


def _back(kind: ImportKind) -> str:
    try:
        return reverse(kind.back) if kind.back else reverse("imports:index")
    except NoReverseMatch:
        return reverse("imports:index")


# ---------------------------------------------------------------- pages
@any_staff
@require_GET
def index(request: StaffRequest) -> HttpResponse:
    """The imports of the kinds that the person may bring."""
    kinds = kinds_for(request.user)
    page: Page[Import] = page_of(queries.imports_of(kinds), request)
    titles = {kind.code: kind.title for kind in kinds}
    rows = [(found, titles[found.kind]) for found in page.rows]
    return render(request, "reporting/imports/index.html", {"kinds": kinds, "page": page, "rows": rows})


@any_staff
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest, code: str) -> HttpResponse:
    """Bring a file."""
    kind = _kind(request, code)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = operations.receive(kind, file.read(), name=file.name, by=request.user, now=timezone.now())
        except BadFile as refused:
            form.add_error("file", str(refused))
        else:
            return redirect("imports:page", found.pk)
    context = {"kind": kind, "form": form, "back": _back(kind)}
    return render(request, "reporting/imports/new.html", context, status=422 if form.errors else 200)


@any_staff
@require_GET
def template(request: StaffRequest, code: str) -> HttpResponse:
    """An empty file with the headings that need no correction, and a row as example."""
    kind = _kind(request, code)
    content = csv_bytes([str(f.label) for f in kind.fields], [[f.example for f in kind.fields]])
    return _file(content, "text/csv; charset=utf-8", f"plantilla-{kind.code}.csv")


@any_staff
@require_http_methods(["GET", "POST"])
def page(request: StaffRequest, pk: int) -> HttpResponse:
    """Before it starts: its columns and its first rows. Afterwards: how far it is, and the rows that were refused."""
    found, kind = _import(request, pk)
    if found.state == State.DRAFT:
        return _draft(request, found, kind)
    context = {"found": found, "kind": kind, "back": _back(kind)}
    if found.state != State.RUNNING:
        context["told"] = list(found.rows.order_by("-refused", "number")[: SHOWN + 1])
        context["shown"] = SHOWN
    part = request.headers.get("HX-Request") == "true"
    return render(request, f"reporting/imports/result.html{'#progress' if part else ''}", context)


def _draft(request: StaffRequest, found: Import, kind: ImportKind) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form, options = ColumnsForm(kind, found, data), options_form(kind, found, data)
    if request.method == "POST" and _valid(form, options):
        try:
            found = operations.remap(found.pk, kind, form.mapping, options_of(options))
            if "start" in request.POST:
                operations.start(found.pk, kind, by=request.user, now=timezone.now())
                return redirect("imports:page", found.pk)
        except operations.NotNow as reason:
            form.add_error(None, str(reason))
        else:
            form, options = ColumnsForm(kind, found), options_form(kind, found)
    rows = queries.preview(kind, found, now=timezone.now())
    context = {
        "found": found,
        "kind": kind,
        "form": form,
        "options": options,
        "heads": [field for field in kind.fields if field.code in found.mapping],
        "rows": rows,
        "wrong": sum(not row.good for row in rows),
        "missing": operations.missing(kind, found.mapping),
        "unused": [h for n, h in enumerate(found.header) if n not in found.mapping.values()],
        "profile": queries.profile_of(found),
        "same_file": queries.same_file(found),
        "back": _back(kind),
        "differences": reverse(kind.differences, args=[found.pk]) if kind.differences else "",
    }
    return render(request, "reporting/imports/draft.html", context, status=422 if form.errors else 200)


def _valid(form: ColumnsForm, options: forms.Form | None) -> bool:
    return form.is_valid() & (options is None or options.is_valid())


# ---------------------------------------------------------------- verbs
@any_staff
@require_POST
def stop(request: StaffRequest, pk: int) -> HttpResponse:
    """Stop it where it is."""
    found, _known = _import(request, pk)
    try:
        operations.stop(found.pk, now=timezone.now())
    except operations.NotNow as reason:
        messages.warning(request, str(reason))
    return redirect("imports:page", pk)


@any_staff
@require_POST
def resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on where it stopped."""
    found, _known = _import(request, pk)
    try:
        operations.resume(found.pk, now=timezone.now())
    except operations.NotNow as reason:
        messages.warning(request, str(reason))
    return redirect("imports:page", pk)


@any_staff
@require_POST
def discard(request: StaffRequest, pk: int) -> HttpResponse:
    """Throw away a file that was not started."""
    found, kind = _import(request, pk)
    try:
        operations.discard(found.pk)
        messages.success(request, _("El archivo se descartó; no se importó nada."))
    except operations.NotNow as reason:
        messages.warning(request, str(reason))
    return redirect(_back(kind))


# ---------------------------------------------------------------- files out
@any_staff
@require_GET
def refused(request: StaffRequest, pk: int, form: str) -> HttpResponse:
    """The refused rows as they came, each with its line and reasons: corrected, the same file is brought again."""
    found, kind = _import(request, pk)
    labels = {field.code: str(field.label) for field in kind.fields}
    header = [*found.header, _("Fila"), _("Motivo")]
    rows = [
        [*row.cells, *[""] * (len(found.header) - len(row.cells)), row.number, _why(row.errors, labels)]
        for row in found.rows.filter(refused=True).order_by("number")
    ]
    name = f"rechazadas-{found.pk}.{form}"
    if form == "csv":
        return _file(csv_bytes(header, rows), "text/csv; charset=utf-8", name)
    sheet = Sheet(_("Rechazadas"), f"{kind.title}: {found.file_name}", [Column(head) for head in header], rows)
    return _file(workbook([sheet], title=found.file_name), XLSX, name)


def _why(errors: dict[str, str], labels: dict[str, str]) -> str:
    return " ".join(f"{labels[code]}: {text}" if code in labels else text for code, text in errors.items())


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
