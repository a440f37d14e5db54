"""States of the world as rows: ISO 3166 and the specials of Doc 9303, in the file beside."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cancilleria.kernel.organs.profile import Parse, read_csv, text, yes

STATES = Path(__file__).with_name("states.csv")
COLUMNS: Mapping[str, Parse] = {
    "code": text, "alpha3": text, "name_es": text, "name_en": text, "special": yes, "source": text,
}  # fmt: skip


def read_states() -> list[dict[str, object]]:
    """Raises BadProfile naming the line."""
    return list(read_csv(STATES, COLUMNS))
