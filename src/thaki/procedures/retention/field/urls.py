"""Addresses of the technician's app, and of what it leaves for the supervisor."""

from django.urls import path

from thaki.procedures.retention.field import conflicts, views

app_name = "field"
urlpatterns = [
    path("terreno/", views.app, name="app"),
    path("terreno/sw.js", views.worker, name="worker"),
    path("terreno/manifest.webmanifest", views.manifest, name="manifest"),
    path("terreno/salir/", views.leave, name="leave"),
    path("terreno/api/sesion/", views.session, name="session"),
    path("terreno/api/visitas/", views.visits, name="visits"),
    path("terreno/api/envios/", views.submit, name="submit"),
    path("retencion/visitas/conflictos/", conflicts.conflicts, name="conflicts"),
    path("retencion/visitas/conflictos/<int:pk>/", conflicts.conflict, name="conflict"),
    path("retencion/visitas/conflictos/<int:pk>/resolver/", conflicts.settle, name="settle_conflict"),
]
