"""Django application `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, teams, roles, absences and policies."""

    name = "thaki.people"
    label = "people"
