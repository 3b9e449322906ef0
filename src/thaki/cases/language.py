"""The language in which work is done, whatever language its person reads the screens in."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation


def of_the_house() -> translation.override:
    """Mails, letters, invoices and records are for customers and colleagues: they are in the house's language."""
    return translation.override(settings.LANGUAGE_CODE)
