"""Which pages the guide has, and for whom each is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from thaki.people.roles import ROLE_NAMES, Role

TEXTS = Path(__file__).parent / "texts"


@dataclass(frozen=True, slots=True)
class GuidePage:
    """One page of the guide: `texts/<slug>.md`, at `/ayuda/<slug>/`."""

    slug: str
    icon: str
    roles: tuple[Role, ...] = ()  # whose own page it is; none: everybody's

    @property
    def path(self) -> Path:
        """The file with its text."""
        return TEXTS / f"{self.slug}.md"

    @property
    def title(self) -> str:
        """Its first heading, which is the post as the signed procedure names it."""
        return self.path.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")

    @property
    def posts(self) -> str:
        """The posts that it is for."""
        return " · ".join(str(ROLE_NAMES[role]) for role in self.roles)


PAGES = (
    GuidePage("todos", "users"),
    GuidePage("ejecutivo", "phone-call", (Role.EJECUTIVO_VENTAS_DIGITALES,)),
    GuidePage("help-desk", "antenna", (Role.AGENTE_HELP_DESK,)),
    GuidePage("cobranzas", "building-bank", (Role.ENCARGADO_COBRANZAS,)),
    GuidePage("cajas", "receipt", (Role.CAJERO,)),
    GuidePage("facturacion", "repeat", (Role.DIVISION_FACTURACION,)),
    GuidePage("canales-digitales", "map-pin", (Role.RESPONSABLE_CANALES_DIGITALES,)),
    GuidePage("ventas-digitales", "report-analytics", (Role.RESPONSABLE_VENTAS_DIGITALES,)),
    GuidePage("jefatura-de-ventas", "gauge", (Role.JEFE_DIVISION_VENTAS,)),
    GuidePage("asesor-comercial", "user-check", (Role.ASESOR_COMERCIAL,)),
    GuidePage("centro-de-operaciones", "truck-delivery", (Role.SUPERVISOR_CENTRO_OPERACIONES,)),
    GuidePage("tecnico", "tool", (Role.TECNICO_MULTISERVICIOS,)),
    GuidePage("seguimiento-de-incidentes", "phone", (Role.SEGUIMIENTO_INCIDENTES,)),
    GuidePage("calidad-de-relaciones", "clipboard-check", (Role.CALIDAD_RELACIONES,)),
    GuidePage("responsable-retencion", "shield-check", (Role.RESPONSABLE_RETENCION,)),
    GuidePage("gerencia-comercial", "report", (Role.GERENCIA_COMERCIAL,)),
    GuidePage("jefaturas-bajas", "trending-down", (Role.JEFE_RELACION_CLIENTE, Role.JEFE_RECURSOS)),
    GuidePage("bandejas", "inbox", (Role.GESTION_SOLICITUDES, Role.SOLUCION_INCIDENTES)),
    GuidePage("procedimientos", "sitemap", (Role.GESTION_CALIDAD,)),
    GuidePage("administracion", "settings", (Role.ADMINISTRADOR,)),
)


def find(slug: str) -> GuidePage | None:
    """The page of that address."""
    return next((page for page in PAGES if page.slug == slug), None)


def own(roles: Iterable[str]) -> list[GuidePage]:
    """The pages of a person's own posts."""
    held = set(roles)
    return [page for page in PAGES if held.intersection(page.roles)]
