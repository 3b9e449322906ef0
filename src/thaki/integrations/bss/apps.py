"""Django application `bss`."""

from django.apps import AppConfig


class BssConfig(AppConfig):
    """Port to the BSS (Smartflex)."""

    name = "thaki.integrations.bss"
    label = "bss"

    def ready(self) -> None:
        """Say who does the BSS's effects, what it does by the clock, and which of its files come in."""
        from thaki.integrations.bss import baja_file, claim_file, jobs, operations  # noqa: F401 - jobs register themselves

        operations.register()
        claim_file.register()
        baja_file.register()
