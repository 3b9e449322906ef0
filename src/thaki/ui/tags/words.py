"""Formats, and the small pieces that stand in a line of text."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from thaki.ui import formats, states
from thaki.ui.due import time_left as left_until
from thaki.ui.tags.library import register

register.filter("date_bo", formats.format_date)
register.filter("time_bo", formats.format_time)
register.filter("instant_bo", formats.format_instant)
register.filter("number_bo", formats.format_number)
register.filter("money", formats.format_money)
register.filter("percent_bo", formats.format_percent)
register.filter("phone_bo", formats.format_phone)
register.filter("metres", formats.format_metres)
register.filter("mbps", formats.format_speed)
register.filter("technology", formats.format_technology)
register.filter("technology_words", formats.format_technology_words)
register.filter("file_size", formats.format_size)
register.filter("span", formats.format_span)


@register.filter
def ago(value: datetime | None) -> str:
    """`hace 20 min`."""
    return formats.format_ago(value, timezone.now())


@cache
def _sprite() -> str:
    """The address of the sprite; a page has dozens of icons, and working it out costs more than all the rest of one."""
    return static("ui/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "", big: bool = False) -> SafeString:
    """An icon of the sprite; with a label it speaks, without one it is decoration."""
    voice = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    size = " icon--big" if big else ""
    return format_html('<svg class="icon{}" {}><use href="{}#{}"></use></svg>', size, voice, _sprite(), name)


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
