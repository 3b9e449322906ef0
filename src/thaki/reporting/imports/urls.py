"""Addresses of imports."""

from django.urls import path, re_path

from thaki.reporting.imports import views

app_name = "imports"
urlpatterns = [
    path("importaciones/", views.index, name="index"),
    path("importaciones/nueva/<slug:code>/", views.new, name="new"),
    path("importaciones/plantilla/<slug:code>/", views.template, name="template"),
    path("importaciones/<int:pk>/", views.page, name="page"),
    path("importaciones/<int:pk>/detener/", views.stop, name="stop"),
    path("importaciones/<int:pk>/continuar/", views.resume, name="resume"),
    path("importaciones/<int:pk>/descartar/", views.discard, name="discard"),
    re_path(r"^importaciones/(?P<pk>[0-9]{1,18})/rechazadas\.(?P<form>csv|xlsx)$", views.refused, name="refused"),
]
