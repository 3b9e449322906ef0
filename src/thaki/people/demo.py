"""The demo's people, all invented: one login a role and a team for each role that shares a queue.

Their password is known (`backends.DEMO_PASSWORD`), and opens nothing outside a demo.
"""

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db import transaction

from thaki.people.backends import DEMO_PASSWORD
from thaki.people.models import Agency, Team, User
from thaki.people.roles import Role


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person."""

    login: str
    given: str
    family: str
    roles: tuple[Role, ...]
    phone: str
    agency: str = ""


PEOPLE = (
    Person("ejecutivo1", "Marcela", "Terrazas Rocha", (Role.EJECUTIVO_VENTAS_DIGITALES,), "70711001"),
    Person("ejecutivo2", "Rodrigo", "Camacho Vela", (Role.EJECUTIVO_VENTAS_DIGITALES,), "70711002"),
    Person("ejecutivo3", "Noelia", "Choque Arnez", (Role.EJECUTIVO_VENTAS_DIGITALES,), "70711003"),
    Person("helpdesk1", "Iván", "Orellana Paz", (Role.AGENTE_HELP_DESK,), "70711004"),
    Person("helpdesk2", "Gabriela", "Siles Montaño", (Role.AGENTE_HELP_DESK,), "70711005"),
    Person("cobranzas1", "Hugo", "Balderrama Soto", (Role.ENCARGADO_COBRANZAS,), "70711006"),
    Person("cajero1", "Lidia", "Fernández Cossío", (Role.CAJERO,), "70711007", "Agencia Central"),
    Person("facturacion1", "Wilson", "Mamani Torrico", (Role.DIVISION_FACTURACION,), "70711008"),
    Person("canales1", "Patricia", "Quiroga Zambrana", (Role.RESPONSABLE_CANALES_DIGITALES,), "70711009"),
    Person("ventas1", "Jorge", "Antezana Claure", (Role.RESPONSABLE_VENTAS_DIGITALES,), "70711010"),
    Person("jefeventas1", "Ximena", "Urquidi Baldivieso", (Role.JEFE_DIVISION_VENTAS,), "70711011"),
    Person("asesor1", "Daniela", "Rivero Escalera", (Role.ASESOR_COMERCIAL,), "70711012"),
    Person("supervisor1", "Freddy", "Guzmán Aguilar", (Role.SUPERVISOR_CENTRO_OPERACIONES,), "70711013"),
    Person("tecnico1", "Edwin", "Colque Huanca", (Role.TECNICO_MULTISERVICIOS,), "70711014"),
    Person("incidentes1", "Carla", "Morales Vidal", (Role.SEGUIMIENTO_INCIDENTES,), "70711015"),
    Person("calidad1", "Sergio", "Peredo Lazarte", (Role.CALIDAD_RELACIONES,), "70711016"),
    Person("retencion1", "Verónica", "Saavedra Ustáriz", (Role.RESPONSABLE_RETENCION,), "70711017"),
    Person("jeferelacion1", "Óscar", "Villarroel Prado", (Role.JEFE_RELACION_CLIENTE,), "70711018"),
    Person("jeferecursos1", "Beatriz", "Jaldín Mérida", (Role.JEFE_RECURSOS,), "70711019"),
    Person("gerencia1", "Ramiro", "Anaya Céspedes", (Role.GERENCIA_COMERCIAL,), "70711020"),
    Person("procesos1", "Silvia", "Ledezma Ovando", (Role.GESTION_CALIDAD,), "70711021"),
    Person("solicitudes1", "Elba", "Rocabado Flores", (Role.GESTION_SOLICITUDES,), "70711023"),
    Person("soluciones1", "Martín", "Caero Heredia", (Role.SOLUCION_INCIDENTES,), "70711024"),
    Person("tecnico2", "Rolando", "Mercado Ayala", (Role.TECNICO_MULTISERVICIOS,), "70711025"),
    Person("tecnico3", "Wilma", "Condori Apaza", (Role.TECNICO_MULTISERVICIOS,), "70711026"),
    Person("admin1", "Mauricio", "Arce Velasco", (Role.ADMINISTRADOR,), "70711022"),
)
# (team, its role, the supervisor's login)
TEAMS = (
    ("Ventas Digitales", Role.EJECUTIVO_VENTAS_DIGITALES, "canales1"),
    ("Help Desk", Role.AGENTE_HELP_DESK, ""),
    ("Cobranzas", Role.ENCARGADO_COBRANZAS, ""),
    ("Cajas", Role.CAJERO, ""),
    ("Facturación", Role.DIVISION_FACTURACION, ""),
    ("Atención y Retención", Role.ASESOR_COMERCIAL, "retencion1"),
    ("Técnicos Multiservicios", Role.TECNICO_MULTISERVICIOS, "supervisor1"),
)


@transaction.atomic
def ensure_people() -> list[User]:
    """Make the people and teams that are not there yet; who is there stays as he is. Returns all, in PEOPLE's order."""
    known = {user.username: user for user in User.objects.filter(username__in=[p.login for p in PEOPLE])}
    if len(known) < len(PEOPLE):
        shared = make_password(DEMO_PASSWORD)  # hashed once: it is the same for all
        named = {person.agency for person in PEOPLE if person.agency}
        Agency.objects.bulk_create([Agency(name=name) for name in named], ignore_conflicts=True)
        fresh = [_user(person, shared) for person in PEOPLE if person.login not in known]
        known |= {user.username: user for user in User.objects.bulk_create(fresh)}
        _teams(known)
    return [known[person.login] for person in PEOPLE]


def _user(person: Person, password: str) -> User:
    return User(
        username=person.login,
        first_name=person.given,
        last_name=person.family,
        email=f"{person.login}@comteco.example",
        roles=[role.value for role in person.roles],
        phone=person.phone,
        office_id=person.agency or None,
        password=password,
    )


def _teams(users: dict[str, User]) -> None:
    for name, role, supervisor in TEAMS:
        team, _made = Team.objects.get_or_create(
            name=name, defaults={"role": role.value, "supervisor": users.get(supervisor)}
        )
        for user in users.values():
            if role.value in user.roles and user.team_id is None:
                user.team = team
                user.save(update_fields=["team"])
