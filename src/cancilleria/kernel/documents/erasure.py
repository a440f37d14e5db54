"""Destroying documents: their versions, then the bytes that nobody else refers to, at once and not by the sweeper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from django.db import connection, transaction

from cancilleria.kernel.documents.doors import blobs
from cancilleria.kernel.documents.intake import UPLOADS_LOCK
from cancilleria.kernel.documents.models import Blob, Document, Version


def destroy(documents: Iterable[Document]) -> Sequence[str]:
    """Empty the documents and return the digests of the files that go with their last reference. Call inside the act's transaction.

    The row of a document stays, without title or versions, because acts refer to it. Files leave the disk after commit;
    whoever uploads the same bytes meanwhile waits for this transaction and writes them anew.
    """
    keys = [document.pk for document in documents]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UPLOADS_LOCK])
    held = set(Version.objects.filter(document__in=keys).values_list("blob", flat=True))
    Version.objects.filter(document__in=keys).delete()
    Document.objects.filter(pk__in=keys).update(title="")
    gone = sorted(Blob.objects.filter(pk__in=held, versions=None).values_list("pk", flat=True))
    Blob.objects.filter(pk__in=gone).delete()
    transaction.on_commit(partial(_remove, gone))
    return gone


def _remove(gone: list[str]) -> None:
    """Under the uploads' lock again: bytes that came back in between have a row, and stay."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UPLOADS_LOCK])
        back = set(Blob.objects.filter(pk__in=gone).values_list("pk", flat=True))
        for sha256 in gone:
            if sha256 not in back:
                blobs().delete(sha256)
