"""Boxes, lists and forms."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from thaki.ui import formats
from thaki.ui.tags.library import register
from thaki.ui.tags.words import icon


@register.inclusion_tag("ui/components/empty.html")
def empty_state(
    title: str, text: str = "", shape: str = "inbox", href: str = "", label: str = "", heading: bool = False
) -> dict[str, Any]:
    """What to do when a list is empty; `heading` where it is all of the page."""
    return {"title": title, "text": text, "shape": shape, "href": href, "label": label, "heading": heading}


@register.inclusion_tag("ui/components/datum.html")
def datum(label: str, value: Any, hint: str = "") -> dict[str, Any]:
    """One line of a `<dl class="tk-data">`; what is unknown is a dash."""
    return {"label": label, "value": formats.NOTHING if value in (None, "") else value, "hint": hint}


@register.simple_block_tag
def data_list(content: str) -> SafeString:
    """`{% data_list %}{% datum "CI" value %}…{% enddata_list %}`."""
    return format_html('<dl class="tk-data">{}</dl>', content)


@register.simple_block_tag
def panel(
    content: str, title: str = "", shape: str = "", note: str = "", id: str = "", flush: bool = False
) -> SafeString:
    """A titled box; `flush` for a table that fills it."""
    values = {"content": content, "title": title, "shape": shape, "note": note, "id": id, "flush": flush}
    return render_to_string("ui/components/panel.html", values)


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """A message that stays on the page."""
    shape = {"good": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}.get(tone, "info-circle")
    head = format_html("<strong>{}</strong> ", title) if title else ""
    return format_html(
        '<div class="tk-notice tone-{}" role="{}">{}<div>{}{}</div></div>',
        tone,
        "alert" if tone == "bad" else "note",
        icon(shape),
        head,
        content,
    )


@register.simple_block_tag
def page_header(content: str, title: str = "", subtitle: str = "") -> SafeString:
    """The page's h1 and, as its body, its actions."""
    values = {"content": SafeString(content.strip()), "title": title, "subtitle": subtitle}
    return render_to_string("ui/components/page_header.html", values)


@register.simple_block_tag
def table_box(content: str, caption: str = "", stack: bool = True) -> SafeString:
    """A table: `<thead>` and `<tbody>` as its body; cells with `data-label` become a card on a telephone."""
    kind = " tk-table--stack" if stack else ""
    title = format_html('<caption class="visually-hidden">{}</caption>', caption) if caption else ""
    return format_html('<div class="tk-table-box"><table class="tk-table{}">{}{}</table></div>', kind, title, content)


@register.simple_block_tag(takes_context=True)
def confirm_dialog(
    context: Context, content: str, id: str, title: str, action: str, label: str, tone: str = "", key: str = ""
) -> SafeString:
    """A question with a form in it: its body holds the fields; opened by any element with `data-dialog="id"`."""
    values = {"content": content, "id": id, "title": title, "action": action, "label": label, "tone": tone, "key": key}
    return render_to_string("ui/components/confirm_dialog.html", values, request=context.get("request"))


@register.inclusion_tag("ui/components/timeline.html")
def timeline(events: Iterable[Any]) -> dict[str, Any]:
    """What happened, newest first: items with `at`, `title`, and where known `by`, `text`, `tone`, `icon`."""
    return {"events": events}


@register.inclusion_tag("ui/components/stepper.html")
def stepper(steps: Sequence[Any], label: str = "") -> dict[str, Any]:
    """The signed procedure's numbers: items with `number`, `label`, `state` (done current late skipped todo), `href`."""
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/components/stat.html")
def stat(label: str, value: Any, hint: str = "", tone: str = "", href: str = "", shape: str = "") -> dict[str, Any]:
    """One figure; several stand in `<div class="tk-stats">`."""
    return {"label": label, "value": value, "hint": hint, "tone": tone, "href": href, "shape": shape}


@register.inclusion_tag("ui/components/action.html")
def action(
    label: str,
    href: str = "",
    shape: str = "",
    kind: str = "",
    reason: str = "",
    name: str = "",
    value: str = "",
    key: str = "",
) -> dict[str, Any]:
    """A button (or, with `href`, a link like one); with a `reason` it is disabled and says why."""
    return {
        "label": label,
        "href": href,
        "shape": shape,
        "kind": kind,
        "reason": reason,
        "name": name,
        "value": value,
        "key": key,
    }


@register.inclusion_tag("ui/components/why.html")
def why(text: str, href: str = "", label: str = "") -> dict[str, Any]:
    """`¿Por qué se pregunta?` below a field, with a link to the procedure at that step."""
    return {"text": text, "href": href, "label": label}


@register.inclusion_tag("ui/components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """What is wrong with a form, each line a link to its field; nothing while it is right."""
    found = [
        (form[name].id_for_label, form[name].label, error)
        for name, errors in form.errors.items()
        if name in form.fields
        for error in errors
    ]
    return {"found": found, "general": form.non_field_errors() if form.is_bound else []}


@register.inclusion_tag("ui/components/form.html", takes_context=True)
def house_form(
    context: Context, form: BaseForm, label: str = "", shape: str = "check", cancel: str = ""
) -> dict[str, Any]:
    """A whole POST form: summary of errors, fields by crispy, the button; `cancel` is an address."""
    return {"form": form, "label": label, "shape": shape, "cancel": cancel, "request": context.get("request")}
