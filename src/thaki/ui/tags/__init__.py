"""The components behind `{% load ui %}`, by kind."""
