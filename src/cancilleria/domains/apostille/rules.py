"""When a document may be apostilled. Pure: tables and frozen values, no Django beyond its messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from cancilleria.kernel.documents.rules import Broken, SignatureState, UnknownSigner, Unsigned, Valid
from cancilleria.kernel.people.rules import fold

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# Convention, article 1: what is a public document (a to d), and what the Convention does not reach.
KINDS: Mapping[str, StrOrPromise] = {
    "court": _("Documento de un juzgado o de una fiscalía"),
    "administrative": _("Documento administrativo: certificado de estudios, antecedentes, constancia"),
    "civil_registry": _("Partida o certificado del registro civil"),
    "notarial": _("Documento notarial"),
    "official_certificate": _("Certificación oficial puesta sobre un documento privado"),
}
EXCLUDED: Mapping[str, tuple[StrOrPromise, StrOrPromise]] = {
    "consular": (
        _("Documento extendido por un agente diplomático o consular"),
        _(
            "El Convenio no se aplica a los documentos de agentes diplomáticos o consulares (artículo 1). "
            "Preséntelo ante la misión del país de destino para su legalización."
        ),
    ),
    "commercial": (
        _("Documento administrativo de una operación comercial o aduanera"),
        _(
            "El Convenio no se aplica a los documentos que tratan directamente de una operación comercial o aduanera "
            "(artículo 1). Consulte con la cámara de comercio o con la aduana del país de destino."
        ),
    ),
    "private": (
        _("Documento privado, sin certificación"),
        _(
            "Un documento privado no se apostilla. Llévelo antes a un notario: la apostilla certificará entonces la firma "
            "del notario."
        ),
    ),
}
SIGNATURE_PROBLEMS: Mapping[str, StrOrPromise] = {
    "unsigned": _(
        "El archivo no tiene firma digital: parece una foto o un escaneo. Pida a la entidad el documento electrónico "
        "firmado, o presente el original en papel en una oficina de este Ministerio."
    ),
    "broken": _(
        "La firma digital no corresponde al archivo: el documento cambió después de firmarse. Descárguelo otra vez de la "
        "entidad y adjúntelo sin abrirlo con otro programa."
    ),
    "unknown_signer": _(
        "La firma digital es de una autoridad de certificación que este Ministerio no tiene registrada. Pida a la entidad "
        "que firme con su certificado oficial, o presente el original en una oficina de este Ministerio."
    ),
    "not_registered": _(
        "La firma es válida, pero la persona que firma no figura en el registro de autoridades de este Ministerio. La "
        "entidad debe registrar su firma; mientras tanto, presente el documento en una oficina de este Ministerio."
    ),
    "out_of_date": _(
        "Quien firma figura en el registro, pero no ejercía el cargo en la fecha de la firma. Pida a la entidad que emita "
        "el documento con la firma de la autoridad en ejercicio."
    ),
    "undated": _(
        "La firma digital no dice cuándo se hizo y no se puede comprobar si la autoridad ejercía el cargo. Pida a la entidad "
        "que firme de nuevo el documento con fecha."
    ),
}
BATCH_PROBLEMS: Mapping[str, StrOrPromise] = {
    "other_entity": _(
        "Firma una persona que figura en el registro con otra entidad. Envíe cada documento en el lote de su entidad."
    ),
    "unlisted": _("El archivo no figura en manifest.csv. Añada su línea y repita el envío."),
}
BULK_PROBLEMS: Mapping[str, StrOrPromise] = {
    "changed": _("El documento ya no cumple las condiciones. Ábralo para ver por qué."),
    "attended": _("Otra persona lo atendió antes."),
    "no_authority": _("Quien ordenó ya no tiene la facultad de apostillar aquí."),
}
DESTINATION_PROBLEMS: Mapping[str, StrOrPromise] = {
    "not_party": _(
        "Ese país no es parte del Convenio de La Haya: la apostilla no vale allí. Solicite la legalización del documento y "
        "preséntelo después ante la misión de ese país."
    ),
    "objection": _(
        "El Convenio no está en vigor entre ese país y el nuestro, porque uno de los dos objetó la adhesión del otro. "
        "Solicite la legalización del documento."
    ),
    "not_yet": _(
        "El Convenio todavía no ha entrado en vigor con ese país. Solicite la legalización del documento, o espere a la "
        "fecha de entrada en vigor."
    ),
    "own": _("Un documento de este Ministerio no necesita apostilla para valer en nuestro propio país."),
}
PAPER_PROBLEMS: Mapping[str, StrOrPromise] = {
    "withdrawn": _("Esa firma se corrigió en el registro: elija la que la sustituye."),
    "out_of_date": _(
        "Quien firma figura en el registro, pero no ejercía el cargo en la fecha de la firma. Elija la firma de quien lo "
        "ejercía, o deniegue la solicitud con este motivo."
    ),
}
LEGALISATION_PROBLEMS: Mapping[str, StrOrPromise] = {
    "private": EXCLUDED["private"][1],
    "own": _("Elija el otro país: un documento que se queda en su país no se legaliza."),
    "apostille": _(
        "El Convenio de La Haya está en vigor entre ese país y el nuestro: este documento lleva apostilla, no "
        "legalización. La pone la autoridad del país que lo emitió."
    ),
}
PRIOR_PROBLEMS: Mapping[str, StrOrPromise] = {
    "unknown": _(
        "No hay una legalización consular con ese número. Léalo otra vez en el documento, por ejemplo 2026-CG-000123."
    ),
    "not_in_force": _("Esa legalización consular fue corregida o anulada. Pida a la persona la que está vigente."),
}


@dataclass(frozen=True)
class Membership:
    """A State's place in the Convention, seen from ours. `with_us_on` is empty while an objection stands."""

    state: str
    in_force_on: date | None
    with_us_on: date | None
    objection: bool


@dataclass(frozen=True)
class Tenure:
    """A known signature: with which certificate, from when to when, and whether the row was wrong."""

    key: str
    fingerprint: str
    valid_from: date
    valid_to: date | None
    withdrawn: bool = False

    def held_office(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Part:
    """One signature on a document, as the officer at the window read it: the signer's, or of who certified that one."""

    name: str
    capacity: str
    entity: str


@dataclass(frozen=True)
class Comparison:
    """What the officer says to have compared; a document may bear no seal."""

    signature: bool
    capacity: bool
    seal: bool
    no_seal: bool = False

    @property
    def whole(self) -> bool:
        return self.signature and self.capacity and (self.seal or self.no_seal)


def destination_problem(found: Membership | None, *, state: str, own: str, on: date) -> str:
    """A key of DESTINATION_PROBLEMS, or empty when the Convention is in force with us that day."""
    if state == own:
        return "own"
    if found is None or found.in_force_on is None:
        return "not_party"
    if found.objection or found.with_us_on is None:
        return "objection"
    return "" if found.with_us_on <= on else "not_yet"


def signature_problem(state: SignatureState, specimen: Tenure | None) -> str:
    """A key of SIGNATURE_PROBLEMS, or empty when the signature is valid and of an authority in office that day."""
    match state:
        case Unsigned():
            return "unsigned"
        case Broken():
            return "broken"
        case UnknownSigner():
            return "unknown_signer"
        case Valid(_, signed_on):
            if specimen is None:
                return "not_registered"
            if not signed_on:
                return "undated"
            return "" if specimen.held_office(date.fromisoformat(signed_on)) else "out_of_date"


def kind_problem(kind: str) -> StrOrPromise:
    """Why a kind of document is out of the Convention's scope; empty when it is within."""
    return EXCLUDED[kind][1] if kind in EXCLUDED else ""


def paper_problem(specimen: Tenure, signed_on: date) -> str:
    """A key of PAPER_PROBLEMS, or empty when the specimen holds for a signature of that day."""
    if specimen.withdrawn:
        return "withdrawn"
    return "" if specimen.held_office(signed_on) else "out_of_date"


def legalisation_problem(kind: str, destination: str) -> str:
    """A key of LEGALISATION_PROBLEMS, or empty. `destination` is what `destination_problem` said of the other State.

    What the Convention reaches is apostilled, by whichever of the two States issued it; the rest is legalised.
    """
    if kind == "private":
        return "private"
    if destination == "own":
        return "own"
    return "apostille" if not destination and kind not in EXCLUDED else ""


def parse_parts(text: str) -> list[Part] | None:
    """Signatures in their order, one a line: name; capacity; entity. None when a line has not those three."""
    lines = [line for line in text.splitlines() if line.strip()]
    split = [[piece.strip() for piece in line.split(";")] for line in lines]
    if any(len(pieces) != 3 or not all(pieces) for pieces in split):
        return None
    return [Part(*pieces) for pieces in split]


def missing_certifiers(parts: Sequence[Part], demanded: Sequence[str]) -> list[str]:
    """Of the certifiers demanded in order, those whose name no later signature's entity holds."""
    rest, missing = [fold(part.entity) for part in parts[1:]], []
    for certifier in demanded:
        at = next((n for n, entity in enumerate(rest) if fold(certifier) in entity), None)
        if at is None:
            missing.append(certifier)
        else:
            rest = rest[at + 1 :]
    return missing
