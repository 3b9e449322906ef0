"""Who may open which address: the explicit table that `test_access_matrix.py` holds every address of the project to.

Add a row for each new address, by the name that `reverse` takes. The table says what is wanted, the marks on the views (`@staff`,
`@any_staff`, `@public`) say what is enforced; the test compares them and then asks as every role. What only concerns one
object (may this person see this case?) is for the tests of that room: here an object that does not exist is asked for.
"""

from dataclasses import dataclass, field

from thaki.people.roles import Role

EXECUTIVE = Role.EJECUTIVO_VENTAS_DIGITALES
HELP_DESK = Role.AGENTE_HELP_DESK
CHANNELS = Role.RESPONSABLE_CANALES_DIGITALES
SALES = Role.RESPONSABLE_VENTAS_DIGITALES
SALES_CHIEF = Role.JEFE_DIVISION_VENTAS
COLLECTIONS = Role.ENCARGADO_COBRANZAS
CASHIER = Role.CAJERO
BILLING = Role.DIVISION_FACTURACION
COLLECTIONS = Role.ENCARGADO_COBRANZAS
CASHIER = Role.CAJERO
BILLING = Role.DIVISION_FACTURACION
QUALITY = Role.GESTION_CALIDAD
ADMINISTRATOR = Role.ADMINISTRADOR


@dataclass(frozen=True)
class Row:
    """Who may ask an address, and how the test asks it."""

    roles: frozenset[Role] | None  # None: anybody who has signed in
    signed_in: bool = True
    more: bool = (
        False  # the view itself asks for more than a role (to supervise somebody), and may answer 403 to any of them
    )
    sample: dict[str, object] = field(default_factory=dict)  # arguments of the address, where the usual ones do not fit


def only(*roles: Role, **sample: object) -> Row:
    """These roles."""
    return Row(frozenset(roles), sample=sample)


def staff(**sample: object) -> Row:
    """Anybody who has signed in."""
    return Row(None, sample=sample)


def staff_who(why: str, **sample: object) -> Row:
    """Anybody who has signed in and is what `why` says; the room's own tests hold it to that."""
    return Row(None, more=bool(why), sample=sample)


def public(**sample: object) -> Row:
    """Anybody at all."""
    return Row(None, signed_in=False, sample=sample)


OFFER_READERS = (
    Role.GERENCIA_COMERCIAL,
    Role.RESPONSABLE_RETENCION,
    Role.ASESOR_COMERCIAL,
    Role.JEFE_RELACION_CLIENTE,
    QUALITY,
)
CLAIM_TAKERS = (
    Role.ASESOR_COMERCIAL,
    Role.RESPONSABLE_RETENCION,
    HELP_DESK,
    Role.SEGUIMIENTO_INCIDENTES,
    Role.CALIDAD_RELACIONES,
)
CUSTOMER_READERS = (
    EXECUTIVE,
    HELP_DESK,
    COLLECTIONS,
    CASHIER,
    BILLING,
    CHANNELS,
    SALES,
    SALES_CHIEF,
    Role.ASESOR_COMERCIAL,
    Role.SUPERVISOR_CENTRO_OPERACIONES,
    Role.SEGUIMIENTO_INCIDENTES,
    Role.CALIDAD_RELACIONES,
    Role.RESPONSABLE_RETENCION,
    Role.JEFE_RELACION_CLIENTE,
    ADMINISTRATOR,
)
REPORT_READERS = (CHANNELS, SALES, SALES_CHIEF, QUALITY, ADMINISTRATOR)

RETENTION_CHIEFS = (Role.RESPONSABLE_RETENCION, Role.JEFE_RELACION_CLIENTE, Role.GERENCIA_COMERCIAL)
LETTER_SENDERS = (Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION, Role.JEFE_RELACION_CLIENTE)
ORDER_WATCHERS = (Role.SUPERVISOR_CENTRO_OPERACIONES, Role.JEFE_RECURSOS, *RETENTION_CHIEFS)
EVALUATION_READERS = (*RETENTION_CHIEFS, Role.JEFE_RECURSOS, QUALITY)
CONTROL_WATCHERS = (Role.SEGUIMIENTO_INCIDENTES, Role.CALIDAD_RELACIONES, *RETENTION_CHIEFS)

# Who may supervise a team notes its absences.
CHIEFS = (
    CHANNELS,
    SALES,
    SALES_CHIEF,
    Role.RESPONSABLE_RETENCION,
    Role.SUPERVISOR_CENTRO_OPERACIONES,
    Role.JEFE_RELACION_CLIENTE,
    Role.JEFE_RECURSOS,
)
PRICES = (SALES_CHIEF, Role.GERENCIA_COMERCIAL, ADMINISTRATOR)
PLAN_READERS = (*PRICES, SALES, CHANNELS)
ADMINISTERS = (*CHIEFS, *PRICES, COLLECTIONS, BILLING, QUALITY, ADMINISTRATOR)

TABLE: dict[str, Row] = {
    # ---- the installation
    "health_live": public(),
    "health_ready": public(),
    "metrics": public(),
    "caught_mail": public(),
    "caught_message": public(),
    "caught_attachment": public(),
    # ---- signing in
    "account_login": public(),
    "account_inactive": public(),
    "account_signup": public(),
    "mfa_authenticate": public(),
    "mfa_login_webauthn": public(),
    "socialaccount_login_cancelled": public(),
    "socialaccount_login_error": public(),
    "socialaccount_signup": public(),
    "openid_connect_login": public(),
    "openid_connect_callback": public(),
    "account_reset_password": public(),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(uidb36="1", key="a-b"),
    "account_reset_password_from_key_done": public(),
    "account_logout": staff(),
    "account_reauthenticate": staff(),
    "account_change_password": staff(),
    "account_set_password": staff(),
    "mfa_index": staff(),
    "mfa_reauthenticate": staff(),
    "mfa_activate_totp": staff(),
    "mfa_deactivate_totp": staff(),
    "mfa_view_recovery_codes": staff(),
    "mfa_generate_recovery_codes": staff(),
    "mfa_download_recovery_codes": staff(),
    "mfa_list_webauthn": staff(),
    "mfa_add_webauthn": staff(),
    "mfa_reauthenticate_webauthn": staff(),
    "mfa_remove_webauthn": staff(),
    "mfa_edit_webauthn": staff(),
    # ---- people and policies
    "people:start": staff(),
    "people:profile": staff(),
    "people:remove_absence": staff(),
    "people:preferences": public(),
    "people:users": only(ADMINISTRATOR),
    "people:user_new": only(ADMINISTRATOR),
    "people:user_edit": only(ADMINISTRATOR),
    "people:user_state": only(ADMINISTRATOR),
    "people:user_reset": only(ADMINISTRATOR),
    "people:user_second_factor": only(ADMINISTRATOR),
    "people:user_invite": only(ADMINISTRATOR),
    "people:teams": only(ADMINISTRATOR),
    "people:team_new": only(ADMINISTRATOR),
    "people:team_edit": only(ADMINISTRATOR),
    "people:gallery": staff(),
    "people:policies": staff(),
    "people:policy": staff(code="calendar.office_hours"),
    "people:policy_change": only(QUALITY, ADMINISTRATOR, Role.GERENCIA_COMERCIAL, code="retention.visit_hours"),
    "people:policy_unplan": only(QUALITY, ADMINISTRATOR, code="calendar.office_hours"),
    # ---- help
    "help": staff(),
    "help_page": staff(slug="todos"),
    "help_tour": staff(),
    # ---- administration
    "administration:index": only(*ADMINISTERS),
    "administration:agencies": only(ADMINISTRATOR),
    "administration:agency_new": only(ADMINISTRATOR),
    "administration:agency": only(ADMINISTRATOR),
    "administration:agency_state": only(ADMINISTRATOR),
    "administration:absences": only(*CHIEFS, ADMINISTRATOR),
    "administration:absence_remove": only(*CHIEFS, ADMINISTRATOR),
    "administration:calendar": only(QUALITY, ADMINISTRATOR),
    "administration:calendar_week": only(QUALITY, ADMINISTRATOR),
    "administration:calendar_day": only(QUALITY, ADMINISTRATOR),
    "administration:calendar_day_remove": only(QUALITY, ADMINISTRATOR),
    "administration:plans": only(*PLAN_READERS),
    "administration:plan_new": only(*PRICES),
    "administration:plan": only(*PLAN_READERS),
    "administration:plan_retire": only(*PRICES),
    "administration:tariff_new": only(*PRICES),
    "administration:tariff_drop": only(*PRICES),
    "administration:accounts": only(COLLECTIONS, BILLING, ADMINISTRATOR),
    "administration:account_new": Row(frozenset({COLLECTIONS, BILLING, ADMINISTRATOR}), more=True),
    "administration:account": only(COLLECTIONS, BILLING, ADMINISTRATOR),
    "administration:account_state": only(ADMINISTRATOR),
    "administration:texts": only(CHANNELS, QUALITY, ADMINISTRATOR),
    "administration:text": only(CHANNELS, QUALITY, ADMINISTRATOR),
    "administration:text_restore": only(CHANNELS, QUALITY, ADMINISTRATOR),
    "administration:changes": only(QUALITY, ADMINISTRATOR),
    # ---- customers' pages
    "website:home": public(),
    "website:coverage": public(),
    "website:portal": public(),
    "website:portal_action": public(),
    "payments:notice": public(),
    "payments:checkout": public(),
    # ---- the technician's telephone
    "field:app": public(),
    "field:worker": public(),
    "field:manifest": public(),
    "field:leave": public(),
    "field:session": public(),
    "field:visits": only(Role.TECNICO_MULTISERVICIOS),
    "field:submit": only(Role.TECNICO_MULTISERVICIOS),
    "field:conflicts": only(Role.SUPERVISOR_CENTRO_OPERACIONES, Role.RESPONSABLE_RETENCION),
    "field:conflict": only(Role.SUPERVISOR_CENTRO_OPERACIONES, Role.RESPONSABLE_RETENCION),
    "field:settle_conflict": only(Role.SUPERVISOR_CENTRO_OPERACIONES, Role.RESPONSABLE_RETENCION),
    # ---- work
    "my_work": staff(),
    "dashboard": staff(),
    "dashboard_part": staff_who("holds a role that the part is for", key="team"),
    "dashboard_sales": only(EXECUTIVE, CHANNELS, SALES, SALES_CHIEF),
    "dashboard_done": staff(),
    "team_work": staff_who("supervises a team or a procedure"),
    "search": staff(),
    "palette": staff(),
    "task": staff(),
    "task_assign_many": staff(),
    "task_claim_next": staff(),
    "task_claim": staff(),
    "task_release": staff(),
    "task_hand_over": staff(),
    "task_send_back": staff(),
    "task_draft": staff(),
    "task_draft_discard": staff(),
    "task_news": staff(),
    "worklist_filter_keep": staff(),
    "worklist_filter_forget": staff(),
    "task_present": staff(),
    "customers": only(*CUSTOMER_READERS),
    "customer": only(*CUSTOMER_READERS),
    "customer_alike": only(*CUSTOMER_READERS),
    "customer_care": only(*CUSTOMER_READERS),
    "customer_claim_new": only(*CLAIM_TAKERS),
    "customer_claim": only(*CLAIM_TAKERS),
    "customer_money": only(*CUSTOMER_READERS),
    "customer_talks": only(*CUSTOMER_READERS),
    "customer_documents": only(*CUSTOMER_READERS),
    "customer_history": only(*CUSTOMER_READERS),
    "cases": staff(),
    "cases_export": staff(),
    "case": staff(),
    "case_history": staff(),
    "case_messages": staff(),
    "case_documents": staff(),
    "case_diagram": staff(),
    "case_diagram_state": staff(),
    "case_suspend": staff(),
    "case_resume": staff(),
    "case_cancel": staff(),
    "case_undo": staff(),
    "case_action": staff(),
    "document": staff(),
    "incidents": staff(),
    "incident_retry": staff(),
    "incident_correct": staff(),
    "incident_skip": staff(),
    # ---- procedures
    "procedures": staff(),
    "procedure": staff(),
    "procedure_diagram": staff(),
    "procedure_heat": staff(),
    "procedure_heat_state": staff(),
    "procedure_versions": staff(),
    "procedure_version": staff(),
    "procedure_xml": staff(),
    "procedure_propose": only(QUALITY),
    "procedure_publish": only(QUALITY),
    # ---- imports: each kind has roles of its own
    "imports:index": staff(),
    "imports:new": staff_who("holds a role of the kind"),
    "imports:template": staff_who("holds a role of the kind"),
    "imports:page": staff_who("holds a role of the kind"),
    "imports:stop": staff_who("holds a role of the kind"),
    "imports:resume": staff_who("holds a role of the kind"),
    "imports:discard": staff_who("holds a role of the kind"),
    "imports:refused": staff_who("holds a role of the kind", pk="999999999", form="csv"),
    # ---- sales
    "sales:prospects": only(EXECUTIVE, CHANNELS, SALES, SALES_CHIEF),
    "sales:prospects_export": only(EXECUTIVE, CHANNELS, SALES, SALES_CHIEF, form="csv"),
    "sales:take_next_prospect": only(EXECUTIVE, SALES),
    "sales:take_prospect": only(EXECUTIVE, SALES),
    "sales:give_out_prospects": only(CHANNELS, SALES, SALES_CHIEF),
    "sales:quick_attempt": only(EXECUTIVE, SALES),
    "sales:agenda": only(EXECUTIVE, SALES),
    "sales:duplicates": only(EXECUTIVE, CHANNELS, SALES, SALES_CHIEF),
    "sales:merge_prospects": only(EXECUTIVE, CHANNELS, SALES),
    "sales:prospects_apart": only(EXECUTIVE, CHANNELS, SALES),
    "sales:unmerge_prospects": only(EXECUTIVE, CHANNELS, SALES),
    "sales:new_prospect": only(EXECUTIVE, SALES),
    "sales:recognise": only(EXECUTIVE, SALES),
    "sales:places": only(EXECUTIVE, SALES),
    "sales:verdicts": only(EXECUTIVE, HELP_DESK, CHANNELS, SALES),
    "sales:bss_record": only(EXECUTIVE, HELP_DESK, CHANNELS, SALES),
    "sales:map_layers": only(EXECUTIVE, HELP_DESK, CHANNELS, SALES),
    "sales_billing:letter_model": staff(),
    "sales_billing:deposits": only(COLLECTIONS),
    "sales_billing:validate": only(COLLECTIONS),
    "sales_billing:validate_one": only(COLLECTIONS),
    "sales_billing:leave": only(COLLECTIONS),
    "sales_billing:closing": only(COLLECTIONS),
    "sales_billing:close_day": only(COLLECTIONS),
    "sales_billing:closing_pdf": only(COLLECTIONS),
    "sales_billing:closing_xlsx": only(COLLECTIONS),
    "sales_billing:compare": only(COLLECTIONS),
    "sales_billing:verify": only(COLLECTIONS),
    "sales_billing:settle_refund": only(COLLECTIONS),
    "sales_billing:queue": only(CASHIER),
    "sales_billing:print": only(CASHIER),
    "sales_billing:archive_batch": only(CASHIER),
    "sales_billing:archive": only(CASHIER, COLLECTIONS),
    "sales_billing:undelivered": only(CASHIER, COLLECTIONS),
    "sales_billing:undelivered_xlsx": only(CASHIER, COLLECTIONS),
    "sales_billing:agency_day": only(CASHIER, COLLECTIONS),
    "sales_billing:agency_day_xlsx": only(CASHIER, COLLECTIONS),
    "sales_billing:recurring": only(BILLING, EXECUTIVE, SALES),
    "sales_billing:recurring_xlsx": only(BILLING, EXECUTIVE, SALES),
    "sales_billing:recurring_csv": only(BILLING, EXECUTIVE, SALES),
    "sales_billing:clear_payment": only(BILLING),
    "sales_billing:issue_month": only(BILLING),
    "sales_billing:pay_bill": only(BILLING),
    "retention:receive": only(Role.ASESOR_COMERCIAL, Role.RESPONSABLE_RETENCION),
    "retention:offers": only(*OFFER_READERS),
    "retention:glosa": only(Role.GERENCIA_COMERCIAL, Role.RESPONSABLE_RETENCION),
    "retention:approve_glosa": only(Role.RESPONSABLE_RETENCION, pk=1),
    "retention:offer_add": only(Role.GERENCIA_COMERCIAL, kind="oferta"),
    "retention:offer_edit": only(Role.GERENCIA_COMERCIAL, kind="oferta", pk=0),
    "retention_ops:board": only(*ORDER_WATCHERS),
    "retention_ops:map": only(*ORDER_WATCHERS),
    "retention_ops:assign": only(Role.SUPERVISOR_CENTRO_OPERACIONES),
    "retention_ops:print": only(Role.SUPERVISOR_CENTRO_OPERACIONES),
    "retention_ops:quality": only(*CONTROL_WATCHERS),
    "retention_ops:recurrence": only(*CONTROL_WATCHERS),
    "retention_ops:control_xlsx": only(*CONTROL_WATCHERS, which="calidad"),
    "retention_ops:control_answer": only(Role.SEGUIMIENTO_INCIDENTES, Role.CALIDAD_RELACIONES, task_id=1),
    "retention_ops:claims": only(BILLING, Role.ASESOR_COMERCIAL, *RETENTION_CHIEFS),
    "retention_ops:claims_apply": only(BILLING),
    "retention_ops:claim_reject": only(BILLING, pk=1),
    "retention_ops:evaluations": only(*EVALUATION_READERS),
    "retention_ops:evaluation": only(*EVALUATION_READERS, pk=1),
    "retention_ops:evaluation_changes": only(*EVALUATION_READERS, pk=1),
    "retention_ops:evaluation_pdf": only(*EVALUATION_READERS, pk=1),
    "retention_ops:evaluation_verify": only(*EVALUATION_READERS, pk=1),
    "retention_ops:evaluation_link": only(Role.GERENCIA_COMERCIAL, pk=1),
    "retention_ops:evaluation_policy": only(Role.GERENCIA_COMERCIAL, pk=1),
    "retention_ops:withdrawals": only(*EVALUATION_READERS),
    "retention_ops:withdrawals_xlsx": only(*EVALUATION_READERS),
    "retention_ops:hand_overs_requests": only(Role.GESTION_SOLICITUDES, *LETTER_SENDERS),
    "retention_ops:hand_overs_incidents": only(Role.SOLUCION_INCIDENTES, *LETTER_SENDERS),
    "retention_ops:hand_over_acknowledge": only(Role.GESTION_SOLICITUDES, Role.SOLUCION_INCIDENTES, pk=1),
    "sales_orders:board": only(CHANNELS, SALES, SALES_CHIEF),
    "sales_orders:reassign": only(CHANNELS, SALES, SALES_CHIEF),
    "sales_orders:differences": only(CHANNELS, SALES),
    "sales_reports:contract_pdf": only(EXECUTIVE, *REPORT_READERS),
    "sales_reports:unserved": only(*REPORT_READERS),
    "sales_reports:unserved_pdf": only(*REPORT_READERS),
    "sales_reports:unserved_xlsx": only(*REPORT_READERS),
    "sales_reports:unserved_map": only(*REPORT_READERS),
    "sales_reports:unserved_geojson": only(*REPORT_READERS),
    "sales_reports:unserved_chart": only(*REPORT_READERS),
    "sales_reports:unserved_reports": only(*REPORT_READERS),
    "sales_reports:unserved_report_pdf": only(*REPORT_READERS),
    "sales_reports:unserved_report_xlsx": only(*REPORT_READERS),
    "sales_reports:reports": only(*REPORT_READERS),
    "sales_reports:report": only(*REPORT_READERS),
    "sales_reports:build_report": only(*REPORT_READERS),
    "sales_reports:build_progress": only(*REPORT_READERS),
    "sales_reports:verify_report": only(*REPORT_READERS),
    "sales_reports:report_pdf": only(*REPORT_READERS),
    "sales_reports:report_xlsx": only(*REPORT_READERS),
    "sales_reports:goals": only(SALES, SALES_CHIEF),
    "sales_reports:copy_goals": only(SALES_CHIEF),
    # ---- the API: each asks for a token itself
    "api:cases": public(),
    "api:case": public(),
    "api:case_history": public(),
    "api:tasks": public(),
    "api:task": public(task_id="1"),
    "api:task_claim": public(task_id="1"),
    "api:task_return": public(task_id="1"),
    "api:task_complete": public(task_id="1"),
    "api:prospects": public(),
    "api:prospect": public(),
    "api:reports": public(),
    "api:unserved": public(),
    "api:report": public(),
    "api:report_file": public(),
    "api:nothing_here": public(rest="none"),
    "api:openapi": public(),
    "api:reference": staff(),
    "api:tokens": staff(),
    "api:token_revoke": staff(),
    "api:webhooks": only(ADMINISTRATOR),
    "api:webhook_new": only(ADMINISTRATOR),
    "api:webhook": only(ADMINISTRATOR),
    "api:webhook_try": only(ADMINISTRATOR),
    "api:webhook_secret": only(ADMINISTRATOR),
    "api:webhook_delete": only(ADMINISTRATOR),
}
