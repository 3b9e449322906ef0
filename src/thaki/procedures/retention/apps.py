"""Django application `retention`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RetentionConfig(AppConfig):
    """Evitar bajas (Retención)."""

    name = "thaki.procedures.retention"
    label = "retention"

    def ready(self) -> None:
        """Register the procedure and its policies."""
        from thaki.procedures.retention import (
            evaluation_registration,
            navigation,
            operations_navigation,
            policies,
            registration,
            relapse,
            rules_words,
            shipped,
            visit_words,
        )
        from thaki.procedures.retention.field import navigation as field_navigation
        from thaki.records import messages
        from thaki.records.claims import changes

        policies.define_all()
        navigation.register()
        registration.register()
        evaluation_registration.register()
        visit_words.define_all()
        operations_navigation.register()
        field_navigation.register()
        changes.listen(relapse.tell)
        messages.SENTENCES.update(rules_words.SENTENCES)
        post_migrate.connect(shipped.ensure, sender=self, dispatch_uid="retention.shipped")
