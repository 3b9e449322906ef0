"""A small form on a page of its own, which opens in a dialog where there is a script: hand over, send back, pause, skip…"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from thaki.web.helpers import is_fragment


def ask(
    request: HttpRequest,
    form: forms.Form,
    *,
    title: str,
    label: str,
    back: str,
    text: str = "",
    tone: str = "",
    template: str = "",
    **context: Any,
) -> HttpResponse:
    """Show the form, or show it again with its errors (422). `template` is a fragment that shows the fields in its own way."""
    values = {
        "form": form,
        "title": title,
        "label": label,
        "back": back,
        "text": text,
        "tone": tone,
        "template": template,
        "wide": bool(template),
    }
    name = "web/ask.html#ask" if is_fragment(request) else "web/ask.html"
    return render(request, name, {**values, **context}, status=422 if form.is_bound and form.errors else 200)
