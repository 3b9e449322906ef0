"""Believable, invented people and places of Cochabamba for the demonstration. Pure: everything comes from the given generator."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, pi, sin
from random import Random

from thaki.records.network.rules import LONGITUDE_SCALE, METRES_A_DEGREE


@dataclass(frozen=True, slots=True)
class Zone:
    """A zone of the metropolitan area and which technologies reach it, thinning outward."""

    name: str
    lat: float
    lon: float
    technologies: tuple[str, ...]
    weight: int  # how many of the demonstration's customers live there, relatively


_ALL = ("FO", "HFC", "ADSL", "WIRELESS")
_RING = ("HFC", "ADSL", "WIRELESS")
_OUT = ("ADSL", "WIRELESS")
ZONES = (
    Zone("Centro", -17.3935, -66.1570, _ALL, 10),
    Zone("Queru Queru", -17.3760, -66.1530, _ALL, 9),
    Zone("Cala Cala", -17.3720, -66.1640, _ALL, 9),
    Zone("Sarco", -17.3800, -66.1790, _ALL, 7),
    Zone("Hipódromo", -17.3880, -66.1760, _ALL, 6),
    Zone("Tupuraya", -17.3770, -66.1420, _ALL, 6),
    Zone("Muyurina", -17.3850, -66.1400, _ALL, 5),
    Zone("Mayorazgo", -17.3640, -66.1650, _ALL, 5),
    Zone("Temporal", -17.3600, -66.1580, _ALL, 5),
    Zone("Las Cuadras", -17.3960, -66.1440, _RING, 5),
    Zone("Jaihuayco", -17.4120, -66.1600, _RING, 5),
    Zone("La Chimba", -17.4020, -66.1800, _RING, 5),
    Zone("Pacata", -17.3690, -66.1260, _RING, 4),
    Zone("Colcapirhua", -17.3870, -66.2370, _OUT, 4),
    Zone("Tiquipaya", -17.3380, -66.2150, _OUT, 4),
    Zone("Sacaba", -17.4040, -66.0400, _OUT, 4),
    Zone("Quillacollo", -17.3980, -66.2780, _OUT, 4),
    Zone("Vinto", -17.4000, -66.3160, ("WIRELESS",), 2),
)

SURNAMES = [
    "Quispe",
    "Mamani",
    "Flores",
    "Vargas",
    "Rojas",
    "Choque",
    "Gutiérrez",
    "Fernández",
    "Condori",
    "Camacho",
    "Terrazas",
    "Zurita",
    "Claros",
    "Arce",
    "Montaño",
    "Ledezma",
    "Orellana",
    "Sejas",
    "Veizaga",
    "Villarroel",
    "Rocha",
    "Soria",
    "Balderrama",
    "Guzmán",
    "Cossío",
    "Peredo",
    "Antezana",
    "Céspedes",
    "Zeballos",
    "Maldonado",
    "Ríos",
    "Torrico",
    "Delgadillo",
    "Siles",
    "Nogales",
    "Ugarte",
    "Lazarte",
    "Vásquez",
    "Ferrufino",
    "Ponce",
    "Mercado",
    "Heredia",
    "Coca",
    "Jaldín",
    "Crespo",
    "Canedo",
    "Herbas",
    "Irigoyen",
    "Salvatierra",
    "Pardo",
    "Méndez",
    "Almendras",
    "Galarza",
    "Escóbar",
    "Chávez",
    "Iriarte",
    "Núñez",
    "Muñoz",
    "Peñaranda",
]
GIVEN_F = [
    "María",
    "Ana",
    "Rosa",
    "Lucía",
    "Carla",
    "Patricia",
    "Silvia",
    "Claudia",
    "Elena",
    "Verónica",
    "Mónica",
    "Gabriela",
    "Daniela",
    "Paola",
    "Roxana",
    "Martha",
    "Sonia",
    "Teresa",
    "Julia",
    "Beatriz",
    "Lidia",
    "Norma",
    "Ximena",
    "Andrea",
    "Natalia",
    "Valeria",
    "Camila",
    "Fabiola",
    "Miriam",
    "Nancy",
    "Shirley",
    "Wendy",
    "Jhoselin",
]
GIVEN_M = [
    "Juan",
    "José",
    "Luis",
    "Carlos",
    "Jorge",
    "Miguel",
    "Rodrigo",
    "Marcelo",
    "Fernando",
    "Ramiro",
    "Edwin",
    "Freddy",
    "Víctor",
    "Hugo",
    "Walter",
    "Oscar",
    "Raúl",
    "Mario",
    "Pablo",
    "Diego",
    "Gonzalo",
    "Iván",
    "Sergio",
    "Álvaro",
    "Mauricio",
    "Rolando",
    "Wilson",
    "Limbert",
    "Grover",
    "Jhonny",
    "Cristian",
    "Gustavo",
    "Alfredo",
    "René",
]
STREETS = (
    "Av. América Este",
    "Av. América Oeste",
    "C. Baptista",
    "C. Jordán",
    "Av. Heroínas",
    "C. Ecuador",
    "Av. Santa Cruz",
    "C. Lanza",
    "Av. Simón López",
    "C. Tarapacá",
    "Av. Villazón",
    "Av. Blanco Galindo",
    "C. Calama",
    "Av. Circunvalación",
    "Psje. Los Jazmines",
    "C. Las Acacias",
    "C. Los Ceibos",
    "Av. Petrolera",
    "C. Uruguay",
    "Av. Melchor Urquidi",
)
REFERENCES = (
    "frente a la cancha",
    "portón verde, segundo piso",
    "a media cuadra de la plazuela",
    "junto a la farmacia",
    "casa de dos pisos, reja negra",
    "pasando el surtidor",
    "esquina de la tienda",
    "edificio blanco, depto. 3B",
    "al lado de la iglesia",
    "",
    "",
)
TRADES = ("Ferretería", "Comercial", "Restaurante", "Consultora", "Clínica", "Librería", "Imprenta", "Transportes")
DEPARTMENTS = ("CB",) * 14 + ("LP", "OR", "PT", "CH", "SC", "")


def pick_zone(rng: Random) -> Zone:
    """A zone, by its weight."""
    return rng.choices(ZONES, weights=[z.weight for z in ZONES])[0]


def near(rng: Random, lat: float, lon: float, within_m: float) -> tuple[float, float]:
    """A place at most so far away, evenly over the disc."""
    distance = within_m * rng.random() ** 0.5
    angle = 2 * pi * rng.random()
    d_lat = distance * cos(angle) / METRES_A_DEGREE
    d_lon = distance * sin(angle) / (METRES_A_DEGREE * LONGITUDE_SCALE)
    return round(lat + d_lat, 6), round(lon + d_lon, 6)


def person(rng: Random) -> tuple[str, str]:
    """(given names, two surnames, father's first)."""
    given = rng.choice(GIVEN_F if rng.random() < 0.5 else GIVEN_M)
    names = GIVEN_F if given in GIVEN_F else GIVEN_M
    if rng.random() < 0.55:
        given += " " + rng.choice([name for name in names if name != given])
    fathers = rng.choice(SURNAMES)
    return given, f"{fathers} {rng.choice([name for name in SURNAMES if name != fathers])}"


def company(rng: Random) -> str:
    """A company's name."""
    return f"{rng.choice(TRADES)} {rng.choice(SURNAMES)} {rng.choice(('S.R.L.', 'Hnos.', '& Cía.'))}"


def address(rng: Random) -> tuple[str, str]:
    """(street and number, reference)."""
    number = rng.randint(12, 2890)
    between = f" entre C. {rng.choice(SURNAMES)} y C. {rng.choice(SURNAMES)}" if rng.random() < 0.15 else ""
    return f"{rng.choice(STREETS)} Nº {number}{between}", rng.choice(REFERENCES)


def mobile(rng: Random) -> str:
    """A mobile number; whether somebody has it cannot be known, so nothing is ever sent to the demonstration's numbers."""
    return f"{rng.choice('67')}{rng.randint(0, 9_999_999):07d}"
