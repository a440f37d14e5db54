"""The signed file of a certificate, and the one with its time stamp, kept by the worker."""

from __future__ import annotations

import uuid

from django.db import transaction

from cancilleria.domains.apostille import queries
from cancilleria.domains.apostille.models import Apostille, Legalisation
from cancilleria.kernel.cases.actions import make_ready
from cancilleria.kernel.cases.models import Case
from cancilleria.kernel.cases.rules import NOTIFIED
from cancilleria.kernel.documents.intake import add_version
from cancilleria.kernel.documents.models import SIGNED, STAMPED, Document, Version
from cancilleria.kernel.documents.rules import PUBLIC
from cancilleria.kernel.organs.authority import Actor
from cancilleria.kernel.register.actions import record
from cancilleria.kernel.register.doors import tasks
from cancilleria.kernel.register.models import FOLLOWS
from cancilleria.kernel.register.verbs import Verb
from cancilleria.services.signing.verbs import DOCUMENT_RENEWED, DOCUMENT_SIGNED, DOCUMENT_STAMPED, Signed

SIGN_TASK, STAMP_TASK, RENEW_TASK = "apostille.sign", "apostille.stamp", "apostille.renew"
TITLES = {"apostille": "Apostilla", "legalisation": "Legalización"}


@transaction.atomic
def keep_signed(*, actor: Actor, certificate: Apostille | Legalisation, data: bytes) -> Document | None:
    """Keep the signed file and record its digest; the applicant is told it is ready (DECISIONS 3).

    None when an erasure came first: it holds the same row, so that one of the two waits for the other.
    """
    held = type(certificate).objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if held.document is not None:
        return held.document
    if queries.is_withheld(held):
        return None
    kind = queries.purpose_of(certificate.entry)
    title = f"{TITLES[kind]} {queries.number_of(certificate.entry)}"
    document = Document.objects.create(key=uuid.uuid4(), title=title, classification=PUBLIC)
    _keep_version(actor, certificate, document, data, SIGNED, DOCUMENT_SIGNED)
    type(certificate).objects.filter(pk=certificate.pk).update(document=document)
    if Case.objects.get(pk=certificate.case_id).state == NOTIFIED:
        make_ready(actor=actor, case=certificate.case)
    tasks().defer(STAMP_TASK, **{kind: str(certificate.pk)})
    return document


@transaction.atomic
def keep_stamped(*, actor: Actor, certificate: Apostille | Legalisation, data: bytes) -> None:
    """Keep the file with its document time stamp as a further version."""
    held = type(certificate).objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if held.document is None or queries.is_withheld(held) or held.document.versions.filter(kind=STAMPED).exists():
        return
    _keep_version(actor, certificate, held.document, data, STAMPED, DOCUMENT_STAMPED)


@transaction.atomic
def keep_renewed(*, actor: Actor, certificate: Apostille | Legalisation, data: bytes, former: Version) -> bool:
    """Keep the file with its archive time stamp; False when `former` is no longer its newest version (DECISIONS 3)."""
    held = type(certificate).objects.select_for_update(of=("self",)).get(pk=certificate.pk)
    if held.document is None or queries.downloadable(held) != former:
        return False
    _keep_version(actor, certificate, held.document, data, STAMPED, DOCUMENT_RENEWED)
    return True


def _keep_version(
    actor: Actor, certificate: Apostille | Legalisation, document: Document, data: bytes, kind: str, verb: Verb
) -> None:
    version = add_version(document, data, kind=kind)
    subjects = [f"case:{certificate.case_id}", f"{queries.purpose_of(certificate.entry)}:{certificate.pk}"]
    record(
        verb, organ=certificate.case.organ, zone=certificate.case.zone, actor=actor.key, facts=Signed(size=len(data)),
        documents=[version.blob_id], relation=(FOLLOWS, certificate.entry_id), subjects=subjects,
    )  # fmt: skip
