"""What is asked about the daily closing of deposits: the day as it is, as it was closed, and what differs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from thaki.records.billing import rules_closing
from thaki.records.billing.control_models import DepositClosing
from thaki.records.billing.models import Payment, Refund
from thaki.records.billing.rules_closing import Difference, Group, Line

OPEN_DAYS = timedelta(days=45)  # how far back days without a closing are looked for


def bounds(day: date) -> tuple[datetime, datetime]:
    """From midnight to midnight in La Paz."""
    start = timezone.make_aware(datetime.combine(day, time()))
    return start, timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))


def decided_on(day: date) -> QuerySet[Payment]:
    """The payments that Cobranzas decided that day, in the order in which it did."""
    start, end = bounds(day)
    return Payment.objects.filter(decided_at__gte=start, decided_at__lt=end).order_by("decided_at", "id")


def lines_of(day: date) -> list[Line]:
    """A day's deposits as they are now; one query."""
    return [_line(payment) for payment in decided_on(day).select_related("customer", "account", "decided_by")]


def _line(payment: Payment) -> Line:
    assert payment.decided_at is not None  # it was looked for by it
    account = str(payment.account) if payment.account else ""
    web = payment.form == Payment.Form.WEB
    return Line(
        id=payment.pk,
        case=payment.case_ref,
        customer=str(payment.customer) if payment.customer else "",
        slip_number=payment.slip_number,
        account=account or (_("Pago en la página web") if web else _("Cuenta no anotada")),
        operation=payment.get_operation_type_display(),
        depositor=payment.depositor,
        amount_bob=f"{payment.amount_bob:.2f}",
        paid_on=payment.paid_on.isoformat(),
        decided_at=f"{timezone.localtime(payment.decided_at):%H:%M}",
        decided_by=str(payment.decided_by) if payment.decided_by else "",
        state=payment.state,
        reason=payment.reject_reason,
        written=payment.slip_written,
    )


def refunds_of(day: date) -> list[dict[str, str]]:
    """The refunds that were settled that day."""
    start, end = bounds(day)
    settled = Refund.objects.filter(settled_at__gte=start, settled_at__lt=end).order_by("settled_at", "id")
    return [
        {
            "case": refund.case_ref,
            "customer": str(refund.payment.customer) if refund.payment.customer else "",
            "amount_bob": f"{refund.amount_bob:.2f}",
            "state": str(refund.get_state_display()),
            "reference": refund.reference,
            "reason": refund.reason,
        }
        for refund in settled.select_related("payment__customer")
    ]


def waiting_at(day: date) -> int:
    """How many deposits received until the end of that day are not decided yet."""
    return Payment.objects.filter(state=Payment.State.RECEIVED, received_at__lt=bounds(day)[1]).count()


@dataclass(frozen=True, slots=True)
class Day:
    """A day's deposits: as closed where it is closed, else as they are."""

    day: date
    closing: DepositClosing | None
    lines: list[Line]
    refunds: list[dict[str, str]]
    waiting: int
    differences: list[Difference]

    @property
    def accepted(self) -> list[Line]:
        """Whose money came in."""
        return [line for line in self.lines if line.is_in]

    @property
    def rejected(self) -> list[Line]:
        """Those that Cobranzas gave back."""
        return [line for line in self.lines if not line.is_in]

    @property
    def by_account(self) -> list[Group]:
        """The money by account."""
        return rules_closing.groups(self.lines, "account")

    @property
    def by_operation(self) -> list[Group]:
        """The money by method."""
        return rules_closing.groups(self.lines, "operation")

    @property
    def total_bob(self) -> Decimal:
        """All the money that came in."""
        return rules_closing.total_bob(self.lines)


def day_of(day: date) -> Day:
    """Read a day; three queries at the most."""
    closed = DepositClosing.objects.select_related("closed_by").filter(day=day).first()
    lines = lines_of(day)
    if closed is None:
        return Day(day, None, lines, refunds_of(day), waiting_at(day), [])
    kept = rules_closing.thawed(closed.data)
    differing = rules_closing.differences(kept, lines)
    return Day(day, closed, kept, closed.data["refunds"], closed.data["waiting"], differing)


def days_left_open(today: date, *, back: timedelta = OPEN_DAYS) -> list[date]:
    """Days before today with decided deposits and no closing, the latest first."""
    start = bounds(today - back)[0]
    decided = Payment.objects.filter(decided_at__gte=start, decided_at__lt=bounds(today)[0])
    days = decided.annotate(on=TruncDate("decided_at")).values_list("on", flat=True).distinct()
    closed = DepositClosing.objects.filter(day__gte=today - back).values_list("day", flat=True)
    return sorted(set(days) - set(closed), reverse=True)
