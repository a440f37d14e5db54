"""The letter by which this ministry asks an entity for a signature that is not on file."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cancilleria.domains.apostille.models import AskedSpecimen
from cancilleria.kernel.cases import queries as cases
from cancilleria.kernel.organs.doors import in_language, ministry
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.queries import name_of
from cancilleria.services.signing.compose import compose

FOLDER = Path(__file__).resolve().parents[1] / "templates" / "apostille"


def ask(found: AskedSpecimen) -> bytes:
    """PDF of the letter. It names the signature and the case's number, and nobody who asked."""
    organ = Organ.objects.get(pk=found.case.organ)
    on = found.entry.performed_at.astimezone(ZoneInfo(organ.zone)).date()
    data = {
        "ministry": in_language(ministry().name), "organ": name_of(organ.key), "entity": found.entity,
        "place": f"{organ.city}, {date_format(on, 'DATE_FORMAT')}", "date": [on.year, on.month, on.day],
        "title": _("Pedido de firma registrada"), "reference": cases.number_of(found.case),
        "reference_label": _("Expediente"), "demonstration": settings.DEMONSTRATION,
        "told": _("Demostración: sin valor."),
        "text": [
            _("Se presentó ante esta oficina un documento con la firma de %(name)s, %(capacity)s, que no figura en nuestro registro.")
            % {"name": found.name, "capacity": found.capacity},
            _("Le pedimos que nos envíe su firma manuscrita y el sello de la entidad, el cargo, y desde qué día y hasta qué día lo ejerce, en un documento firmado por quien pueda acreditarlo."),
            _("El expediente espera su respuesta. Cítelo al contestar."),
        ],
    }  # fmt: skip
    return compose(
        (FOLDER / "letter.typ").read_bytes(), {"data.json": json.dumps(data, ensure_ascii=False).encode()}
    ).data
