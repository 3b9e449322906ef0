"""The first-visit tour: a few stops on *Mi trabajo*, for the person's own post; asked for again from Ayuda.

Whether somebody has seen it (or skipped it) is kept with the person, so another machine does not begin it anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from thaki.people.roles import Role

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise

    from thaki.people.models import User

    Words = str | _StrPromise

ASKED = "recorrido"  # in the address: show it although it was seen
OFFER = True  # tests of other things switch it off: nobody shows a robot around


@dataclass(frozen=True, slots=True)
class Stop:
    """One thing that is pointed at."""

    target: str  # selectors; the first that is on the screen is lit up, none of them is no harm
    title: Words
    text: Words


# What the day of each post is about, and where most of it is done besides Mi trabajo: (text, address, title of that stop, text).
POSTS: dict[Role, tuple[Words, str, Words, Words]] = {
    Role.EJECUTIVO_VENTAS_DIGITALES: (
        _("Aquí están sus prospectos y sus ventas, lo más urgente primero: los pasos 1 a 6, 8 a 11 y 21 a 24."),
        "/ventas/prospectos/",
        _("Prospectos"),
        _("Todos sus prospectos, según cuánto avanzaron, y la agenda de sus llamadas."),
    ),
    Role.AGENTE_HELP_DESK: (
        _("Aquí llegan las revisiones de capacidad, el paso 7, la más urgente primero."),
        "/casos/",
        _("Casos"),
        _("Cualquier solicitud, por si le preguntan por una que ya respondió."),
    ),
    Role.ENCARGADO_COBRANZAS: (
        _("Aquí llegan los depósitos por validar, el paso 12, y las devoluciones."),
        "/ventas/depositos/validar/",
        _("Validar depósitos"),
        _("Uno tras otro, con el comprobante al lado de lo que muestra la cuenta. Se acepta con una tecla."),
    ),
    Role.CAJERO: (
        _("Aquí llegan las facturas de su agencia: imprimir, archivar y entregar, pasos 16 y 17."),
        "/ventas/caja/",
        _("Caja: facturas"),
        _("La cola de su agencia. Imprima todas las que esperan en un solo PDF."),
    ),
    Role.DIVISION_FACTURACION: (
        _("Aquí llegan las ventas pospago por inscribir, el paso 18."),
        "/ventas/control-recurrente/",
        _("Control recurrente"),
        _("Quién debe pagar este mes, quién pagó y quién no."),
    ),
    Role.RESPONSABLE_CANALES_DIGITALES: (
        _("Aquí llegan las solicitudes no atendidas y las ventas por redigitar, pasos 19 y 20."),
        "/ventas/no-atendidas/",
        _("Solicitudes no atendidas"),
        _("La demanda que no se atendió, en lista, mapa y gráfico."),
    ),
    Role.RESPONSABLE_VENTAS_DIGITALES: (
        _("Aquí llegan las ventas por cerrar y el informe del mes, pasos 25 y 26."),
        "/ventas/seguimiento/",
        _("Seguimiento de órdenes"),
        _("Cada venta por el estado de su orden. El informe de T.I. se trae desde ahí."),
    ),
    Role.JEFE_DIVISION_VENTAS: (
        _("Aquí ve lo más atrasado de su equipo y las ventas del mes contra la meta."),
        "/tablero/",
        _("Tablero"),
        _("El indicador, su pronóstico y las metas, de una mirada."),
    ),
    Role.ASESOR_COMERCIAL: (
        _("Aquí llegan quienes quieren irse, los VIP primero: los pasos 1 a 5 y 11 a 14."),
        "/casos/",
        _("Casos"),
        _("Los suyos siguen su camino sin usted: la visita y los controles. Aquí ve por dónde van."),
    ),
    Role.SUPERVISOR_CENTRO_OPERACIONES: (
        _("Aquí llegan las órdenes de 24 horas por repartir e imprimir, el paso 6."),
        "/retencion/ordenes/",
        _("Órdenes de 24 horas"),
        _("Una columna por técnico, con el tiempo que le queda a cada orden."),
    ),
    Role.TECNICO_MULTISERVICIOS: (
        _("Aquí están las visitas que le asignaron, pasos 7 y 8."),
        "/terreno/",
        _("Visitas en el teléfono"),
        _("Sus visitas en el celular, también sin señal: se envían solas cuando vuelve."),
    ),
    Role.SEGUIMIENTO_INCIDENTES: (
        _("Aquí llegan los controles de calidad, el paso 9, dos días después de cada orden."),
        "/retencion/control/calidad/",
        _("Control de calidad"),
        _("La lista de hoy con el guion de la llamada. El resultado es una tecla."),
    ),
    Role.CALIDAD_RELACIONES: (
        _("Aquí llegan los controles de los 30 días, el paso 10."),
        "/retencion/control/reiterados/",
        _("Control de reiterados"),
        _("Los reclamos desde la visita ya están buscados: llame solo donde el reporte no dice nada."),
    ),
    Role.RESPONSABLE_RETENCION: (
        _("Aquí llega lo que espera su autorización, y lo que se atrasa en su equipo."),
        "/retencion/bajas/",
        _("Indicador de bajas"),
        _("Las bajas del mes contra las del anterior, y por qué se van."),
    ),
    Role.GERENCIA_COMERCIAL: (
        _("Aquí llega la evaluación del mes, el paso 15, y las reincidencias por decidir."),
        "/retencion/evaluacion/",
        _("Evaluación de la retención"),
        _("Lo que cada oferta logró, mes por mes."),
    ),
    Role.GESTION_CALIDAD: (
        _("Si algo le toca, llega aquí. Lo suyo, sobre todo, son los procedimientos."),
        "/procedimientos/",
        _("Procedimientos"),
        _("Lo firmado, el diagrama y el programa son un mismo archivo. Aquí se lee, se compara y se publica."),
    ),
    Role.ADMINISTRADOR: (
        _("Si algo le toca, llega aquí. Lo suyo, sobre todo, es preparar el sistema para los demás."),
        "/administracion/",
        _("Administración"),
        _("Personas, calendario, planes, textos: todo lo que se configura sin tocar archivos."),
    ),
}
# A page's line at the side; on a telephone the bar at the bottom, or the way to the drawer.
PLACE = "#menu a[href='{0}'], .tk-bottom a[href='{0}'], .tk-bottom a[href='#menu']"
ANY_POST = _("Aquí llega lo que le toca hacer, lo más urgente primero.")
NEXT = Stop(
    "[data-key='n'], .tk-head a[href='/equipo/']",
    _("Lo siguiente, con una tecla"),
    _(
        "«Tomar la siguiente» abre la tarea más urgente. Con el teclado es la n; y al terminar un paso suyo, "
        "el que sigue se abre solo."
    ),
)
TEAM = Stop(
    ".tk-head a[href='/equipo/']",
    _("Su equipo"),
    _(
        "Todas las tareas de las personas a su cargo: quién las tiene y cuánto llevan esperando. Desde ahí se reasignan."
    ),
)
SEARCH = Stop(
    ".tk-search",
    _("Buscar cualquier cosa"),
    _("Pulse / en cualquier página y escriba un nombre, un celular, un carnet o un número de caso."),
)
CASE = Stop(
    "[data-rows] a[data-row], .tk-open a",
    _("La página del caso"),
    _(
        "Al abrir una tarea verá los pasos con su número, el formulario al medio y los datos del cliente al lado. "
        "Lo que escribe se guarda solo."
    ),
)
HELP = Stop(
    ".tk-top .tk-menu > summary",
    _("Ayuda, cuando quiera"),
    _("En este menú está la guía de su cargo, con imágenes. Y la tecla ? muestra las teclas de cada página."),
)


def offered(request: HttpRequest) -> bool:
    """Whether this page should begin the tour: a first visit, or somebody asked for it."""
    return ASKED in request.GET or (OFFER and request.user.is_authenticated and request.user.toured_at is None)


def stops(user: User, *, leads: bool) -> list[Stop]:
    """The tour of a person; `leads` has no queue but a team."""
    post = next((POSTS[role] for role in POSTS if role.value in user.roles), None)
    found = [Stop("#contenido h1", _("Mi trabajo"), post[0] if post else ANY_POST), TEAM if leads else NEXT]
    if post:
        found.append(Stop(PLACE.format(post[1]), post[2], post[3]))
    return [*found, CASE, SEARCH, HELP]
