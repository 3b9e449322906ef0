"""Step 10: postpaid or prepaid, and who the invoice is for."""

import pytest
from tests.integration.sales.billing import bring_papers, choose
from tests.integration.sales.conftest import Walk

from thaki.cases.runtime import AnswerInvalid


def test_prepaid_goes_to_11(walk: Walk) -> None:
    assert choose(walk, "prepaid").open_steps == ["11"]


def test_postpaid_goes_to_18_and_21_at_once(walk: Walk) -> None:
    assert sorted(choose(walk, "postpaid").open_steps) == ["18", "21"]


def test_the_invoice_is_the_customers_unless_he_says_otherwise(walk: Walk) -> None:
    choose(walk, "prepaid")
    assert (walk.sale.invoice_name, walk.sale.invoice_nit) == ("María Elena Rojas Vargas", "4567890")


def test_a_tax_number_with_letters_is_refused(walk: Walk) -> None:
    bring_papers(walk)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(10, {"payment_form": "prepaid", "explained": "on", "invoice_nit": "12AB"})
    assert "invoice_nit" in refused.value.form.errors


def test_dots_of_a_tax_number_do_not_count(walk: Walk) -> None:
    bring_papers(walk)
    walk.done(10, {"payment_form": "prepaid", "explained": "on", "invoice_nit": "1.023.149-021"})
    assert walk.sale.invoice_nit == "1023149021"


def test_both_forms_have_to_be_explained(walk: Walk) -> None:
    bring_papers(walk)
    with pytest.raises(AnswerInvalid) as refused:
        walk.done(10, {"payment_form": "prepaid"})
    assert "explained" in refused.value.form.errors
