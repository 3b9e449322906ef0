"""The tables of reporting."""

from thaki.reporting.imports.models import Import, ImportProfile, ImportRow

__all__ = ["Import", "ImportProfile", "ImportRow"]
