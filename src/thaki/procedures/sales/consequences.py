"""What sending a sale back brings with it: what the customer already has, and what going back settles by itself."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from thaki.cases.registry import Work
from thaki.channels.email.models import OutboundMail
from thaki.procedures.sales.models import Capacity, Sale
from thaki.ui.formats import format_date


def of_going_back(work: Work) -> list[str]:
    """One sentence for each thing that has been done and that going back touches, or does not."""
    sale: Sale = work.record
    return [sentence for rule in _RULES if (sentence := rule(sale))] + _mails(work)


def _letter(sale: Sale) -> str:
    if sale.letter is None:
        return ""
    words = {"number": sale.letter.number, "day": format_date(sale.letter.valid_until_on)}
    if sale.letter.answered_at is None:
        return (
            _("La Carta Comercial %(number)s ya se emitió y vale hasta el %(day)s, mientras sirva para la dirección.")
            % words
        )
    return (
        _(
            "La Carta Comercial %(number)s ya se respondió. Si vuelve al paso 8 o antes, esa respuesta se retira y se emite otra."
        )
        % words
    )


def _capacity(sale: Sale) -> str:
    if sale.capacity == Capacity.UNKNOWN:
        return ""
    return _("Help Desk ya respondió. Si vuelve al paso 5 o antes, la revisión de velocidades se pide otra vez.")


def _order(sale: Sale) -> str:
    if sale.order is None:
        return ""
    return _("La orden %(number)s ya se ingresó en Smartflex: devolver el caso no la anula (eso es del paso 25).") % {
        "number": sale.order.number
    }


def _money(sale: Sale) -> str:
    if not sale.has_money:
        return ""
    return _("El pago del cliente ya está en las cuentas: devolver el caso no lo reembolsa.")


def _invoice(sale: Sale) -> str:
    if sale.invoice is None or not sale.has_invoice:
        return ""
    return _("La factura %(number)s ya se emitió: devolver el caso no la anula.") % {"number": sale.invoice.number}


def _papers(sale: Sale) -> str:
    if not sale.papers.exclude(document=None).exists():
        return ""
    return _("Los documentos recibidos se quedan en el caso y no hay que pedirlos otra vez.")


_RULES: tuple[Callable[[Sale], str], ...] = (_letter, _capacity, _order, _money, _invoice, _papers)


def _mails(work: Work) -> list[str]:
    count = OutboundMail.objects.filter(case=work.case).exclude(sent_at=None).count()
    if not count:
        return []
    last = OutboundMail.objects.filter(case=work.case).exclude(sent_at=None).latest("sent_at")
    words = {"n": count, "to": last.to, "day": format_date(timezone.localdate(last.sent_at))}
    return [
        ngettext(
            "%(n)d correo ya salió (a %(to)s, el %(day)s) y no se puede retirar: avise si cambia lo que decía.",
            "%(n)d correos ya salieron (el último a %(to)s, el %(day)s) y no se pueden retirar: avise si cambia lo que decían.",
            count,
        )
        % words
    ]
