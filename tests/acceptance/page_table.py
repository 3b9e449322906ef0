"""How each address of the access table is opened on a real record, and which of them answer with no page.

An address without arguments needs nothing here: it is opened as the first of the demonstration's people who may. One with
arguments needs its line in ARGUMENTS; one that needs another person, or that has more than one sight, a line in WHO or SIGHTS.
What answers with a file, a part of a page or another address is named in NO_PAGE, and is asked whether that is so; what
only takes POST says so itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.urls import resolve
from django.utils import timezone
from tests.integration.access_table import Row

from thaki.api.models import Subscription
from thaki.cases.models import Case, CaseDocument, Incident, Task
from thaki.channels.website import links
from thaki.integrations.payments.models import HostedCheckout
from thaki.people import operations as people
from thaki.people.demo import PEOPLE
from thaki.people.models import Agency, Team, User
from thaki.procedures.retention.evaluation_models import Evaluation
from thaki.procedures.retention.offer_models import RetentionOffer
from thaki.procedures.sales.models import Sale
from thaki.procedures.sales.report_models import SalesReport, UnservedReport
from thaki.records.billing.models import BankAccount
from thaki.records.offers.models import Plan
from thaki.records.orders.models import ServiceContract
from thaki.records.work_orders.models import Submission
from thaki.reporting.imports.models import Import

Arguments = Mapping[str, Any]
ANYBODY = "ejecutivo1"  # opens what everybody may
SECURED, KEYED = "helpdesk2", "ejecutivo3"  # has an authenticator app; has a passkey


# ---------------------------------------------------------------- records to open
def a_case(node: str = "Step_9") -> Case:
    """A sale that waits at that step."""
    return Case.objects.filter(tasks__node=node, tasks__state=Task.State.OPEN).latest("pk")


def a_closed_case() -> Case:
    """A sale that went to its end."""
    return Case.objects.filter(procedure="sales", outcome="closed").latest("pk")


def a_task(node: str, login: str = "") -> int:
    """An open task at that step; of that person, if one is named."""
    found = Task.objects.filter(node=node, state=Task.State.OPEN)
    return (found.filter(assignee__username=login) if login else found).latest("pk").pk


def a_link(case: Case) -> str:
    """What opens a case to its customer."""
    return links.issue(case, now=timezone.now()).rstrip("/").rpartition("/")[2]


def _number(find: Callable[[], Case]) -> Callable[[], Arguments]:
    """Addresses of a case."""
    return lambda: {"number": find().number}


def _first(model: Any, **conditions: Any) -> Callable[[], Arguments]:
    """Addresses by key."""
    return lambda: {"pk": model.objects.filter(**conditions).earliest("pk").pk}


def _customer() -> Arguments:
    """Somebody who has a sale."""
    return {"customer_id": Sale.objects.exclude(customer=None).latest("pk").customer_id}


def _caught() -> Arguments:
    return {"key": next(settings.MAIL_FOLDER.glob("*.eml")).stem}


def _code(code: str) -> Callable[[], Arguments]:
    return lambda: {"code": code}


def _own(node: str) -> Callable[[], Arguments]:
    """A task of the one who opens what everybody may."""
    return lambda: {"task_id": a_task(node, ANYBODY)}


def _key_of_an_invitation() -> Arguments:
    path = urlsplit(people.invitation(User.objects.get(username="tecnico1"))).path
    return resolve(path).kwargs


def _passkey() -> Arguments:
    return {"pk": Authenticator.objects.get(user__username=KEYED, type=Authenticator.Type.WEBAUTHN).pk}


CASE, CLOSED, SALES = _number(a_case), _number(a_closed_case), _code("sales")
ARGUMENTS: dict[str, Callable[[], Arguments]] = {
    # ---- the installation, signing in
    "caught_message": _caught,
    "caught_attachment": lambda: {**_caught(), "part": 0},
    "account_reset_password_from_key": _key_of_an_invitation,
    "mfa_edit_webauthn": _passkey,
    "mfa_remove_webauthn": _passkey,
    # ---- people, administration, the API
    "people:user_edit": _first(User, username="ejecutivo2"),
    "people:team_edit": _first(Team),
    "people:policy": _code("calendar.office_hours"),
    "people:policy_change": _code("retention.visit_hours"),  # which everybody who changes any may
    "administration:agency": _first(Agency),
    "administration:plan": _first(Plan),
    "administration:account": _first(BankAccount),
    "administration:text": _code("sales.mail.invoice"),
    "api:webhook": _first(Subscription),
    # ---- customers' pages
    "website:portal": lambda: {"token": a_link(a_case())},
    "payments:checkout": lambda: {"token": HostedCheckout.objects.latest("pk").token},
    # ---- work
    "dashboard_part": lambda: {"key": "team"},
    "task": _own("Step_4"),
    "task_hand_over": _own("Step_4"),
    "task_send_back": _own("Step_9"),
    "task_draft": _own("Step_4"),
    **dict.fromkeys(("customer", "customer_alike", "customer_money", "customer_talks"), _customer),
    **dict.fromkeys(("customer_documents", "customer_history", "customer_care", "customer_claim_new"), _customer),
    **dict.fromkeys(("case", "case_history", "case_messages", "case_documents", "case_diagram"), CLOSED),
    "case_diagram_state": CLOSED,
    "case_suspend": CASE,
    "case_cancel": CASE,
    "case_action": lambda: {"number": a_case().number, "code": "sales.contact_attempt"},
    "document": lambda: {"document_id": CaseDocument.objects.latest("pk").document_id},
    "incident_correct": lambda: {"incident_id": Incident.objects.latest("pk").pk},
    "incident_skip": lambda: {"incident_id": Incident.objects.latest("pk").pk},
    # ---- procedures
    **dict.fromkeys(("procedure", "procedure_diagram", "procedure_heat", "procedure_heat_state"), SALES),
    "procedure_versions": SALES,
    "procedure_version": lambda: {"code": "sales", "number": 1},
    "procedure_xml": lambda: {"code": "sales", "number": 1},
    # ---- sales
    "imports:new": _code("prospects"),
    "imports:template": _code("prospects"),
    "imports:page": _first(Import, state=Import.State.DRAFT),
    "imports:refused": lambda: {**_first(Import, state=Import.State.DONE)(), "form": "csv"},
    "sales:prospects_export": lambda: {"form": "csv"},
    "sales:bss_record": CLOSED,
    "sales_billing:letter_model": CASE,
    "sales_billing:validate_one": lambda: {"task_id": a_task("Step_12")},
    "sales_billing:compare": _number(lambda: a_case("Step_12")),
    "sales_orders:differences": _first(Import, kind="ti-orders"),
    "sales_reports:contract_pdf": _first(ServiceContract),
    **dict.fromkeys(("sales_reports:report", "sales_reports:report_pdf"), _first(SalesReport)),
    **dict.fromkeys(("sales_reports:report_xlsx", "sales_reports:build_progress"), _first(SalesReport)),
    "sales_reports:unserved_report_pdf": _first(UnservedReport),
    "sales_reports:unserved_report_xlsx": _first(UnservedReport),
    # ---- retention
    **dict.fromkeys(("retention_ops:evaluation", "retention_ops:evaluation_pdf"), _first(Evaluation)),
    "retention_ops:evaluation_changes": _first(Evaluation),
    "field:conflict": _first(Submission),
    "retention:offer_edit": lambda: {"kind": "oferta", **_first(RetentionOffer)()},
}
# Who opens it, where it is not the first of the demonstration's people who may ("" is somebody who has not signed in).
WHO = {
    "administration:account_new": "admin1",
    **dict.fromkeys(("case_suspend", "case_cancel", "dashboard_part", "document", "team_work"), "canales1"),
    "imports:new": "canales1",
    "field:app": "tecnico1",
    **dict.fromkeys(("mfa_deactivate_totp", "mfa_download_recovery_codes", "mfa_generate_recovery_codes"), SECURED),
    **dict.fromkeys(("mfa_edit_webauthn", "mfa_remove_webauthn"), KEYED),
    "mfa_view_recovery_codes": SECURED,
}
# Other sights of the same address, each as (login, what follows the address).
SIGHTS: dict[str, tuple[tuple[str, str], ...]] = {
    "my_work": (("ejecutivo1", "?de=equipo"), ("ejecutivo1", "?q=nadie"), ("cajero1", ""), ("jefeventas1", "")),
    "dashboard": (("cobranzas1", ""), ("canales1", ""), ("jefeventas1", ""), ("procesos1", ""), ("admin1", "")),
    "search": (("ejecutivo1", "?q=ma"), ("ejecutivo1", "?q=nadie+as%C3%AD")),
    "cases": (("canales1", "?estado=closed"),),
    "incidents": (("canales1", ""),),
    "sales:prospects": (("ejecutivo1", "?vista=lista"), ("canales1", "?hito=perdidos"), ("canales1", "?hito=base")),
    "imports:page": (("ventas1", ""),),
    "website:home": (("ejecutivo1", ""),),
}
# What answers with no page of its own, and with what instead.
FILE, PART, ELSEWHERE, ABSENT = "a file", "part of a page", "another address", "nothing, here"
DOOR = "a page that goes on by itself"
NO_PAGE: dict[str, str] = {
    **dict.fromkeys(("health_live", "health_ready", "metrics", "caught_attachment", "document"), FILE),
    **dict.fromkeys(("mfa_download_recovery_codes", "cases_export", "case_diagram_state", "task_news"), FILE),
    **dict.fromkeys(("procedure_heat_state", "procedure_xml", "imports:template", "imports:refused"), FILE),
    **dict.fromkeys(("sales:prospects_export", "sales:map_layers", "sales_billing:letter_model"), FILE),
    **dict.fromkeys(("sales_billing:closing_pdf", "sales_billing:closing_xlsx"), FILE),
    **dict.fromkeys(("sales_billing:undelivered_xlsx", "sales_billing:agency_day_xlsx"), FILE),
    **dict.fromkeys(("sales_billing:recurring_xlsx", "sales_billing:recurring_csv"), FILE),
    **dict.fromkeys(("sales_reports:contract_pdf", "sales_reports:unserved_geojson"), FILE),
    **dict.fromkeys(("sales_reports:unserved_pdf", "sales_reports:unserved_xlsx"), FILE),
    **dict.fromkeys(("sales_reports:unserved_report_pdf", "sales_reports:unserved_report_xlsx"), FILE),
    **dict.fromkeys(("sales_reports:report_pdf", "sales_reports:report_xlsx"), FILE),
    **dict.fromkeys(("api:cases", "api:tasks", "api:prospects", "api:reports", "api:unserved", "api:openapi"), FILE),
    **dict.fromkeys(("api:case", "api:case_history", "api:task", "api:prospect", "api:report"), FILE),
    **dict.fromkeys(("api:report_file", "api:nothing_here"), FILE),
    **dict.fromkeys(("field:worker", "field:manifest", "field:session", "field:visits"), FILE),
    **dict.fromkeys(("retention_ops:control_xlsx", "retention_ops:withdrawals_xlsx"), FILE),
    "retention_ops:evaluation_pdf": FILE,
    **dict.fromkeys(("website:coverage", "palette", "customer_alike"), PART),
    **dict.fromkeys(("sales:recognise", "sales:places", "sales:verdicts", "sales:bss_record"), PART),
    **dict.fromkeys(("sales_billing:compare", "sales_reports:build_progress"), PART),
    "retention_ops:evaluation_changes": PART,
    **dict.fromkeys(("people:start", "people:policy_change", "people:policy_unplan"), ELSEWHERE),
    **dict.fromkeys(("account_set_password", "mfa_reauthenticate"), ELSEWHERE),
    **dict.fromkeys(("mfa_login_webauthn", "mfa_reauthenticate_webauthn", "socialaccount_signup"), ELSEWHERE),
    "mfa_authenticate": ELSEWHERE,  # unless somebody is in the middle of signing in: a test of its own
    **dict.fromkeys(("openid_connect_login", "openid_connect_callback"), ABSENT),
    "field:leave": DOOR,
    "website:portal_action": ABSENT,  # but for who has a link
}
STATUS = {"socialaccount_login_error": 401}  # of pages that say that something failed
LANDS = {"account_reset_password_from_key"}  # opens at another address, which does not tell the key


def opened_by(name: str, row: Row) -> str:
    """The login of who opens an address; "" for somebody who has not signed in."""
    if name in WHO or not row.signed_in:
        return WHO.get(name, "")
    if row.roles is None:
        return ANYBODY
    return next(person.login for person in PEOPLE if row.roles & set(person.roles))
