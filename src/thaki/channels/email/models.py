"""Mails that left, or are to leave, on behalf of a case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from thaki.people.quick import Quick


class OutboundMail(Quick):
    """One mail as it is sent: written with the case's move, handed to the SMTP server by a worker afterwards."""

    case = models.ForeignKey("cases.Case", null=True, blank=True, on_delete=models.CASCADE, related_name="mails")
    key = models.CharField(max_length=200, unique=True)  # of the effect: twice is once
    message_id = models.CharField(max_length=120, unique=True)
    to = models.EmailField()
    cc = ArrayField(models.EmailField(), default=list, blank=True)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField(blank=True)
    calendar = models.TextField(blank=True)  # an iCalendar object to attach
    documents = models.ManyToManyField("documents.Document", blank=True, related_name="+")
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (
            models.Index(fields=("case", "created_at"), name="email_mail_of_case"),
            models.Index(fields=("created_at",), condition=Q(sent_at=None), name="email_mail_to_send"),
        )

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
