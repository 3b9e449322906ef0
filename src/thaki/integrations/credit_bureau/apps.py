"""Django application `credit_bureau`."""

from django.apps import AppConfig


class CreditBureauConfig(AppConfig):
    """The Central de Riesgos: a list of one's own, or a bureau's service."""

    name = "thaki.integrations.credit_bureau"
    label = "credit_bureau"

    def ready(self) -> None:
        """The list comes in by file."""
        from thaki.integrations.credit_bureau import list_file

        list_file.register()
