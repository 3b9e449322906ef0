"""Places and speeds: pure rules of the network."""

from __future__ import annotations

from math import cos, radians

ACCESS_TECHNOLOGIES = ("FO", "HFC", "ADSL", "WIRELESS")
REFERENCE_LAT = -17.39  # Cochabamba; the whole metropolitan area lies within 0.2 degrees of it
LONGITUDE_SCALE = round(cos(radians(REFERENCE_LAT)), 9)
