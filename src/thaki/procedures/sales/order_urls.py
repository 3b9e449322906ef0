"""Addresses of step 25: the board of the orders and the T.I. report."""

from django.urls import path

from thaki.procedures.sales import order_views

app_name = "sales_orders"
urlpatterns = [
    path("ventas/seguimiento/", order_views.board, name="board"),
    path("ventas/seguimiento/reasignar/", order_views.reassign, name="reassign"),
    path("ventas/seguimiento/informe-ti/<int:pk>/", order_views.differences, name="differences"),
]
