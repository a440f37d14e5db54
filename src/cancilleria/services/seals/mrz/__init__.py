"""Machine readable zones (Doc 9303, parts 3 to 7): compose and parse TD1, TD2, TD3, MRV-A and MRV-B."""

from cancilleria.services.seals.mrz.formats import FORMATS, MRV_A, MRV_B, TD1, TD2, TD3, Format
from cancilleria.services.seals.mrz.names import Name, read_names, write_names
from cancilleria.services.seals.mrz.transliteration import transliterate
from cancilleria.services.seals.mrz.zone import Zone, check_digit, compose, parse

__all__ = [
    "FORMATS", "MRV_A", "MRV_B", "TD1", "TD2", "TD3", "Format", "Name", "Zone", "check_digit", "compose", "parse",
    "read_names", "transliterate", "write_names",
]  # fmt: skip
