"""Addresses of administration."""

from django.urls import path

from thaki.web.admin import absences, accounts, agencies, calendar, everything, index, plans, words

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
    path("administracion/planes/", plans.plan_list, name="plans"),
    path("administracion/planes/nuevo/", plans.plan_new, name="plan_new"),
    path("administracion/planes/<int:pk>/", plans.plan_page, name="plan"),
    path("administracion/planes/<int:pk>/tarifa/", plans.tariff_new, name="tariff_new"),
    path("administracion/planes/<int:pk>/vigencia/", plans.plan_retire, name="plan_retire"),
    path("administracion/tarifas/<int:pk>/retirar/", plans.tariff_drop, name="tariff_drop"),
    path("administracion/cuentas/", accounts.account_list, name="accounts"),
    path("administracion/cuentas/nueva/", accounts.account_edit, name="account_new"),
    path("administracion/cuentas/<int:pk>/", accounts.account_edit, name="account"),
    path("administracion/cuentas/<int:pk>/estado/", accounts.account_state, name="account_state"),
    path("administracion/textos/", words.text_list, name="texts"),
    path("administracion/textos/<str:code>/", words.text_page, name="text"),
    path("administracion/textos/<str:code>/restaurar/", words.text_restore, name="text_restore"),
    path("administracion/cambios/", everything.change_list, name="changes"),
]
