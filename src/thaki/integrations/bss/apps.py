"""Django application `bss`."""

from django.apps import AppConfig


class BssConfig(AppConfig):
    """Port to the BSS (Smartflex)."""

    name = "thaki.integrations.bss"
    label = "bss"

    def ready(self) -> None:
        """Say who does the BSS's effects and what it does by the clock."""
        from thaki.integrations.bss import jobs, operations  # noqa: F401 - jobs register themselves

        operations.register()
