"""Bank accounts of the cooperative, with the QR that customers read."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from thaki.people.access import StaffRequest, staff
from thaki.procedures.sales.bank_qr import account_qr, account_text
from thaki.records.billing.models import BankAccount
from thaki.records.billing.operations import accounts
from thaki.records.reasons import RuleError
from thaki.web.admin import changes, subjects
from thaki.web.admin.index import ACCOUNT_READERS, ADMINISTRATOR

NUMBER = re.compile(r"\d(?:[\d-]{3,28})\d")
SAMPLE = Decimal("399.00")
SAMPLE_REFERENCE = "GVD-2026-000123"


class AccountForm(forms.ModelForm):
    """An account as the bank names it."""

    class Meta:
        model = BankAccount
        fields = ("bank", "number", "holder", "currency")
        labels = {
            "bank": lazy("Banco"),
            "number": lazy("Número de cuenta"),
            "holder": lazy("Titular"),
            "currency": lazy("Moneda"),
        }
        widgets = {"currency": forms.Select(choices=[("BOB", lazy("Bolivianos")), ("USD", lazy("Dólares"))])}

    def clean_number(self) -> str:
        """Digits and dashes."""
        number = str(self.cleaned_data["number"]).replace(" ", "")
        if not NUMBER.fullmatch(number):
            raise forms.ValidationError(_("El número de cuenta lleva entre 5 y 30 dígitos; puede llevar guiones."))
        return number


@staff(*ACCOUNT_READERS)
@require_safe
def account_list(request: StaffRequest) -> HttpResponse:
    """Every account, those in use first."""
    rows = BankAccount.objects.order_by("-active", "bank", "number")
    return render(request, "web/admin/accounts.html", {"rows": rows, "may_change": _may(request)})


@staff(*ACCOUNT_READERS)
def account_edit(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    """A new account, or one that there is with its QR and its history."""
    account = get_object_or_404(BankAccount, pk=pk) if pk else BankAccount()
    if not _may(request) and (pk is None or request.method == "POST"):
        raise PermissionDenied
    bound = request.method == "POST"
    # A form writes into its own copy of the row: the operation looks at what there was.
    form = AccountForm(request.POST or None, instance=BankAccount.objects.get(pk=pk) if pk else BankAccount())
    if bound and form.is_valid():
        try:
            accounts.save_account(account, by=request.user, **form.cleaned_data)
        except RuleError as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("Cuenta guardada."))
            return redirect("administration:account", pk=account.pk)
    context: dict[str, Any] = {"form": form, "account": account if pk else None, "may_change": _may(request)}
    if pk:
        shown = BankAccount.objects.get(pk=pk)
        context["events"] = changes.history(subjects.ACCOUNT, pk)
        context["qr"] = mark_safe(account_qr(shown, SAMPLE, SAMPLE_REFERENCE))  # noqa: S308 - SVG of our own making
        context["qr_text"] = account_text(shown, SAMPLE, SAMPLE_REFERENCE)
    return render(request, "web/admin/account.html", context, status=422 if bound else 200)


@staff(*ADMINISTRATOR)
@require_POST
def account_state(request: StaffRequest, pk: int) -> HttpResponse:
    """Show it to customers, or do not any more."""
    get_object_or_404(BankAccount, pk=pk)
    active = request.POST.get("active") == "1"
    try:
        accounts.set_account_active(pk, active=active, by=request.user)
    except RuleError as refused:
        messages.error(request, str(refused))
    else:
        said = _("Los clientes ven la cuenta.") if active else _("Los clientes ya no ven la cuenta.")
        messages.success(request, said)
    return redirect("administration:account", pk=pk)


def _may(request: StaffRequest) -> bool:
    return request.user.has_role(*ADMINISTRATOR)
