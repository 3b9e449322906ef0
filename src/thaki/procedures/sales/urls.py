"""Addresses of prospects and of what the forms of steps 1 to 8 ask for while they are filled in."""

from django.urls import path

from thaki.procedures.sales import views

app_name = "sales"
urlpatterns = [
    path("ventas/prospectos/", views.prospects, name="prospects"),
    path("ventas/prospectos/nuevo/", views.new_prospect, name="new_prospect"),
    path("ventas/reconocer/", views.recognise, name="recognise"),
    path("ventas/lugares/", views.find_places, name="places"),
    path("ventas/cobertura/", views.verdicts, name="verdicts"),
    path("ventas/smartflex/<str:number>/", views.bss_record, name="bss_record"),
    path("ventas/mapa/", views.map_layers, name="map_layers"),
]
