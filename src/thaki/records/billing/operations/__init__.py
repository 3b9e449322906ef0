"""What is done with money: payments, refunds, invoices, the recurring control."""

from thaki.records.billing.operations.closing import close_day
from thaki.records.billing.operations.control import Taken, clear_payment, enter_bill, pay_bill, take_payment
from thaki.records.billing.operations.invoices import (
    Print,
    archive_invoices,
    attach_invoice,
    deliver_in_hand,
    deliver_sent,
    issue_invoice,
    mark_emailed,
    print_invoices,
    void_invoice,
)
from thaki.records.billing.operations.payments import (
    Accepted,
    accept_payment,
    register_payment,
    reject_payment,
    split_slip,
)
from thaki.records.billing.operations.recurring import (
    end_enrolment,
    end_recurring,
    enrol_recurring,
    issue_month,
)
from thaki.records.billing.operations.refunds import credit_refund, pay_refund, refund_case, refund_due

__all__ = [
    "Accepted",
    "Print",
    "Taken",
    "accept_payment",
    "archive_invoices",
    "attach_invoice",
    "clear_payment",
    "close_day",
    "credit_refund",
    "deliver_in_hand",
    "deliver_sent",
    "end_enrolment",
    "end_recurring",
    "enrol_recurring",
    "enter_bill",
    "issue_invoice",
    "issue_month",
    "mark_emailed",
    "pay_bill",
    "pay_refund",
    "print_invoices",
    "refund_case",
    "refund_due",
    "register_payment",
    "reject_payment",
    "split_slip",
    "take_payment",
    "void_invoice",
]
