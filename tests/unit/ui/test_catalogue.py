"""The tool of the English catalogue finds what is marked."""

import polib

from thaki.config import catalogue


def test_it_finds_the_texts_of_python() -> None:
    source = 'x = _("Uno")\ny = ngettext("%(n)d día", "%(n)d días", n)\nz = pgettext("mes", "Mayo")\nw = _(name)'
    assert sorted(catalogue.python_texts(source)) == [
        ("", "%(n)d día", "%(n)d días"),
        ("", "Uno", ""),
        ("mes", "Mayo", ""),
    ]


def test_it_finds_the_texts_of_templates() -> None:
    source = (
        '{% load i18n %}{% translate "Uno" %}{% blocktranslate with name=user %}Hola, {{ name }}{% endblocktranslate %}'
        '{{ x|default:_("Nadie") }}{% blocktranslate count n=n %}{{ n }} caso{% plural %}{{ n }} casos{% endblocktranslate %}'
    )
    assert set(catalogue.template_texts(source)) == {
        ("", "Uno", ""),
        ("", "Hola, %(name)s", ""),
        ("", "Nadie", ""),
        ("", "%(n)s caso", "%(n)s casos"),
    }


def test_it_tells_a_lost_placeholder() -> None:
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="Hola, %(name)s", msgstr="Hello"))
    entries.append(polib.POEntry(msgid="Adiós", msgstr="Goodbye"))
    assert [entry.msgid for entry in catalogue.inconsistent(entries)] == ["Hola, %(name)s"]


def test_it_tells_what_has_no_english() -> None:
    entries = polib.POFile()
    entries.append(polib.POEntry(msgid="Adiós", msgstr=""))
    assert [entry.msgid for entry in catalogue.missing(entries)] == ["Adiós"]
