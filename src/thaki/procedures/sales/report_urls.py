"""Addresses of the contract and of the reports of Gestión de Ventas Digitales."""

from django.urls import path

from thaki.procedures.sales import report_views

app_name = "sales_reports"
urlpatterns = [
    path("ventas/contratos/<int:pk>.pdf", report_views.contract_pdf, name="contract_pdf"),
    path("ventas/no-atendidas/", report_views.unserved, name="unserved"),
    path("ventas/no-atendidas.pdf", report_views.unserved_pdf, name="unserved_pdf"),
    path("ventas/no-atendidas.xlsx", report_views.unserved_xlsx, name="unserved_xlsx"),
    path("ventas/informes/", report_views.reports, name="reports"),
    path("ventas/informes/<int:pk>.pdf", report_views.report_pdf, name="report_pdf"),
    path("ventas/informes/<int:pk>.xlsx", report_views.report_xlsx, name="report_xlsx"),
    path("ventas/metas/", report_views.goals, name="goals"),
]
