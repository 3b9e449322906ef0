"""Django application `sales`."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Gestión de Ventas Digitales."""

    name = "thaki.procedures.sales"
    label = "sales"

    def ready(self) -> None:
        """Register the procedure and its policies."""
        from thaki.procedures.sales import policies, registration

        policies.define_all()
        registration.register()
