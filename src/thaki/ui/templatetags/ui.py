"""`{% load ui %}`: the components and formats that every page is made of. Gallery with each in its states: /galeria/.

Usage of each: docs/reference/components.md. Components with a body are block tags (`{% panel "Título" %}…{% endpanel %}`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from thaki.ui import formats, navigation, states, vendor
from thaki.ui.due import time_left as left_until

register = template.Library()

register.filter("date_bo", formats.format_date)
register.filter("time_bo", formats.format_time)
register.filter("instant_bo", formats.format_instant)
register.filter("number_bo", formats.format_number)
register.filter("money", formats.format_money)
register.filter("percent_bo", formats.format_percent)
register.filter("phone_bo", formats.format_phone)
register.filter("metres", formats.format_metres)
register.filter("mbps", formats.format_speed)
register.filter("file_size", formats.format_size)
register.filter("span", formats.format_span)


@register.filter
def ago(value: datetime | None) -> str:
    """`hace 20 min`."""
    return formats.format_ago(value, timezone.now())


@register.simple_tag
def icon(name: str, label: str = "", big: bool = False) -> SafeString:
    """An icon of the sprite; with a label it speaks, without one it is decoration."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    size = " icon--big" if big else ""
    return format_html(
        '<svg class="icon{}" {}><use href="{}#{}"></use></svg>', size, voice, static("ui/icons.svg"), name
    )


@register.simple_tag
def badge(text: str, tone: str = "neutral", shape: str = "") -> SafeString:
    """A word on its colour."""
    name = shape or states.ICONS[states.Tone(tone)]
    return format_html('<span class="tk-badge tone-{}">{}{}</span>', tone, icon(name), text)


@register.simple_tag
def state(kind: str, code: str) -> SafeString:
    """The badge of a state from the table in `ui.states`."""
    known = states.look_up(kind, str(code))
    return badge(str(known.label), known.tone.value, known.shape)


@register.simple_tag(takes_context=True)
def time_left(context: Context, due_at: datetime | None, opened_at: datetime | None = None) -> SafeString:
    """What is left until `due_at`, in words and colour; the exact hour in the tooltip."""
    now = context.get("now") or timezone.now()
    left = left_until(due_at, now, opened_at)
    exact = formats.format_instant(due_at) if due_at else ""
    return format_html(
        '<span class="tk-left tone-{}" title="{}">{}{}</span>', left.tone.value, exact, icon(left.icon), left.words
    )


@register.simple_tag
def avatar(person: Any, big: bool = False) -> SafeString:
    """A person's initials on one of six grounds, always the same for the same name."""
    name = str(person)
    tones = [tone.value for tone in states.Tone]
    tone = tones[sum(name.encode()) % len(tones)]
    size = " tk-avatar--big" if big else ""
    initials = formats.initials(name)
    return format_html('<span class="tk-avatar{} tone-{}" aria-hidden="true">{}</span>', size, tone, initials)


@register.simple_tag
def person(someone: Any) -> SafeString:
    """Initials and name; nobody is said in words too."""
    if not someone:
        return format_html('<span class="tk-muted">{}</span>', formats.NOTHING)
    return format_html('<span class="tk-person">{}<span>{}</span></span>', avatar(someone), someone)


@register.simple_tag
def kbd(keys: str) -> SafeString:
    """Keys as a person sees them: `{% kbd "g t" %}`."""
    return mark_safe(" ".join(format_html("<kbd>{}</kbd>", key) for key in keys.split()))  # noqa: S308 - made of escaped parts


@register.inclusion_tag("ui/components/empty.html")
def empty_state(title: str, text: str = "", shape: str = "inbox", href: str = "", label: str = "") -> dict[str, Any]:
    """What to do when a list is empty."""
    return {"title": title, "text": text, "shape": shape, "href": href, "label": label}


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


@register.inclusion_tag("ui/components/sort_head.html", takes_context=True)
def sort_head(context: Context, label: str, field: str, numeric: bool = False) -> dict[str, Any]:
    """A column's head that sorts by `?orden=field` or `-field`."""
    current = context["request"].GET.get("orden", "")
    up, down = current == field, current == f"-{field}"
    query = _query(context, orden=f"-{field}" if up else field, pagina=None)
    sort = "ascending" if up else "descending" if down else "none"
    return {"label": label, "query": query, "sort": sort, "up": up, "down": down, "numeric": numeric}


@register.inclusion_tag("ui/components/pager.html", takes_context=True)
def pager(context: Context, page: Any, target: str = "") -> dict[str, Any]:
    """Before and after of a `ui.paging.Page`; with `target` (a CSS selector) htmx swaps just the list."""
    return {
        "page": page,
        "target": target,
        "previous": _query(context, pagina=page.number - 1),
        "next": _query(context, pagina=page.number + 1),
    }


@register.simple_block_tag(takes_context=True)
def filter_bar(context: Context, content: str, target: str = "", search: str = "") -> SafeString:
    """Filters in the address: fields as its body; `search` names a free-text box; `target` lets htmx swap just the list."""
    request = context["request"]
    active = sorted(key for key, value in request.GET.items() if value and key not in ("pagina", "orden"))
    values = {
        "content": content,
        "target": target,
        "search": search,
        "text": request.GET.get("q", ""),
        "order": request.GET.get("orden", ""),
        "path": request.path,
        "active": active,
    }
    return render_to_string("ui/components/filter_bar.html", values)


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


@register.inclusion_tag("ui/components/meter.html")
def meter(value: float, most: float = 100, label: str = "", tone: str = "info") -> dict[str, Any]:
    """A bar and its number."""
    return {"value": str(value), "most": str(most), "label": label, "tone": tone}


@register.inclusion_tag("ui/components/spark.html")
def spark(values: Sequence[float | Decimal], label: str) -> dict[str, Any]:
    """A small line drawn by the server; the label says what it shows."""
    numbers = [float(value) for value in values] or [0.0]
    low, high = min(numbers), max(numbers)
    width, reach = 100 / max(len(numbers) - 1, 1), (high - low) or 1
    points = " ".join(f"{i * width:.1f},{27 - (n - low) / reach * 24:.1f}" for i, n in enumerate(numbers))
    return {"points": points, "label": label}


@register.inclusion_tag("ui/components/tabs.html", takes_context=True)
def tabs(context: Context, items: Sequence[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Links as tabs: items with `label`, `href`, and where wanted `active`, `count`, `icon`, `key`."""
    path = context["request"].path if "request" in context else ""
    shown = [{**item, "active": item.get("active", item["href"] == path)} for item in items]
    return {"items": shown, "label": label}


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


@register.inclusion_tag("ui/components/map.html")
def map_box(
    id: str,
    lat: float | None = None,
    lon: float | None = None,
    zoom: int = 13,
    geojson_url: str = "",
    geojson: str = "",
    pick_lat: str = "",
    pick_lon: str = "",
    fit: bool = False,
    label: str = "",
) -> dict[str, Any]:
    """A map; with `pick_lat` and `pick_lon` (ids of inputs) a pin can be placed; `geojson` is the id of a json_script."""
    return {
        "id": id,
        "lat": _number(lat),
        "lon": _number(lon),
        "zoom": zoom,
        "geojson_url": geojson_url,
        "geojson": geojson,
        "pick_lat": pick_lat,
        "pick_lon": pick_lon,
        "fit": fit,
        "label": label,
        "centre": getattr(settings, "THAKI_MAP_CENTRE", (-17.3895, -66.1568)),
        "tiles": getattr(settings, "TILE_SERVER", ""),
        "attribution": getattr(settings, "THAKI_MAP_ATTRIBUTION", ""),
        "sketch": static("ui/places.json"),
        "assets": _assets("leaflet/leaflet.css", "leaflet/leaflet.js", "ui/map.js"),
    }


@register.inclusion_tag("ui/components/diagram.html")
def diagram(
    id: str,
    xml_url: str,
    state_url: str = "",
    focus: str = "",
    refresh: int = 0,
    node_url: str = "",
    node_target: str = "",
) -> dict[str, Any]:
    """The procedure's diagram with what happens in it; see static/ui/diagram.js for the state's JSON."""
    return {
        "id": id,
        "xml_url": xml_url,
        "state_url": state_url,
        "focus": focus,
        "refresh": refresh or "",
        "node_url": node_url,
        "node_target": node_target,
        "assets": _assets(
            "bpmn-js/diagram-js.css", "bpmn-js/bpmn-js.css", "bpmn-js/bpmn-navigated-viewer.min.js", "ui/diagram.js"
        ),
    }


@register.inclusion_tag("ui/components/signature.html")
def signature_box(field: str, label: str) -> dict[str, Any]:
    """A place to sign; `field` is the id of the hidden input that takes the PNG as a data URL."""
    return {"field": field, "label": label, "assets": _assets("signature_pad/signature_pad.min.js", "ui/signature.js")}


@register.inclusion_tag("ui/components/side.html", takes_context=True)
def side_navigation(context: Context) -> dict[str, Any]:
    """The staff's navigation, grouped."""
    shown = navigation.entries_for(context["request"])
    groups = [(title, [s for s in shown if s.entry.group == key]) for key, title in navigation.GROUPS.items()]
    return {"groups": [(title, entries) for title, entries in groups if entries]}


@register.inclusion_tag("ui/components/bottom.html", takes_context=True)
def bottom_navigation(context: Context) -> dict[str, Any]:
    """The bar at the bottom of a telephone: up to four entries that have a short name, and the drawer."""
    return {"entries": [s for s in navigation.entries_for(context["request"]) if s.entry.short][:4]}


@register.inclusion_tag("ui/components/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, Any]:
    """Django's messages as toasts, in a live region."""
    tones = {"success": "good", "error": "bad", "warning": "warn"}
    found = [(tones.get(m.level_tag, "info"), m.message) for m in context.get("messages") or ()]
    return {"found": found, "tones": ("good", "info", "warn", "bad")}


@register.simple_tag
def vendored(path: str) -> str:
    """The address of a vendored file whatever its version: `{% vendored "leaflet/leaflet.js" %}`."""
    return static(vendor.path_of(path))


@register.simple_tag
def address(name: str, *args: Any, **kwargs: Any) -> str:
    """Like `url`, but "" where no room has that address yet."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _assets(*paths: str) -> str:
    return json.dumps([static(path if path.startswith("ui/") else vendor.path_of(path)) for path in paths])


def _number(value: float | Decimal | None) -> str:
    # In an attribute for scripts: a point before the decimals whatever the language.
    return "" if value is None else f"{float(value):.6f}"


def _query(context: Context, **changes: Any) -> str:
    values = context["request"].GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value is not None:
            values[key] = str(value)
    return f"?{values.urlencode()}"
