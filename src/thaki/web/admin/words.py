"""Texts of mails, messages and letters: written anew by their owners, seen before they go out, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.cases import permissions
from thaki.cases.models import Case
from thaki.people import texts
from thaki.people.access import StaffRequest, staff
from thaki.people.models import Policy, history_of
from thaki.people.texts import BadText, Definition, Kind
from thaki.web.admin.index import WRITERS
from thaki.web.helpers import find_case

KINDS = {
    Kind.MAIL: (lazy("Correos"), "mail"),
    Kind.WHATSAPP: (lazy("Mensajes de WhatsApp"), "brand-whatsapp"),
    Kind.LETTER: (lazy("Cartas"), "file-text"),
}


class TextForm(forms.Form):
    """The words and why they change."""

    subject = forms.CharField(label=lazy("Asunto"), max_length=180)
    body = forms.CharField(label=lazy("Texto"), widget=forms.Textarea({"rows": 16, "spellcheck": "true"}))
    reason = forms.CharField(label=lazy("Motivo del cambio"), max_length=300, required=False)

    def __init__(self, *args: Any, known: Definition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known
        if not known.subject:
            del self.fields["subject"]
        if known.kind is not Kind.MAIL:
            self.fields["body"].widget.attrs["rows"] = 14 if len(known.body) > 400 else 6

    def clean(self) -> dict[str, Any]:
        """Only fields that there are, each in its braces."""
        data = super().clean() or {}
        for part in ("subject", "body"):
            try:
                texts.check(self.known, data.get(part) or "")
            except BadText as error:
                self.add_error(part, str(error))
        return data


@dataclass(frozen=True, slots=True)
class Preview:
    """A text as its reader gets it."""

    subject: str
    body: str
    of: str  # the case it tells of; "" for invented values
    trouble: str = ""  # why the case could not be used


@staff(*WRITERS)
@require_safe
def text_list(request: StaffRequest) -> HttpResponse:
    """Every text by kind, and who wrote it last."""
    changed = {
        row.code: row for row in Policy.objects.filter(code__startswith=texts.PREFIX).select_related("changed_by")
    }
    groups = []
    for kind, (title, icon) in KINDS.items():
        rows = [(known, _last(known, changed)) for known in texts.definitions() if known.kind is kind]
        groups.append((title, icon, rows))
    return render(request, "web/admin/texts.html", {"groups": groups})


@staff(*WRITERS)
def text_page(request: StaffRequest, code: str) -> HttpResponse:
    """Write it anew, or see it first (`preview`); a case of one's own may stand for the invented values."""
    known = _known(code)
    form = TextForm(request.POST or None, known=known, initial=_current(known))
    if request.method != "POST":
        return _page(request, known, form, _preview(request, known, _current(known)))
    if not form.is_valid():
        return _page(request, known, form, None, status=422)
    words = {part: form.cleaned_data.get(part, "") for part in ("subject", "body")}
    if "pdf" in request.POST and known.paper is not None:
        return _pdf(request, known, form)
    if "preview" in request.POST:
        return _page(request, known, form, _preview(request, known, words))
    if not form.cleaned_data["reason"].strip():
        form.add_error("reason", _("Indique el motivo del cambio."))
        return _page(request, known, form, None, status=422)
    texts.save(code, by=request.user, reason=form.cleaned_data["reason"], now=timezone.now(), **words)
    messages.success(request, _("Texto guardado: así sale desde ahora."))
    return redirect("administration:text", code=code)


@staff(*WRITERS)
@require_POST
def text_restore(request: StaffRequest, code: str) -> HttpResponse:
    """Back to the shipped words."""
    known = _known(code)
    texts.restore(known.code, by=request.user, now=timezone.now())
    messages.success(request, _("Se restauró el texto original."))
    return redirect("administration:text", code=code)


# ---------------------------------------------------------------- inside
def _known(code: str) -> Definition:
    try:
        return texts.definition(code)
    except texts.UnknownText as error:
        raise Http404 from error


def _current(known: Definition) -> dict[str, str]:
    return {part: texts.current(known.code, part) for part in ("subject", "body")}


def _last(known: Definition, changed: Mapping[str, Policy]) -> Policy | None:
    """The change that wrote what is in force; None where the shipped words are."""
    rows = [changed[key] for key in texts.keys(known.code) if key in changed and changed[key].value]
    return max(rows, key=lambda row: row.changed_at, default=None)


def _preview(request: StaffRequest, known: Definition, words: Mapping[str, str]) -> Preview:
    asked = (request.POST.get("case") or request.GET.get("caso") or "").strip()
    values, trouble = texts.sample(known), ""
    if asked and known.real is not None:
        found = _values_of(request, known, asked)
        values, trouble = (found, "") if isinstance(found, dict) else (values, str(found))
    filled = {part: texts.fill(words[part], values) for part in ("subject", "body")}
    return Preview(filled["subject"], filled["body"], "" if trouble else asked.upper(), trouble)


def _pdf(request: StaffRequest, known: Definition, form: TextForm) -> HttpResponse:
    """The letter itself with the words as they are being written, of the case that was named or with invented data."""
    assert known.paper is not None
    words, asked = form.cleaned_data["body"].replace("\r\n", "\n"), (request.POST.get("case") or "").strip()
    try:
        case: Case | None = find_case(asked, request.user) if asked else None
        made = known.paper(words, case, request.user)
    except (Http404, permissions.NotAllowed):
        trouble = _("No hay un caso %(number)s que usted pueda ver.") % {"number": asked[:30]}
    except LookupError:
        trouble = _("El caso %(number)s todavía no tiene lo que esta carta cuenta.") % {"number": asked[:30].upper()}
    else:
        return HttpResponse(made, content_type="application/pdf", headers={"Cache-Control": "no-store"})
    return _page(request, known, form, Preview("", texts.fill(words, texts.sample(known)), "", trouble), status=422)


def _values_of(request: StaffRequest, known: Definition, number: str) -> dict[str, str] | str:
    """What the fields say of a case, or why they cannot."""
    try:
        case: Case = find_case(number, request.user)
        assert known.real is not None
        return dict(known.values(known.real(case, request.user)))
    except (Http404, permissions.NotAllowed):
        return _("No hay un caso %(number)s que usted pueda ver.") % {"number": number[:30]}
    except (AttributeError, KeyError, TypeError, ValueError, LookupError):
        # A text tells of something that comes later in a sale than where this one is.
        return _("El caso %(number)s todavía no tiene lo que este texto cuenta.") % {"number": number[:30].upper()}


def _page(
    request: StaffRequest, known: Definition, form: TextForm, preview: Preview | None, status: int = 200
) -> HttpResponse:
    context = {
        "known": known,
        "form": form,
        "preview": preview,
        "is_own": any(texts.own(known.code, part) for part in ("subject", "body")),
        "events": _events(known),
        "case": request.POST.get("case") or request.GET.get("caso") or "",
        "shipped": known.body,
    }
    return render(request, "web/admin/text.html", context, status=status)


def _events(known: Definition) -> list[dict[str, Any]]:
    rows = history_of(Policy).filter(code__in=texts.keys(known.code)).select_related("changed_by").order_by("-pgh_id")
    return [
        {
            "at": row.changed_at,
            "title": _("Asunto") if row.code.endswith(".subject") else _("Texto"),
            "by": row.changed_by,
            "text": row.reason,
            "words": row.value or getattr(known, row.code.rpartition(".")[2]),
            "key": row.pgh_id,
        }
        for row in rows[:20]
    ]
