"""Addresses of the money of Gestión de Ventas Digitales: steps 9 to 18."""

from django.urls import path

from thaki.procedures.sales import (
    billing_closing,
    billing_control,
    billing_queue,
    billing_views,
    cashier_lists,
    cashier_views,
)

app_name = "sales_billing"
urlpatterns = [
    path("ventas/<str:number>/carta-solicitud.pdf", billing_views.letter_model, name="letter_model"),
    path("ventas/depositos/", billing_views.deposits, name="deposits"),
    path("ventas/depositos/validar/", billing_queue.validate, name="validate"),
    path("ventas/depositos/validar/<int:task_id>/", billing_queue.validate_one, name="validate_one"),
    path("ventas/depositos/validar/<int:task_id>/dejar/", billing_queue.leave, name="leave"),
    path("ventas/depositos/cierre/", billing_closing.day_closing, name="closing"),
    path("ventas/depositos/cierre/cerrar/", billing_closing.close, name="close_day"),
    path("ventas/depositos/cierre.pdf", billing_closing.closing_pdf, name="closing_pdf"),
    path("ventas/depositos/cierre.xlsx", billing_closing.closing_xlsx, name="closing_xlsx"),
    path("ventas/depositos/<str:number>/comparar/", billing_views.compare, name="compare"),
    path("ventas/depositos/<int:pk>/verificar/", billing_views.verify, name="verify"),
    path("ventas/devoluciones/<int:pk>/", billing_views.settle_refund, name="settle_refund"),
    path("ventas/caja/", cashier_views.queue, name="queue"),
    path("ventas/caja/imprimir/", cashier_views.print_batch, name="print"),
    path("ventas/caja/archivar/", cashier_views.archive_batch, name="archive_batch"),
    path("ventas/caja/sin-entregar/", cashier_lists.undelivered, name="undelivered"),
    path("ventas/caja/sin-entregar.xlsx", cashier_lists.undelivered_xlsx, name="undelivered_xlsx"),
    path("ventas/caja/dia/", cashier_lists.agency_day, name="agency_day"),
    path("ventas/caja/dia.xlsx", cashier_lists.agency_day_xlsx, name="agency_day_xlsx"),
    path("ventas/facturas/", cashier_views.archive, name="archive"),
    path("ventas/control-recurrente/", billing_control.recurring, name="recurring"),
    path("ventas/control-recurrente.xlsx", billing_control.recurring_xlsx, name="recurring_xlsx"),
    path("ventas/control-recurrente.csv", billing_control.recurring_csv, name="recurring_csv"),
    path("ventas/control-recurrente/pagos/<int:pk>/aclarar/", billing_control.clear_payment, name="clear_payment"),
    path("ventas/control-recurrente/emitir/", billing_control.issue_month, name="issue_month"),
    path("ventas/control-recurrente/<int:pk>/pagar/", billing_control.pay_bill, name="pay_bill"),
]
