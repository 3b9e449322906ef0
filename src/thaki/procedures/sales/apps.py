"""Django application `sales`."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Gestión de Ventas Digitales."""

    name = "thaki.procedures.sales"
    label = "sales"

    def ready(self) -> None:
        """Register the procedure and its policies."""
        from thaki.channels.website import portals
        from thaki.people import agencies
        from thaki.procedures.sales import billing_jobs as _billing_jobs  # noqa: F401 - its tasks register themselves
        from thaki.procedures.sales import (
            checkout,
            control_imports,
            coverage_reached,
            navigation,
            policies,
            portal,
            prospect_import,
            registration,
            texts,
            ti_import,
        )
        from thaki.procedures.sales import jobs as _jobs  # noqa: F401 - its tasks register themselves
        from thaki.procedures.sales import prospect_jobs as _prospect_jobs  # noqa: F401 - its tasks register themselves
        from thaki.procedures.sales.models import Sale
        from thaki.records.network import changes

        agencies.on_rename(
            lambda before, after: Sale.objects.filter(billing_agency=before).update(billing_agency=after)
        )
        policies.define_all()
        texts.define_all()
        registration.register()
        prospect_import.register()
        ti_import.register()
        checkout.register()
        control_imports.register()
        navigation.register()
        portals.register("sales", portal.show)
        changes.listen(coverage_reached.network_grew)
