"""Whose signature is known, for which document, and who had to certify before."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.utils import translation

from cancilleria.domains.apostille.models import AskedSpecimen, Certifier, Party, Specimen
from cancilleria.domains.apostille.models.registers import AUTHORITY, FOREIGN_CONSUL, OWN_CONSUL
from cancilleria.domains.apostille.queries.verification import find_legalisation
from cancilleria.domains.apostille.rules import Membership, Part, Tenure, parse_parts
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.documents.pages import picture
from cancilleria.kernel.documents.queries import latest
from cancilleria.kernel.documents.rules import SignatureState, UnknownSigner, Valid
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.people.rules import fold

MOST_CANDIDATES = 6


def membership(state: str) -> Membership | None:
    found = Party.objects.filter(pk=state).first()
    return Membership(found.state, found.in_force_on, found.with_us_on, found.objection) if found else None


def authority_for(state: SignatureState) -> Specimen | None:
    """The registered holder of the certificate that signed, if any: who held it on the day of the signature, else the last."""
    if not isinstance(state, Valid | UnknownSigner):
        return None
    known = Specimen.objects.select_related("entity").filter(fingerprint=state.signer.fingerprint, withdrawn=False)
    held = list(known.order_by("-valid_from"))
    signed_on = getattr(state, "signed_on", "")
    return next((s for s in held if s.valid_from.isoformat() <= signed_on), held[0] if held else None)


def tenure_for(state: SignatureState) -> Tenure | None:
    found = authority_for(state)
    return tenure_of(found) if found else None


def tenure_of(found: Specimen) -> Tenure:
    return Tenure(found.key, found.fingerprint, found.valid_from, found.valid_to, found.withdrawn)


def current(found: Specimen) -> Specimen:
    """The row that took its place when it was wrong, or itself."""
    while (later := Specimen.objects.filter(replaces=found).select_related("entity").first()) is not None:
        found = later
    return found


def specimen(key: str) -> Specimen | None:
    return Specimen.objects.select_related("entity", "signature", "seal").filter(pk=key).first()


def search(text: str, *, among: QuerySet[Specimen] | None = None) -> QuerySet[Specimen]:
    """Rows whose name, capacity or entity hold every word of the text, those in office first."""
    found = (Specimen.objects.filter(withdrawn=False) if among is None else among).select_related("entity")
    for word in fold(text).split():
        found = found.filter(words__contains=word)
    return found.order_by(F("valid_to").desc(nulls_first=True), "words", "pk")


def eligible(case: Case) -> QuerySet[Specimen]:
    """Signatures that a case's procedure may certify. Of a consul of ours, who signed the legalisation that was named."""
    found = Specimen.objects.filter(withdrawn=False)
    match case.procedure:
        case "legalisation_consul":
            return found.filter(kind=AUTHORITY, state=case.answers["origin"])
        case "legalisation_inward":
            prior = find_legalisation(case.answers.get("consular_number", ""))
            if prior is None:
                return found.filter(kind=FOREIGN_CONSUL)
            return found.filter(kind=OWN_CONSUL, organ=prior.entry.organ, posting__in=["", prior.entry.actor])
    return found.filter(kind=AUTHORITY, state__in=[ministry().country, ""])


def candidates(case: Case, text: str) -> list[Specimen]:
    """Of those, the ones the words find; all when they find none, so that nobody is missed for a spelling."""
    those = eligible(case)
    found = search(text, among=those)
    return list(
        (found if found.exists() else search("", among=those)).select_related("signature", "seal")[:MOST_CANDIDATES]
    )


def matches(case: Case, text: str) -> bool:
    """Whether any eligible signature has those words."""
    return search(text, among=eligible(case)).exists()


def parts_of(case: Case) -> list[Part]:
    """Who signed the document and who certified it after, in order; the last one is what this ministry certifies."""
    return parse_parts(case.answers.get("parts", "")) or []


def certifiers_of(kind: str) -> list[str]:
    """Who must have certified this kind of document before, in the reader's language."""
    english = (translation.get_language() or "es").startswith("en")
    return list(Certifier.objects.filter(kind=kind).values_list("name_en" if english else "name_es", flat=True))


def waiting_for(found: Specimen) -> list[AskedSpecimen]:
    """Cases that waited for this signature."""
    return list(found.answers.select_related("case__entry"))


def image_of(found: Document | None) -> bytes | None:
    """JPEG of a specimen's signature or seal."""
    version = latest(found) if found else None
    return picture(version) if version else None
