"""Django application `sales`."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Gestión de Ventas Digitales."""

    name = "thaki.procedures.sales"
    label = "sales"

    def ready(self) -> None:
        """Register the procedure and its policies."""
        from thaki.procedures.sales import checkout, jobs, navigation, policies, registration  # noqa: F401 - jobs register themselves

        policies.define_all()
        registration.register()
        checkout.register()
        navigation.register()
