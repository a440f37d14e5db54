"""What is held about a person as one file: a page to read, the same as data, and their files."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.cases.actions.access import Dossier
from cancilleria.kernel.people.models import Person

ROOMS = {
    "people": _("Persona"), "cases": _("Expedientes"), "drafts": _("Solicitudes sin presentar"), "notices": _("Avisos"),
    "fees": _("Cobros"), "apostille": _("Certificados"), "proposals": _("Actos por confirmar"),
    "imported": _("Actos de sistemas anteriores"),
}  # fmt: skip
# So that two packings of the same are the same file.
MOMENT = (1980, 1, 1, 0, 0, 0)


def pack(found: Dossier, person: Person) -> bytes:
    """A zip with `datos.html`, `datos.json` and `archivos/`."""
    told = {"rows": found.rows, "entries": found.entries, "reads": found.reads, "files": [f.name for f in found.files]}
    context = {
        "person": person, "at": timezone.now(), "entries": found.entries, "reads": found.reads, "files": found.files,
        "rooms": [(ROOMS.get(name, name), [_pairs(row) for row in rows]) for name, rows in found.rows.items() if rows],
    }  # fmt: skip
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        parts = [
            ("datos.html", render_to_string("site/data/dossier.html", context).encode()),
            ("datos.json", json.dumps(told, ensure_ascii=False, indent=1, default=str).encode()),
            *((f"archivos/{file.name}", file.data) for file in found.files),
        ]
        for name, data in parts:
            packed.writestr(zipfile.ZipInfo(name, MOMENT), data, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _pairs(row: Mapping[str, object]) -> list[tuple[str, object]]:
    return [(name, value) for name, value in row.items() if value not in (None, "", {}, [])]
