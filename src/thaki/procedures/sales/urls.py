"""Addresses of prospects and of what the forms of steps 1 to 8 ask for while they are filled in."""

from django.urls import path, re_path

from thaki.procedures.sales import prospect_verbs, prospect_views, views

app_name = "sales"
urlpatterns = [
    path("ventas/prospectos/", prospect_views.prospects, name="prospects"),
    re_path(r"^ventas/prospectos/lista\.(?P<form>csv|xlsx)$", prospect_views.export, name="prospects_export"),
    path("ventas/prospectos/tomar/", prospect_verbs.take_next, name="take_next_prospect"),
    path("ventas/prospectos/<int:pk>/tomar/", prospect_verbs.take, name="take_prospect"),
    path("ventas/prospectos/repartir/", prospect_verbs.give_out, name="give_out_prospects"),
    path("ventas/prospectos/<str:number>/intento/", prospect_verbs.attempt, name="quick_attempt"),
    path("ventas/agenda/", prospect_views.agenda, name="agenda"),
    path("ventas/duplicados/", prospect_views.duplicates, name="duplicates"),
    path("ventas/duplicados/<int:pk>/unir/", prospect_verbs.merge, name="merge_prospects"),
    path("ventas/duplicados/<int:pk>/distintos/", prospect_verbs.apart, name="prospects_apart"),
    path("ventas/duplicados/<int:pk>/deshacer/", prospect_verbs.unmerge, name="unmerge_prospects"),
    path("ventas/prospectos/nuevo/", views.new_prospect, name="new_prospect"),
    path("ventas/reconocer/", views.recognise, name="recognise"),
    path("ventas/lugares/", views.find_places, name="places"),
    path("ventas/cobertura/", views.verdicts, name="verdicts"),
    path("ventas/smartflex/<str:number>/", views.bss_record, name="bss_record"),
    path("ventas/mapa/", views.map_layers, name="map_layers"),
]
