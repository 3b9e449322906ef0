"""`{% load ui %}`: the components and formats that every page is made of. Gallery with each in its states: /galeria/.

Usage of each: docs/reference/components.md. Components with a body are block tags (`{% panel "Título" %}…{% endpanel %}`).
"""

from thaki.ui.tags import boxes, drawn, frame, words
from thaki.ui.tags.library import register

__all__ = ["boxes", "drawn", "frame", "register", "words"]
