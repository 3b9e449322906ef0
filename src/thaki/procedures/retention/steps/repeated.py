"""RET step 2: repeated damage on one product and without solution (R-B2), worked out; the customer says what only he can say.

Answer: `confirmed` (the services that he says fail now) and `subscription`, the service that the case is about.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from thaki.cases.forms import choice_field
from thaki.cases.registry import Step, StepRefused, Work
from thaki.procedures.retention import antecedents
from thaki.procedures.retention.antecedents import Antecedents
from thaki.procedures.retention.forms import ManyField, StepForm, active_services, keys_of, service_choices
from thaki.procedures.retention.models import Affected, Offered, Repeated, Retention
from thaki.procedures.retention.screens import antecedents_context
from thaki.records.claims.models import Claim
from thaki.records.claims.rules import Damage


class RepeatedForm(StepForm):
    """Which service, and whether it fails now."""

    confirmed = ManyField(
        label=_("El cliente dice que ahora falla"),
        required=False,
        choices=(),
        help_text=_("Pregúntele: si todos sus reclamos figuran solucionados, solo él puede decirlo."),
    )
    subscription = choice_field(
        _("Servicio del que se queja"),
        (),
        required=False,
        help_text=_("De este servicio son la factura, la orden y la cortesía."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, work: Work, **kwargs: Any) -> None:
        super().__init__(data, files, work=work, **kwargs)
        choices = service_choices(active_services(work))
        self.choose("confirmed", choices)
        self.choose("subscription", choices)

    @classmethod
    def known(cls, work: Work) -> dict[str, Any]:
        """The worst damaged service, else the one that was named."""
        retention: Retention = work.record
        found = antecedents.of_case(retention, now=work.now)
        worst = found.damaged("yes", "ask")
        first = found.service(worst[0].product if worst else retention.subscription_id or 0)
        return {"subscription": first.number if first and first.status == "active" else None}


def complete(work: Work, data: dict[str, Any]) -> None:
    """Keep the verdict with its evidence, and which services are damaged."""
    retention: Retention = work.record
    confirmed = set(keys_of(retention, data["confirmed"]))
    found = antecedents.of_case(retention, now=work.now, confirmed=confirmed)
    damaged = found.damaged("yes")
    retention.repeated = Repeated.YES if damaged else Repeated.NO
    retention.evidence = [antecedents.evidence(one, _number(found, one)) for one in found.damage]
    retention.subscription_id = _main(found, damaged, next(iter(keys_of(retention, [data["subscription"]])), None))
    retention.offer = Offered.UNKNOWN
    retention.save(update_fields=["repeated", "evidence", "subscription", "offer"])
    _keep_affected(retention, found, damaged)
    work.note(repeated=retention.repeated, claims=", ".join(number for one in damaged for number in one.numbers)[:200])


def _main(found: Antecedents, damaged: list[Damage], chosen: int | None) -> int | None:
    """The service chosen, among the damaged ones where there are some; Internet first where nothing was chosen (5.2)."""
    able = [one.product for one in damaged] or [one.pk for one in found.active]
    if chosen is not None:
        if chosen not in able:
            raise StepRefused({"subscription": str(_("Ese servicio no es uno de los que tienen daños reiterados."))})
        return chosen
    of_internet = [one.pk for one in found.active if one.pk in able and one.plan.kind == "internet"]
    return next(iter(of_internet or able), None)


def _keep_affected(retention: Retention, found: Antecedents, damaged: list[Damage]) -> None:
    """All damaged services of the one case (R-B10)."""
    retention.affected.all().delete()
    numbers = [number for one in damaged for number in one.numbers]
    keys = dict(Claim.objects.filter(number__in=numbers).values_list("number", "pk"))
    for one in damaged:
        service = found.service(one.product)
        Affected.objects.create(
            retention=retention,
            subscription_id=one.product,
            product=service.plan.kind if service else "internet",
            claims=[keys[number] for number in one.numbers if number in keys],
            main=one.product == retention.subscription_id,
        )


def _number(found: Antecedents, damage: Damage) -> str:
    service = found.service(damage.product)
    return service.number if service else ""


STEPS = (
    Step(
        handler="retention.check_repeated",
        form=RepeatedForm,
        complete=complete,
        template="retention/steps/repeated.html",
        context=antecedents_context,
    ),
)
