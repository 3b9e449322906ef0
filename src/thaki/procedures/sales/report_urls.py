"""Addresses of the contract and of the reports of Gestión de Ventas Digitales."""

from django.urls import path

from thaki.procedures.sales import goal_views, report_views, unserved_views

app_name = "sales_reports"
urlpatterns = [
    path("ventas/contratos/<int:pk>.pdf", report_views.contract_pdf, name="contract_pdf"),
    path("ventas/no-atendidas/", unserved_views.unserved, name="unserved"),
    path("ventas/no-atendidas/mapa/", unserved_views.unserved_map, name="unserved_map"),
    path("ventas/no-atendidas/mapa.json", unserved_views.unserved_geojson, name="unserved_geojson"),
    path("ventas/no-atendidas/grafico/", unserved_views.unserved_chart, name="unserved_chart"),
    path("ventas/no-atendidas/reportes/", unserved_views.unserved_reports, name="unserved_reports"),
    path(
        "ventas/no-atendidas/reportes/<int:pk>.pdf",
        unserved_views.unserved_report,
        {"form": "pdf"},
        name="unserved_report_pdf",
    ),
    path(
        "ventas/no-atendidas/reportes/<int:pk>.xlsx",
        unserved_views.unserved_report,
        {"form": "xlsx"},
        name="unserved_report_xlsx",
    ),
    path("ventas/no-atendidas.pdf", unserved_views.unserved_pdf, name="unserved_pdf"),
    path("ventas/no-atendidas.xlsx", unserved_views.unserved_xlsx, name="unserved_xlsx"),
    path("ventas/informes/", report_views.reports, name="reports"),
    path("ventas/informes/<int:pk>/", report_views.report, name="report"),
    path("ventas/informes/<int:pk>/armar/", report_views.build_report, name="build_report"),
    path("ventas/informes/<int:pk>/avance/", report_views.build_progress, name="build_progress"),
    path("ventas/informes/<int:pk>/comprobar/", report_views.verify_report, name="verify_report"),
    path("ventas/informes/<int:pk>.pdf", report_views.report_pdf, name="report_pdf"),
    path("ventas/informes/<int:pk>.xlsx", report_views.report_xlsx, name="report_xlsx"),
    path("ventas/metas/", goal_views.goals, name="goals"),
    path("ventas/metas/copiar/", goal_views.copy_goals, name="copy_goals"),
]
