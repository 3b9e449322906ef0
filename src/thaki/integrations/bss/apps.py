"""Django application `bss`."""

from django.apps import AppConfig


class BssConfig(AppConfig):
    """Port to the BSS (Smartflex)."""

    name = "thaki.integrations.bss"
    label = "bss"

    def ready(self) -> None:
        """Say who does the BSS's effects."""
        from thaki.integrations.bss import operations

        operations.register()
