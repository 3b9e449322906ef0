"""The structured answers of steps 1 to 8: what the forms offer and what the sale keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UseType(models.TextChoices):
    """Tipo de uso (GVD 4.1)."""

    BROWSING = "browsing", _("Navegación y redes sociales")
    STREAMING = "streaming", _("Películas y series")
    STUDY = "study", _("Estudio")
    TELEWORK = "telework", _("Teletrabajo")
    GAMING = "gaming", _("Juegos en línea")
    HOME_BUSINESS = "home_business", _("Negocio en el domicilio")


class BrowsingHours(models.TextChoices):
    """Horarios de navegación (GVD 4.1)."""

    MORNING = "morning", _("Por la mañana")
    AFTERNOON = "afternoon", _("Por la tarde")
    NIGHT = "night", _("Por la noche")
    WEEKENDS = "weekends", _("Fines de semana")
    ALL_DAY = "all_day", _("Todo el día")


class WantedKind(models.TextChoices):
    """What the customer asks for; the values are those of `offers.Plan.Kind`."""

    INTERNET = "internet", _("Internet")
    TV = "tv", _("Televisión")
    TELEPHONY = "telephony", _("Telefonía")
    PACKAGE = "package", _("Paquete")


class CapacityReason(models.TextChoices):
    """Why Help Desk says that there is no capacity (GVD 7.1)."""

    NO_COVERAGE = "no_coverage", _("Sin cobertura en la ubicación")
    OUT_OF_REACH = "out_of_reach", _("Fuera del alcance del punto de acceso")
    NO_PORTS = "no_ports", _("Sin puertos libres")
    LINE_PARAMETERS = "line_parameters", _("Los parámetros de línea no lo soportan")
    SATURATED = "saturated", _("Red saturada en la zona")
    OTHER = "other", _("Otro motivo")


class RefusalReason(models.TextChoices):
    """Why the customer does not accept the Oferta Comercial (GVD 8)."""

    PRICE = "price", _("La tarifa es alta")
    INSTALLATION_COST = "installation_cost", _("El costo de instalación es alto")
    SPEED = "speed", _("La velocidad no le alcanza")
    TECHNOLOGY = "technology", _("Quiere otra tecnología")
    COMPETITOR = "competitor", _("Eligió a la competencia")
    NO_LONGER_NEEDED = "no_longer_needed", _("Ya no lo necesita")
    LATER = "later", _("Lo dejará para más adelante")
    OTHER = "other", _("Otro motivo")


class WithdrawalReason(models.TextChoices):
    """Why the customer withdraws between 9 and 12 (R-A7)."""

    COMPETITOR = "competitor", _("Eligió a la competencia")
    NO_MONEY = "no_money", _("No puede pagar ahora")
    MOVING = "moving", _("Se muda")
    DELAY = "delay", _("La atención demoró")
    CHANGED_MIND = "changed_mind", _("Cambió de opinión")
    OTHER = "other", _("Otro motivo")


class SendBy(models.TextChoices):
    """How the Carta Comercial reaches the customer (GVD 8)."""

    EMAIL = "email", _("Correo electrónico")
    WHATSAPP = "whatsapp", _("WhatsApp")
    LINK = "link", _("Enlace del cliente")
    READ = "read", _("Se la leí por teléfono")


class AnnulReason(models.TextChoices):
    """Why an order is annulled (GVD 25)."""

    KEYING_ERROR = "keying_error", _("Error de digitación")
    NO_FACILITIES = "no_facilities", _("Sin facilidades al instalar")
    CUSTOMER_DESISTED = "customer_desisted", _("El cliente desistió de la instalación")
    CUSTOMER_ABSENT = "customer_absent", _("No se encontró al cliente")
    WRONG_ADDRESS = "wrong_address", _("Dirección equivocada")
    DUPLICATED = "duplicated", _("Solicitud duplicada")
    OTHER = "other", _("Otro motivo")


def label_of(choices: type[models.TextChoices], code: str) -> str:
    """The words of a code; "" for one that the choices do not have."""
    return str(choices(code).label) if code in choices.values else ""
