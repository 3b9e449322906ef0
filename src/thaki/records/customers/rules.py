"""Identity cards, telephones, tax numbers, e-mails and names of customers. Pure."""

from __future__ import annotations

CI_DEPARTMENTS = {
    "BE": "Beni",
    "CB": "Cochabamba",
    "CH": "Chuquisaca",
    "LP": "La Paz",
    "OR": "Oruro",
    "PD": "Pando",
    "PT": "Potosí",
    "SC": "Santa Cruz",
    "TJ": "Tarija",
}
