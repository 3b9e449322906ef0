"""What knows the request: navigation, lists that are filtered, sorted and paged, messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.template import Context
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from thaki.ui import navigation
from thaki.ui.tags.library import register


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


@register.inclusion_tag("ui/components/stretch.html", takes_context=True)
def stretch_links(context: Context, stretch: Any, anchor: str = "") -> dict[str, Any]:
    """The beginning, and what follows, of a `ui.paging.Stretch`; `anchor` is the id of its section."""
    return {
        "stretch": stretch,
        "anchor": anchor,
        "first": _query(context, **{stretch.name: None}),
        "next": _query(context, **{stretch.name: stretch.after}),
    }


@register.simple_block_tag(takes_context=True)
def filter_bar(context: Context, content: str, target: str = "", search: str = "") -> SafeString:
    """Filters in the address: fields as its body; `search` names a free-text box; `target` lets htmx swap just the list."""
    request = context["request"]
    active = sorted(key for key, value in request.GET.items() if value and key not in ("pagina", "orden", "desde"))
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


@register.inclusion_tag("ui/components/tabs.html", takes_context=True)
def tabs(context: Context, items: Sequence[Mapping[str, Any]], label: str = "") -> dict[str, Any]:
    """Links as tabs: items with `label`, `href`, and where wanted `active`, `count`, `icon`, `key`."""
    path = context["request"].path if "request" in context else ""
    shown = [{**item, "active": item.get("active", item["href"] == path)} for item in items]
    return {"items": shown, "label": label}


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
    found = [
        (tones.get(m.level_tag, "info"), m.message, _offer(m.extra_tags or "")) for m in context.get("messages") or ()
    ]
    return {"found": found, "tones": ("good", "info", "warn", "bad"), "request": context.get("request")}


OFFER = "offer|"  # of a message's extra tags: offer|address|label|until


def offer(url: str, label: str, until: datetime) -> str:
    """The extra tags of a message whose toast has a button: it posts to the address, and goes away at `until`."""
    return f"{OFFER}{url}|{label}|{until.isoformat()}"


def _offer(tags: str) -> dict[str, Any] | None:
    if not tags.startswith(OFFER):
        return None
    _offer, url, label, until = tags.split("|")
    return {"url": url, "label": label, "until": until}


@register.simple_tag
def address(name: str, *args: Any, **kwargs: Any) -> str:
    """Like `url`, but "" where no room has that address yet."""
    try:
        return reverse(name, args=args, kwargs=kwargs)
    except NoReverseMatch:
        return ""


def _query(context: Context, **changes: Any) -> str:
    values = context["request"].GET.copy()
    for key, value in changes.items():
        values.pop(key, None)
        if value is not None:
            values[key] = str(value)
    return f"?{values.urlencode()}"
