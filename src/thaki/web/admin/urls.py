"""Addresses of administration."""

from django.urls import path

from thaki.web.admin import absences, agencies, calendar, index

app_name = "administration"
urlpatterns = [
    path("administracion/", index.index, name="index"),
    path("administracion/agencias/", agencies.agency_list, name="agencies"),
    path("administracion/agencias/nueva/", agencies.agency_edit, name="agency_new"),
    path("administracion/agencias/<int:pk>/", agencies.agency_edit, name="agency"),
    path("administracion/agencias/<int:pk>/estado/", agencies.agency_state, name="agency_state"),
    path("administracion/ausencias/", absences.absence_list, name="absences"),
    path("administracion/ausencias/<int:pk>/retirar/", absences.absence_remove, name="absence_remove"),
    path("administracion/calendario/", calendar.calendar, name="calendar"),
    path("administracion/calendario/horario/", calendar.week, name="calendar_week"),
    path("administracion/calendario/dias/", calendar.day, name="calendar_day"),
    path("administracion/calendario/dias/quitar/", calendar.day_remove, name="calendar_day_remove"),
]
