"""Addresses of the operations of the retention: orders (6), controls (9, 10), billing claims (4, 13), evaluation (15)."""

from django.urls import path

from thaki.procedures.retention import evaluation_views, inbox_views, operations_views, quality_views

app_name = "retention_ops"
urlpatterns = [
    path("retencion/ordenes/", operations_views.board, name="board"),
    path("retencion/ordenes/mapa/", operations_views.day_map, name="map"),
    path("retencion/ordenes/asignar/", operations_views.assign, name="assign"),
    path("retencion/ordenes/imprimir/", operations_views.print_batch, name="print"),
    path("retencion/control/calidad/", quality_views.control, {"which": "calidad"}, name="quality"),
    path("retencion/control/reiterados/", quality_views.control, {"which": "reiterados"}, name="recurrence"),
    path("retencion/control/<str:which>/reporte.xlsx", quality_views.control_xlsx, name="control_xlsx"),
    path("retencion/control/tareas/<int:task_id>/", quality_views.answer, name="control_answer"),
    path("retencion/reclamos-facturacion/", inbox_views.claims, name="claims"),
    path("retencion/reclamos-facturacion/aplicar/", inbox_views.apply_claims, name="claims_apply"),
    path("retencion/reclamos-facturacion/<int:pk>/rechazar/", inbox_views.reject_claim, name="claim_reject"),
    path("retencion/evaluacion/", evaluation_views.evaluations, name="evaluations"),
    path("retencion/evaluacion/<int:pk>/", evaluation_views.evaluation, name="evaluation"),
    path("retencion/evaluacion/<int:pk>.pdf", evaluation_views.evaluation_paper, name="evaluation_pdf"),
    path("retencion/evaluacion/<int:pk>/cambios/", evaluation_views.changes, name="evaluation_changes"),
    path("retencion/evaluacion/<int:pk>/enlazar/", evaluation_views.link_changes, name="evaluation_link"),
    path("retencion/evaluacion/<int:pk>/politica/", evaluation_views.change_policy, name="evaluation_policy"),
    path("retencion/evaluacion/<int:pk>/comprobar/", evaluation_views.verify_evaluation, name="evaluation_verify"),
    path("retencion/bajas/", evaluation_views.withdrawals, name="withdrawals"),
    path("retencion/bajas.xlsx", evaluation_views.withdrawals_xlsx, name="withdrawals_xlsx"),
    path("traspasos/solicitudes/", inbox_views.requests_inbox, name="hand_overs_requests"),
    path("traspasos/incidentes/", inbox_views.incidents_inbox, name="hand_overs_incidents"),
    path("traspasos/recibir/<int:pk>/", inbox_views.acknowledge, name="hand_over_acknowledge"),
]
