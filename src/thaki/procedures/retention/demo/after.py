"""What stands around the demonstration's retentions: what was approved before them, and what others did about them since."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from thaki.integrations.credit_bureau.models import RiskEntry
from thaki.people.models import User
from thaki.people.roles import Role
from thaki.procedures.retention.models import GlosaVariant, RetentionOffer
from thaki.procedures.retention.rules import GLOSA_COMPENSATION
from thaki.records.billing import claims_operations
from thaki.records.billing.service_models import BillingClaim
from thaki.records.courtesies import operations as courtesies
from thaki.records.courtesies.demo import top_up
from thaki.records.customers.models import Customer, Subscription
from thaki.records.hand_overs import operations as hand_overs
from thaki.records.hand_overs.models import HandOver

SEED = 14
RUNNING = 60  # courtesies
APPLIED_AFTER, RECEIVED_AFTER = timedelta(days=1), timedelta(hours=6)


def listed() -> list[int]:
    """Customers on the list of the Central de Riesgos."""
    numbers = RiskEntry.objects.filter(cleared_on=None).values_list("ci_number", flat=True)
    return list(Customer.objects.filter(ci_number__in=list(numbers)).values_list("pk", flat=True))


def prepare(*, now: datetime) -> None:
    """The glosa for compensations was approved before the first case (R-B8)."""
    approver = _somebody(Role.RESPONSABLE_RETENCION) or _somebody(Role.SUPERVISOR_CENTRO_OPERACIONES)
    before = now - timedelta(days=90)
    variant = GlosaVariant.objects.order_by("pk").first() or GlosaVariant(text=GLOSA_COMPENSATION, written_at=before)
    if approver is not None and variant.approved_at is None:
        variant.approved_at, variant.approved_by = before, approver
        variant.save()


def finish(*, now: datetime) -> None:
    """Facturación applied the older claims, the neighbours acknowledged the older messages, courtesies past their date ended."""
    courtesies.end_due(now=now)
    biller = _somebody(Role.DIVISION_FACTURACION)
    for claim in BillingClaim.objects.filter(state="registered", registered_at__lt=now - timedelta(days=2)).order_by(
        "pk"
    ):
        claims_operations.apply(claim.pk, by=biller, now=claim.registered_at + APPLIED_AFTER)
    receivers = {
        "solicitudes": _somebody(Role.GESTION_SOLICITUDES),
        "incidentes": _somebody(Role.SOLUCION_INCIDENTES),
    }
    for sent in HandOver.objects.filter(acknowledged_at=None, sent_at__lt=now - timedelta(days=1)).order_by("pk"):
        receiver = receivers[sent.to]
        if receiver is not None:
            hand_overs.acknowledge(sent.pk, note="Recibido.", by=receiver, now=sent.sent_at + RECEIVED_AFTER)
    _courtesies(now)


def _courtesies(now: datetime) -> None:
    """Those of the cases, and some that the BSS brought: sixty run."""
    offers = RetentionOffer.objects.filter(kind="courtesy", active=True, product="", technology="").order_by("position")
    kinds = [(offer.code, offer.name, offer.cost_bob) for offer in offers]
    services = Subscription.objects.filter(status="active", plan__kind="internet").order_by("pk")[:1_000]
    if kinds:
        top_up(Random(SEED), RUNNING, kinds=kinds, services=list(services), now=now)


def _somebody(role: Role) -> User | None:
    return User.objects.filter(is_active=True, roles__contains=[role.value]).order_by("pk").first()
