"""How bytes come in: checked, kept once, then a row. Nothing official happens here; acts refer to what was kept."""

from __future__ import annotations

import hashlib
import uuid

from django.db import connection, transaction

from cancilleria.kernel.documents import parsing
from cancilleria.kernel.documents.doors import blobs, inspector
from cancilleria.kernel.documents.models import ORIGINAL, Blob, Document, Version
from cancilleria.kernel.documents.rules import RESERVED, Inspection, inspection_from, media_type_of

UPLOADS_LOCK = 0x626C6F62  # "blob": shared by whoever writes bytes, exclusive for the sweeper


def take_in(data: bytes, *, title: str, classification: str = RESERVED) -> Document:
    """Keep a received file as a new document. Raises Refused with what to do, and then nothing is kept.

    The file is on disk before its row exists; bytes already known are not read a second time.
    """
    media_type = media_type_of(data)
    found = known_inspection(data)
    with transaction.atomic():
        document = Document.objects.create(key=uuid.uuid4(), title=title, classification=classification)
        _add(document, data, media_type, ORIGINAL, found)
    return document


def add_version(document: Document, data: bytes, *, kind: str) -> Version:
    """A further version, made by the ministry. Call inside the transaction of the act that makes it."""
    return _add(document, data, "application/pdf", kind, None)


def known_inspection(data: bytes) -> Inspection:
    """What is known of these bytes, or what the child process reads in them now. Raises Refused."""
    reader = inspector()
    known = Blob.objects.filter(pk=_digest(data)).exclude(inspection=None).first()
    if known is not None and known.inspection is not None:
        return inspection_from(known.inspection)
    return parsing.inspect(data, function=reader.function, given=reader.given())


def discard(document: Document) -> None:
    """Drop a document that no act refers to (a draft's). Its bytes go with their last reference, by the sweeper."""
    document.delete()


def _add(document: Document, data: bytes, media_type: str, kind: str, found: Inspection | None) -> Version:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [UPLOADS_LOCK])
    sha256 = blobs().put(data)
    Blob.objects.bulk_create(
        [Blob(sha256=sha256, size=len(data), media_type=media_type, inspection=found.as_json() if found else None)],
        ignore_conflicts=True,
    )
    return Version.objects.create(document=document, number=document.versions.count() + 1, kind=kind, blob_id=sha256)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
