"""`{% load people %}`: what only pages of people need."""

from typing import Any

from django import template
from django.conf import settings

from thaki.people.backends import DEMO_PASSWORD
from thaki.people.demo import PEOPLE
from thaki.people.roles import ROLE_NAMES

register = template.Library()


@register.inclusion_tag("people/demo_logins.html")
def demo_logins() -> dict[str, Any]:
    """In a demo, the invented people to sign in as; nothing elsewhere."""
    people = [(person.login, ROLE_NAMES[person.roles[0]]) for person in PEOPLE] if settings.DEMO else []
    return {"people": people, "password": DEMO_PASSWORD}
