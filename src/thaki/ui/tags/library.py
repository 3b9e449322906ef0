"""The one library that every component registers with."""

from django import template

register = template.Library()
