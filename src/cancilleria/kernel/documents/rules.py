"""What a file may be, and what is known of its signature. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PUBLIC, RESERVED, CONFIDENTIAL, SECRET = "publico", "reservado", "confidencial", "secreto"
CLASSIFICATIONS = (PUBLIC, RESERVED, CONFIDENTIAL, SECRET)
MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 200
MEDIA_TYPES: Mapping[str, bytes] = {"application/pdf": b"%PDF-"}
# How a scanned page begins: JPEG, PNG, TIFF of both byte orders.
IMAGES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"II*\x00", b"MM\x00*")

REFUSALS: Mapping[str, StrOrPromise] = {
    "empty": _("El archivo está vacío. Elija otra vez el documento y adjúntelo."),
    "too_big": _(
        "El archivo pesa más de 10 MB. Pida a la entidad una versión más ligera: reducirlo quitaría su firma."
    ),
    "media_type": _("El archivo no es un PDF. Adjunte el PDF firmado digitalmente que le entregó la entidad."),
    "unreadable": _(
        "El PDF está dañado y no se puede leer. Descárguelo otra vez de la entidad que lo emitió y adjúntelo."
    ),
    "encrypted": _("El PDF pide una contraseña. Solicite a la entidad una versión sin contraseña y adjúntela."),
    "active": _(
        "El PDF lleva programas o archivos ejecutables dentro y no se admite. Solicite a la entidad una versión sin ellos."
    ),
    "too_long": _("El PDF tiene más de 200 páginas. Preséntelo en una oficina, donde se recibe en partes."),
    "not_a_scan": _("Adjunte un solo PDF, o las páginas como imágenes JPEG, PNG o TIFF."),
    "mixed": _(
        "El archivo lleva otra cosa además del PDF. Descárguelo otra vez de la entidad que lo emitió y adjúntelo tal como está."
    ),
    "flood": _("Las imágenes son demasiado grandes. Digitalícelas a 300 puntos por pulgada y adjúntelas otra vez."),
    "too_costly": _("El PDF es demasiado complejo para revisarlo en línea. Preséntelo en una oficina."),
    "malicious": _("El archivo lleva un programa dañino y no se admite. Avise a la entidad que se lo entregó."),
    "unchecked": _("Ahora no se puede revisar el archivo. No se guardó nada: inténtelo otra vez en unos minutos."),
}


class Refused(ValueError):
    """The file is not taken in. `code` is a key of REFUSALS; `message` says what to do, in the reader's language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        return str(REFUSALS[self.code])


@dataclass(frozen=True)
class Signer:
    """Who signed a received document, as its certificate says."""

    name: str
    organisation: str
    title: str
    issuer: str
    fingerprint: str
    valid_from: str
    valid_to: str


@dataclass(frozen=True)
class Unsigned:
    """No digital signature at all: a scan, for instance."""


@dataclass(frozen=True)
class Broken:
    """There is a signature and the file changed after it, or it does not hold."""


@dataclass(frozen=True)
class UnknownSigner:
    """The signature holds, under an authority nobody registered."""

    signer: Signer


@dataclass(frozen=True)
class Valid:
    """The signature covers the whole file and leads to a registered authority. `signed_on` is an ISO date or empty."""

    signer: Signer
    signed_on: str


SignatureState = Unsigned | Broken | UnknownSigner | Valid
_STATES: Mapping[str, type[Unsigned] | type[Broken]] = {"unsigned": Unsigned, "broken": Broken}


@dataclass(frozen=True)
class Inspection:
    """What reading a file told."""

    pages: int
    signature: SignatureState

    def as_json(self) -> dict[str, object]:
        state = self.signature
        found: dict[str, object] = {"pages": self.pages}
        match state:
            case Unsigned():
                return found | {"signature": "unsigned"}
            case Broken():
                return found | {"signature": "broken"}
            case UnknownSigner(signer):
                return found | {"signature": "unknown", "signer": asdict(signer)}
            case Valid(signer, signed_on):
                return found | {"signature": "valid", "signer": asdict(signer), "signed_on": signed_on}


def inspection_from(found: Mapping[str, object]) -> Inspection:
    """The inverse of `as_json`. Raises KeyError or TypeError on anything else."""
    pages, kind, signer = int(str(found["pages"])), str(found["signature"]), found.get("signer")
    if kind in _STATES:
        return Inspection(pages, _STATES[kind]())
    if not isinstance(signer, dict):
        raise TypeError("an inspected signature names its signer")
    if kind == "valid":
        return Inspection(pages, Valid(Signer(**signer), str(found["signed_on"])))
    return Inspection(pages, UnknownSigner(Signer(**signer)))


def is_image(data: bytes) -> bool:
    """Whether it begins as an image of a page does."""
    return data.startswith(IMAGES)


def media_type_of(data: bytes) -> str:
    """By content, never by name. Raises Refused for anything that is not on the list, empty or too big."""
    if not data:
        raise Refused("empty")
    if len(data) > MAX_BYTES:
        raise Refused("too_big")
    for media_type, start in MEDIA_TYPES.items():
        if data.startswith(start):
            return media_type
    raise Refused("media_type")
