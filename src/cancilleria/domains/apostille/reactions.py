"""What the apostille does when others act: an annulment is confirmed, somebody asks what is held about them or has it erased."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.utils.translation import gettext as translate

from cancilleria.domains.apostille import queries, verbs
from cancilleria.domains.apostille.actions import annul_apostille, annul_legalisation
from cancilleria.domains.apostille.models import Apostille, AskedSpecimen, BatchItem, Legalisation
from cancilleria.kernel.cases.traces import Matter, Rows, Trace
from cancilleria.kernel.documents.models import Document
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.organs.pads import slip_of
from cancilleria.kernel.organs.pairs import Arguments, Overtaken, Paired, Seconded
from cancilleria.kernel.register.actions import Recorded
from cancilleria.kernel.register.queries import status_of


def annul(actor: Actor, subject: str, arguments: Arguments, seconded: Seconded) -> Recorded:
    """Annul as the officer who asked. Raises Overtaken when it was corrected or annulled in between."""
    found, reason = _certificate(subject), arguments["reason"]
    if not status_of(found.entry).in_force:
        raise Overtaken
    if isinstance(found, Legalisation):
        return annul_legalisation(actor=actor, legalisation=found, reason=reason, seconded=seconded)
    return annul_apostille(actor=actor, apostille=found, reason=reason, seconded=seconded)


def tell_annulment(subject: str, arguments: Arguments) -> str:
    found = _certificate(subject)
    given = {"number": queries.number_of(found.entry), "reason": arguments["reason"]}
    if isinstance(found, Legalisation):
        return translate("Anular la legalización %(number)s: %(reason)s") % given
    return translate("Anular la apostilla %(number)s: %(reason)s") % given


def _certificate(subject: str) -> Apostille | Legalisation:
    purpose, _, key = subject.partition(":")
    table = Legalisation if purpose == "legalisation" else Apostille
    found: Apostille | Legalisation = table.objects.select_related("entry", "case").get(pk=uuid.UUID(key))
    return found


PAIRED = {verb.code: Paired(annul, tell_annulment) for verb in (verbs.APOSTILLE_ANNULLED, verbs.LEGALISATION_ANNULLED)}


def _tell(matter: Matter) -> Rows:
    for table in (Apostille, Legalisation):
        for found in table.objects.filter(case__in=matter.cases).select_related("entry"):
            yield {"certificate": queries.number_of(found.entry), **queries.fields_of(found.entry)}
    yield from BatchItem.objects.filter(case__in=matter.cases).values("name")
    yield from AskedSpecimen.objects.filter(case__in=matter.cases).values("name", "capacity", "entity")


def _erase(matter: Matter) -> int:
    """The name of the file as its sender called it, and the signatures asked for. What was certified is public and stays."""
    rows = BatchItem.objects.filter(case__in=matter.cases).exclude(name="").update(name="")
    return rows + AskedSpecimen.objects.filter(case__in=matter.cases).update(name="", capacity="", entity="")


def _files(matter: Matter) -> Iterator[Document]:
    """Originals and certificates: a certificate carries its original inside, so it goes with it."""
    for table in (Apostille, Legalisation):
        certificates = table.objects.filter(case__in=matter.cases)
        # Whoever keeps a signed file holds its row: only after that is it known which files there are.
        list(certificates.select_for_update().values_list("pk"))
        for found in certificates.select_related("entry", "original", "document"):
            yield from (document for document in (found.original, found.document) if document)
            if (slip := slip_of(found.entry)) is not None:
                yield Document.objects.get(pk=slip.sheet)


TRACE = Trace(_tell, _erase, _files)
