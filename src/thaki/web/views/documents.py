"""Documents of cases: shown and taken in; served only to whose work needs them, in a case that has them."""

from __future__ import annotations

from django import forms
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from thaki.cases import operations, permissions
from thaki.cases.models import CaseDocument
from thaki.people.access import StaffRequest, any_staff
from thaki.records.documents import operations as store
from thaki.records.documents.models import Document
from thaki.records.reasons import RuleError
from thaki.web.case_reads import open_case
from thaki.web.forms import Upload
from thaki.web.helpers import done, find_case
from thaki.web.names import UPLOADS
from thaki.web.templatetags.web import may_open
from thaki.web.views.case_view import frame

# A picture runs nothing in a sandbox. Browsers refuse to show a PDF in one, and give PDFs a process of their own anyway.
POLICY = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; frame-ancestors 'self'"


@require_http_methods(["GET", "HEAD", "POST"])
@any_staff
def case_documents(request: StaffRequest, number: str) -> HttpResponse:
    """The documents of a case; POST adds one."""
    form = Upload(request.POST or None, request.FILES or None, kinds=UPLOADS.items())
    if request.method == "POST" and form.is_valid() and _attach(request, number, form):
        return done(request, _("El documento quedó en el caso."), to=request.path)
    opened = open_case(number, user=request.user, now=timezone.now())
    context = {**frame(opened.page, "documents"), "form": form}
    return render(request, "web/case/documents.html", context, status=422 if form.is_bound else 200)


def _attach(request: StaffRequest, number: str, form: Upload) -> bool:
    """Whether the file could be taken; why not is said beside the field."""
    case, now = find_case(number, request.user), timezone.now()
    upload: forms.FileField = form.cleaned_data["file"]
    kind = form.cleaned_data["kind"]
    try:
        document = store.store(upload, name=upload.name, kind=kind, by=request.user, now=now)  # type: ignore[arg-type, attr-defined]  # what a file field cleans to is an UploadedFile
    except RuleError as refused:
        form.add_error("file", str(refused))
        return False
    operations.attach(case, document, kind, by=request.user, now=now)
    return True


@require_safe
@any_staff
def document(request: StaffRequest, document_id: int) -> HttpResponseBase:
    """The bytes of a document; `?descargar` saves instead of showing."""
    links = CaseDocument.objects.filter(document=document_id).select_related("case", "document")
    seen = [link for link in links if permissions.can_see_case(request.user, link.case)]
    if not seen:
        raise Http404(str(document_id))  # also where there is one of a case that he may not see: it is not told
    mine = next((link for link in seen if may_open(link, request.user)), None)
    if mine is None:
        permissions.check_can_open(request.user, seen[0].case, seen[0].kind)
    return serve(seen[0].document, download="descargar" in request.GET)


def serve(stored: Document, *, download: bool) -> HttpResponseBase:
    """A stored file, harmless: its sniffed type is what it is shown as, and nothing in it runs."""
    try:
        file = store.open_file(stored)
    except RuleError as gone:
        raise Http404(str(gone)) from gone
    response = FileResponse(file, as_attachment=download, filename=stored.name, content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY if stored.media_type == "application/pdf" else f"{POLICY}; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
