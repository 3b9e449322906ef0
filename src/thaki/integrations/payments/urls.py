"""Addresses of the embedded payment provider."""

from django.urls import path

from thaki.integrations.payments import views

app_name = "payments"
urlpatterns = [
    path("pago/aviso/", views.notice, name="notice"),
    path("pago/<str:token>/", views.checkout, name="checkout"),
]
