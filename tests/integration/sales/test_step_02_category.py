"""GVD step 2: the customer's category, and the hand-over of a business (R-A11)."""

from datetime import UTC, datetime

import pytest
from icalendar import Calendar
from tests.integration.sales.conftest import NOW, Walk

from thaki.cases.models import Case, Effect
from thaki.cases.runtime import AnswerInvalid
from thaki.channels.email.models import OutboundMail
from thaki.people import policies
from thaki.procedures.sales.steps.category import context

VISIT = {
    "category": "business",
    "visit_at": "2026-11-26T09:30",
    "visit_place": "Parque Industrial, galpón 4",
    "contact_name": "Rubén Soria",
    "contact_phone": "71700700",
    "visit_note": "Enlace dedicado",
}


def test_a_residential_customer_goes_on_to_3(walk: Walk) -> None:
    walk.to(2).done(2)
    assert walk.open_steps == ["3"]


def test_a_business_needs_its_whole_cronograma_de_visita(walk: Walk) -> None:
    walk.to(2)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(2, {"category": "business", "visit_at": "", "visit_place": ""})
    assert {"visit_at", "visit_place"} <= set(refused.value.form.errors)


def test_a_visit_in_the_past_is_refused(walk: Walk) -> None:
    walk.to(2)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(2, VISIT | {"visit_at": "2026-11-20T09:30"})
    assert "La visita tiene que ser en el futuro." in refused.value.form.errors["visit_at"]


def test_a_date_that_does_not_exist_is_refused_in_place(walk: Walk) -> None:
    walk.to(2)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(2, VISIT | {"visit_at": "2026-02-30T09:30"})
    assert "visit_at" in refused.value.form.errors


def test_a_business_is_handed_over_by_mail_with_the_visit_for_the_diary(walk: Walk) -> None:
    policies.set("sales.business_sales_email", "empresas@comteco.example", by=None, reason="prueba", now=NOW)
    walk.to(2).done(2, VISIT)
    mail = OutboundMail.objects.get(case=walk.case)
    assert mail.to == "empresas@comteco.example"
    assert "Parque Industrial" in mail.text
    event = Calendar.from_ical(mail.calendar).walk("VEVENT")[0]
    assert event.decoded("dtstart").astimezone(UTC) == datetime(2026, 11, 26, 13, 30, tzinfo=UTC)
    assert "Rubén Soria" in str(event["summary"])


def test_the_case_ends_as_handed_over_once_the_mail_is_out(walk: Walk) -> None:
    from thaki.cases import effects
    from thaki.cases.registry import effect_handler, register_effect_handler

    walk.to(2).done(2, VISIT)
    effect = Effect.objects.get(case=walk.case)
    assert Case.objects.get(pk=walk.case.pk).is_open
    real = effect_handler("email.send")
    register_effect_handler("email.send", lambda effect: {})
    try:
        effects.run(effect.pk, now=walk.now)
    finally:
        register_effect_handler("email.send", real)
    case = Case.objects.get(pk=walk.case.pk)
    assert (case.state, case.outcome) == ("ended", "handed_over")


def test_the_prospect_s_own_words_hint_at_a_company(walk: Walk) -> None:
    prospect = walk.sale.prospect
    prospect.message = "Somos una importadora S.R.L."
    prospect.save()
    from thaki.cases.registry import Work

    assert context(Work(walk.case, walk.sale, walk.now, None))["looks_like_business"]


def test_business_found_later_goes_back_to_2_and_is_asked_anew(walk: Walk) -> None:
    walk.to(4).send_back(4, "Step_2", "Es una empresa")
    assert walk.open_steps == ["2"]
    assert walk.sale.category == "unknown"
