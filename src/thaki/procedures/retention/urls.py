"""Addresses of the retention: receiving a customer, and what Gerencia Comercial decides about offers, tasks and reasons."""

from django.urls import path

from thaki.procedures.retention import offer_views, views

app_name = "retention"
urlpatterns = [
    path("retencion/nueva/", views.receive, name="receive"),
    path("retencion/ofertas/", offer_views.shelf_page, name="offers"),
    path("retencion/ofertas/glosa/", offer_views.glosa, name="glosa"),
    path("retencion/ofertas/glosa/<int:pk>/aprobar/", offer_views.approve_glosa, name="approve_glosa"),
    path("retencion/ofertas/<slug:kind>/nueva/", offer_views.add, name="offer_add"),
    path("retencion/ofertas/<slug:kind>/<int:pk>/", offer_views.edit, name="offer_edit"),
]
