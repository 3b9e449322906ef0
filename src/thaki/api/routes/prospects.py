"""Prospects: list those under way, and take a lead."""

from __future__ import annotations

import hashlib
from typing import Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from thaki.api import cursors, shown
from thaki.api.models import Scope
from thaki.api.once import once
from thaki.api.problems import not_found
from thaki.api.schemas import Cursor, Limit, Number, ProspectIn, ProspectOut, ProspectPage, Taken, Text
from thaki.api.tokens import check_scope
from thaki.cases import operations, permissions
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.sales import prospect_list
from thaki.procedures.sales.models import Sale
from thaki.records.prospects import operations as prospects

router = Router(tags=["Prospectos"])
READERS = (
    Role.EJECUTIVO_VENTAS_DIGITALES,
    Role.RESPONSABLE_VENTAS_DIGITALES,
    Role.RESPONSABLE_CANALES_DIGITALES,
    Role.JEFE_DIVISION_VENTAS,
)
MILESTONES = {
    "": "",
    "new": "nuevos",
    "visited": "visitados",
    "informed": "informados",
    "presale": "preventa",
    "sold": "venta",
}


class ProspectQuery(Taken):
    """What the list is narrowed down to."""

    milestone: Literal["", "new", "visited", "informed", "presale", "sold"] = ""
    channel: Literal["", "web", "facebook", "botmaker", "whatsapp", "phone", "referral", "other"] = ""
    q: Text = ""
    cursor: Cursor = ""
    limit: Limit = 50


def _reader(request: HttpRequest, query: type[Taken] | None = None) -> User:
    user = check_scope(request, Scope.PROSPECTS_READ, query).user
    if not user.has_role(*READERS):
        raise permissions.NotAllowed(_("Los prospectos son de Ventas Digitales."))
    return user


@router.get("", response=ProspectPage, url_name="prospects", summary="Prospectos en curso, el más nuevo primero")
def list_prospects(request: HttpRequest, asked: Query[ProspectQuery]) -> ProspectPage:
    """The prospects that the person follows; a chief's are all. Scope `prospects:read`."""
    user = _reader(request, ProspectQuery)
    filters = prospect_list.read_filters({"hito": MILESTONES[asked.milestone], "canal": asked.channel, "q": asked.q})
    rows = prospect_list.rows(user, filters)
    found = cursors.newest_first(rows, "case__opened_at", asked.cursor, asked.limit)
    return ProspectPage(items=[shown.prospect(row) for row in found.rows], next=found.following or None)


@router.get("/{number}", response=ProspectOut, url_name="prospect", summary="Un prospecto, por el número de su caso")
def read_prospect(request: HttpRequest, number: Number) -> ProspectOut:
    """One prospect, also when his sale is over. Scope `prospects:read`."""
    user = _reader(request)
    sale = _sales().filter(case__number=number.upper(), case__is_rehearsal=False).first()
    if sale is None:
        raise not_found()
    permissions.check_can_see_case(user, sale.case)
    return shown.prospect(sale)


@router.post("", response={201: ProspectOut}, url_name="prospects", summary="Anotar un prospecto")
def take_lead(request: HttpRequest, body: ProspectIn) -> HttpResponse:
    """A lead becomes a prospect and its case, free for whoever takes it. Scope `prospects:write`."""
    caller = check_scope(request, Scope.PROSPECTS_WRITE)

    def do(key: str) -> tuple[int, ProspectOut]:
        now = timezone.now()
        told = body.model_dump(exclude_none=True)
        prospect, _is_new = prospects.receive(by=caller.user, now=now, **told)
        if body.external_ref:
            key = _key(f"lead:{body.channel}:{body.external_ref}")
        case = operations.start_case("sales", {"prospect": prospect.pk}, by=caller.user, now=now, submission_key=key)
        return 201, shown.prospect(_sales().get(pk=case.pk))

    return once(request, caller, do)


def _sales() -> QuerySet[Sale]:
    return Sale.objects.select_related("case", "prospect", "executive")


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:40]
