"""Every address of the system; each room brings its own."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from thaki.config import correo, health, metrics

# Rooms with pages, in the order in which they are asked.
ROOMS = (
    "thaki.people.urls",
    "thaki.channels.website.urls",
    "thaki.channels.email.urls",
    "thaki.integrations.payments.urls",
    "thaki.reporting.imports.urls",
    "thaki.procedures.sales.urls",
    "thaki.procedures.sales.billing_urls",
    "thaki.procedures.sales.report_urls",
    "thaki.procedures.sales.order_urls",
    "thaki.procedures.sales.portal_urls",
    "thaki.procedures.retention.urls",
    "thaki.procedures.retention.operations_urls",
    "thaki.procedures.retention.field.urls",
    "thaki.web.admin.urls",
    "thaki.web.urls",
    "thaki.api.urls",
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("correo-de-prueba/", correo.index, name="caught_mail"),
    path("correo-de-prueba/<str:key>/", correo.message, name="caught_message"),
    path("correo-de-prueba/<str:key>/<int:part>/", correo.attachment, name="caught_attachment"),
    path("cuenta/", include("thaki.people.account_urls")),
    *(path("", include(room)) for room in ROOMS if find_spec(room)),
]
