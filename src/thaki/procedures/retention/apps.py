"""Django application `retention`."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Evitar bajas (Retención)."""

    name = "thaki.procedures.retention"
    label = "retention"

    def ready(self) -> None:
        """Register the procedure and its policies."""
        from thaki.procedures.retention import policies, registration

        policies.define_all()
        registration.register()
