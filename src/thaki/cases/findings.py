"""What is wrong with a procedure, in words that its owner understands.

The engine gives codes (`engine.findings.CODES`, and the codes of `BpmnError`); the sentences are here, so that they can be
translated. A sentence speaks of steps by their number and name and of facts by their labels, never of tokens or markings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from thaki.cases.unreadable import SENTENCES
from thaki.engine.bpmn import BpmnError
from thaki.engine.findings import Finding
from thaki.engine.procedure import Flow, Node, NodeKind, Procedure, Trigger

__all__ = ["say", "say_path", "say_unreadable", "say_way"]

_KINDS = {
    NodeKind.START_EVENT: gettext_lazy("el inicio"),
    NodeKind.END_EVENT: gettext_lazy("el fin"),
    NodeKind.CATCH_EVENT: gettext_lazy("la espera"),
    NodeKind.THROW_EVENT: gettext_lazy("el evento"),
    NodeKind.BOUNDARY_EVENT: gettext_lazy("el evento de borde"),
    NodeKind.SUB_PROCESS: gettext_lazy("el subproceso"),
    NodeKind.CALL_ACTIVITY: gettext_lazy("la llamada"),
    NodeKind.EXCLUSIVE_GATEWAY: gettext_lazy("la decisión"),
    NodeKind.INCLUSIVE_GATEWAY: gettext_lazy("la decisión inclusiva"),
    NodeKind.PARALLEL_GATEWAY: gettext_lazy("la compuerta paralela"),
    NodeKind.EVENT_BASED_GATEWAY: gettext_lazy("la compuerta de eventos"),
}
_TASK = gettext_lazy("el paso")


def say(finding: Finding, procedure: Procedure) -> str:
    """The sentence for a finding."""
    return _contracted(_SAY[finding.code](finding, procedure))


def say_path(finding: Finding, procedure: Procedure) -> str:
    """The shortest way to what was found: "Camino más corto: Inicio → 1. Gestiona …"; "" when there is none."""
    return say_way(_short(node, procedure) for node in finding.path) if finding.path else ""


def say_unreadable(error: BpmnError) -> str:
    """Why a file cannot be read as a procedure, and at which element."""
    sentence = str(SENTENCES[error.code]) % error.params
    if not error.element_id:
        return sentence
    return _("%(sentence)s (Elemento «%(id)s».)") % {"sentence": sentence, "id": error.element_id}


def say_way(names: Iterable[str]) -> str:
    """A way, in a line of its own."""
    return _("Camino más corto: %(way)s") % {"way": " → ".join(names)}


def _contracted(sentence: str) -> str:
    """Spanish joins "a el" and "de el", which come about where a name is put into a sentence."""
    return sentence.replace(" a el ", " al ").replace(" de el ", " del ")


# -- names -----------------------------------------------------------------------------------------------------------------


def _bare(node: Node) -> str:
    """A node's name without the number that the signed procedure writes before it."""
    return node.name.removeprefix(f"{node.step}.").lstrip() if node.step else node.name


def _short(node_id: str, procedure: Procedure) -> str:
    """A node within a path: its number and name, or what it is."""
    node = procedure.nodes[node_id]
    number = f"{node.step}. " if node.step else ""
    if node.name:
        return f"{number}{_bare(node)}"
    return f"{number}{_KINDS.get(node.kind, _TASK)} {node.id}"


def _the(node_id: str, procedure: Procedure) -> str:
    """A node within a sentence: what it is, its number, name and id."""
    node = procedure.nodes[node_id]
    name = f" «{_bare(node)}»" if node.name else ""
    number = f" {node.step}" if node.step else ""
    return f"{_KINDS.get(node.kind, _TASK)}{number}{name} ({node.id})"


def _flow(flow: Flow, procedure: Procedure) -> str:
    """A way on: its name, or where it leads."""
    return f"«{flow.name}»" if flow.name else _("el que va a %(node)s") % {"node": _the(flow.target, procedure)}


def _facts(text: str, procedure: Procedure) -> str:
    """ "offer=no capacity=yes" in the words of the facts' labels."""
    said = []
    for pair in text.split():
        name, _sign, value = pair.partition("=")
        fact = procedure.facts[name]
        said.append(_("«%(fact)s» es «%(value)s»") % {"fact": fact.label, "value": fact.values[value]})
    return _(" y ").join(said)


# -- sentences -------------------------------------------------------------------------------------------------------------

Say = Callable[[Finding, Procedure], str]


def _about_node(sentence: object) -> Say:
    """A sentence about one node, with the finding's particulars."""

    def said(finding: Finding, procedure: Procedure) -> str:
        the = _the(finding.node, procedure)
        words = {"the": the, "The": the[:1].upper() + the[1:], **finding.params}
        return str(sentence) % words

    return said


def _about_lane(sentence: object) -> Say:
    def said(finding: Finding, procedure: Procedure) -> str:
        lane = procedure.lanes[finding.node]
        return str(sentence) % {"lane": lane.name or lane.id, **finding.params}

    return said


def _gap(finding: Finding, procedure: Procedure) -> str:
    return _("En %(the)s ningún camino vale cuando %(facts)s%(share)s.") % _choice(finding, procedure)


def _overlap(finding: Finding, procedure: Procedure) -> str:
    flows = [_flow(procedure.flows[each], procedure) for each in finding.params["flows"].split()]
    return _("En %(the)s vale más de un camino (%(flows)s) cuando %(facts)s%(share)s.") % {
        **_choice(finding, procedure),
        "flows": _(" y ").join(flows),
    }


def _choice(finding: Finding, procedure: Procedure) -> Mapping[str, str]:
    count = int(finding.params["count"])
    share = ngettext(
        " (%(count)s de %(all)s combinación posible)", " (%(count)s de %(all)s combinaciones posibles)", count
    ) % {"count": count, "all": finding.params["combinations"]}
    return {
        "the": _the(finding.node, procedure),
        "facts": _facts(finding.params["facts"], procedure) or _("siempre"),
        "share": share if count > 1 else "",
    }


def _never_true(finding: Finding, procedure: Procedure) -> str:
    flow = procedure.flows[finding.params["flow"]]
    return _("En %(the)s hay un camino que nunca se toma: %(flow)s. Su condición no se cumple con ningún dato.") % {
        "the": _the(finding.node, procedure),
        "flow": _flow(flow, procedure),
    }


def _waits(finding: Finding, procedure: Procedure) -> str:
    joins = [_the(each, procedure) for each in finding.params["joins"].split()] or [_the(finding.node, procedure)]
    words = {"joins": _(" y ").join(joins)}
    if finding.code == "token_left":
        return _("El caso llega a un fin, pero otra parte suya se queda esperando para siempre en %(joins)s.") % words
    return (
        _("El caso se queda esperando para siempre en %(joins)s: algo que allí se espera ya no puede llegar.") % words
    )


def _dead(finding: Finding, procedure: Procedure) -> str:
    node = procedure.nodes[finding.node]
    if node.trigger in (Trigger.ERROR, Trigger.ESCALATION):
        return _about_node(gettext_lazy("%(The)s nunca ocurre: nada produce lo que espera."))(finding, procedure)
    return _about_node(gettext_lazy("Ningún caso llega nunca a %(the)s."))(finding, procedure)


def _never_ends(finding: Finding, procedure: Procedure) -> str:
    if not finding.node:
        return _("Ningún caso puede llegar a un fin.")
    return _about_node(
        gettext_lazy("Después de %(the)s el caso sigue dando vueltas y ya no puede llegar a ningún fin.")
    )(finding, procedure)


def _too_large(finding: Finding, _procedure: Procedure) -> str:
    return _(
        "El procedimiento tiene demasiadas situaciones posibles: se probaron %(states)s y quedan otras sin probar. "
        "Por eso no se puede asegurar que todo caso termine."
    ) % dict(finding.params)


_SAY: Mapping[str, Say] = {
    "lane_without_role": _about_lane(gettext_lazy("El carril «%(lane)s» no dice de qué cargo es.")),
    "role_unknown": _about_lane(gettext_lazy("El carril «%(lane)s» es de un cargo que no existe: «%(role)s».")),
    "no_lane": _about_node(gettext_lazy("%(The)s no está en ningún carril: nadie lo haría.")),
    "no_handler": _about_node(gettext_lazy("%(The)s no dice qué hace el sistema allí (thaki:handler).")),
    "handler_unknown": _about_node(gettext_lazy("%(The)s pide «%(handler)s», que el sistema no sabe hacer.")),
    "called_unknown": _about_node(gettext_lazy("%(The)s llama al procedimiento «%(called)s», que no existe.")),
    "message_unknown": _about_node(
        gettext_lazy("%(The)s espera el mensaje «%(message)s», que nada del sistema envía ni recibe.")
    ),
    "moment_unknown": _about_node(
        gettext_lazy("%(The)s cuenta desde «%(moment)s», un momento que el registro del caso no tiene.")
    ),
    "timer_unbounded": _about_node(
        gettext_lazy("El reloj de %(the)s se repite sin límite (%(value)s): diga cuántas veces, por ejemplo «R5/P1D».")
    ),
    "timer_at_once": _about_node(gettext_lazy("El reloj de %(the)s no espera nada (%(value)s).")),
    "gap": _gap,
    "overlap": _overlap,
    "never_true": _never_true,
    "too_many_combinations": _about_node(
        gettext_lazy(
            "%(The)s depende de demasiados datos: %(combinations)s combinaciones, y se prueban hasta %(limit)s."
        )
    ),
    "stuck": _waits,
    "token_left": _waits,
    "never_ends": _never_ends,
    "twice": _about_node(
        gettext_lazy(
            "El caso puede estar dos veces a la vez en %(the)s: dos ramas llegan allí sin haberse juntado antes."
        )
    ),
    "endless_loop": _about_node(
        gettext_lazy("El caso puede dar vueltas por %(the)s sin parar: en esa vuelta no se espera a nadie.")
    ),
    "dead_step": _dead,
    "too_large": _too_large,
}
