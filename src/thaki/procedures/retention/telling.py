"""The words of what the retention hands to its neighbours. They are data of the house, in Spanish."""

from __future__ import annotations

from collections.abc import Iterable

from thaki.procedures.retention import shelf
from thaki.procedures.retention.models import Retention
from thaki.records.customers.models import Subscription
from thaki.records.customers.queries import main_phone
from thaki.records.withdrawals.models import Withdrawal


def fault(retention: Retention) -> str:
    """A fault that lives, for Solución de Incidentes (R-B1)."""
    return "\n".join([*_who(retention), f"Falla: {retention.fault_note}"])


def withdrawal(retention: Retention, bajas: Iterable[Withdrawal]) -> str:
    """The bajas of a case, for Gestión de Solicitudes (R-B4)."""
    lines = [f"{baja.number}: {baja.get_product_display()} {baja.subscription.number}" for baja in bajas]
    equipment = ", ".join(retention.equipment_to_return) or "ninguno"
    return "\n".join(
        [
            *_who(retention),
            *lines,
            f"Motivo: {shelf.reason_name(retention.withdrawal_reason)}. {retention.withdrawal_note}".strip(),
            f"Equipos por devolver: {equipment}",
            f"Certificado de aportación: {'anotado' if retention.certificate_noted else 'sin anotar'}",
        ]
    )


def service(subscription: Subscription | None) -> str:
    """A service, as people name it."""
    return f"{subscription.plan} · {subscription.number}" if subscription else "—"


def _who(retention: Retention) -> list[str]:
    customer = retention.customer
    return [f"{customer.full_name} ({customer.code}), teléfono {main_phone(customer) or '—'}"]
