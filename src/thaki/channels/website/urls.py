"""Public addresses: the page, its coverage check, and the customer's link."""

from django.urls import path

from thaki.channels.website import views

app_name = "website"
urlpatterns = [
    path("contratar/", views.home, name="home"),
    path("contratar/cobertura/", views.coverage, name="coverage"),
    path("mi-solicitud/<str:token>/", views.portal, name="portal"),
    path("mi-solicitud/<str:token>/<slug:action>/", views.portal, name="portal_action"),
]
