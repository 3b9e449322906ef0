"""What is left until something is due, in words and a tone; pure but for translation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from thaki.ui.formats import format_span
from thaki.ui.states import Tone

SOON = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How a due time is shown."""

    words: str
    tone: Tone
    icon: str


def time_left(due_at: datetime | None, now: datetime, opened_at: datetime | None = None) -> TimeLeft:
    """Late is bad; the last fifth of its time (or the last two hours, where the start is unknown) warns."""
    if due_at is None:
        return TimeLeft(_("sin plazo"), Tone.NEUTRAL, "clock")
    left = due_at - now
    words = {"span": format_span(left)}
    if left < timedelta():
        return TimeLeft(_("atrasada %(span)s") % words, Tone.BAD, "clock-exclamation")
    soon = (due_at - opened_at) / 5 if opened_at else SOON
    tone = Tone.WARN if left <= soon else Tone.NEUTRAL
    return TimeLeft(_("quedan %(span)s") % words, tone, "clock-hour-4" if tone is Tone.WARN else "clock")
