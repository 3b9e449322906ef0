"""Django application `retention`."""

from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """Evitar bajas (Retención)."""

    name = "thaki.procedures.retention"
    label = "retention"

    def ready(self) -> None:
        """Register the procedure and its policies."""
        from thaki.procedures.retention import operations_navigation, policies, registration, relapse, visit_words
        from thaki.procedures.retention.field import navigation as field_navigation
        from thaki.records.claims import changes

        policies.define_all()
        registration.register()
        visit_words.define_all()
        operations_navigation.register()
        field_navigation.register()
        changes.listen(relapse.tell)
