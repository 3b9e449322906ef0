"""Django application `bss`."""

from django.apps import AppConfig


class BssConfig(AppConfig):
    """Port to the BSS (Smartflex)."""

    name = "thaki.integrations.bss"
    label = "bss"
