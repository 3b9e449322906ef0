"""Django application `withdrawals`."""

from django.apps import AppConfig


class WithdrawalsConfig(AppConfig):
    """Commercial records: bajas."""

    name = "thaki.records.withdrawals"
    label = "withdrawals"
