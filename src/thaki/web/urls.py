"""Addresses of the staff's screens."""

from django.urls import path

from thaki.web.views import case_list, cases, documents, incidents, procedures, search, tasks, worklist

urlpatterns = [
    path("", worklist.my_work, name="my_work"),
    path("equipo/", worklist.team_work, name="team_work"),
    path("buscar/", search.search, name="search"),
    path("tareas/asignar/", worklist.assign_many, name="task_assign_many"),
    path("tareas/siguiente/", worklist.claim_next, name="task_claim_next"),
    path("tareas/<int:task_id>/", tasks.task, name="task"),
    path("tareas/<int:task_id>/tomar/", worklist.claim, name="task_claim"),
    path("tareas/<int:task_id>/soltar/", worklist.release, name="task_release"),
    path("tareas/<int:task_id>/traspasar/", worklist.hand_over, name="task_hand_over"),
    path("tareas/<int:task_id>/devolver/", tasks.send_back, name="task_send_back"),
    path("tareas/<int:task_id>/borrador/", tasks.draft, name="task_draft"),
    path("casos/", case_list.case_list, name="cases"),
    path("casos/exportar/", case_list.export, name="cases_export"),
    path("casos/<str:number>/", cases.case, name="case"),
    path("casos/<str:number>/historia/", cases.history, name="case_history"),
    path("casos/<str:number>/mensajes/", cases.messages, name="case_messages"),
    path("casos/<str:number>/documentos/", documents.case_documents, name="case_documents"),
    path("casos/<str:number>/diagrama/", cases.diagram, name="case_diagram"),
    path("casos/<str:number>/diagrama.json", cases.diagram_state, name="case_diagram_state"),
    path("casos/<str:number>/pausa/", cases.suspend, name="case_suspend"),
    path("casos/<str:number>/reanudar/", cases.resume, name="case_resume"),
    path("casos/<str:number>/anular/", cases.cancel, name="case_cancel"),
    path("casos/<str:number>/hacer/<str:code>/", cases.action, name="case_action"),
    path("documentos/<int:document_id>/", documents.document, name="document"),
    path("incidentes/", incidents.index, name="incidents"),
    path("incidentes/<int:incident_id>/reintentar/", incidents.retry, name="incident_retry"),
    path("incidentes/<int:incident_id>/corregir/", incidents.correct, name="incident_correct"),
    path("incidentes/<int:incident_id>/omitir/", incidents.skip, name="incident_skip"),
    path("procedimientos/", procedures.index, name="procedures"),
    path("procedimientos/<str:code>/", procedures.detail, name="procedure"),
    path("procedimientos/<str:code>/diagrama/", procedures.diagram, name="procedure_diagram"),
    path("procedimientos/<str:code>/versiones/", procedures.version_list, name="procedure_versions"),
    path("procedimientos/<str:code>/versiones/nueva/", procedures.propose, name="procedure_propose"),
    path("procedimientos/<str:code>/versiones/<int:number>/", procedures.version_detail, name="procedure_version"),
    path("procedimientos/<str:code>/versiones/<int:number>/publicar/", procedures.publish, name="procedure_publish"),
    path("procedimientos/<str:code>/<int:number>.bpmn", procedures.xml, name="procedure_xml"),
]
