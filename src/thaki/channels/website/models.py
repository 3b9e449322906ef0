"""The customer's link: his only key to his request, since he has no login."""

from django.db import models
from django.db.models import F, Q

from thaki.people.quick import Quick


class CustomerLink(Quick):
    """An address that opens one case to its customer until it expires or is revoked.

    The row holds no token: it is derived from the row's salt with the installation's secret key, so that a copy of the database
    opens nothing, and yet the same address can be shown again to the Ejecutivo who wants to send it once more.
    """

    case = models.ForeignKey("cases.Case", on_delete=models.CASCADE, related_name="links")
    salt = models.CharField(max_length=43, unique=True)  # 256 random bits
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="website_link_lives"),
            models.UniqueConstraint(fields=("case",), condition=Q(revoked_at=None), name="website_link_one_a_case"),
        )

    def __str__(self) -> str:
        return f"link of case {self.case_id}"
