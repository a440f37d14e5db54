"""The sweeper: deletes bytes no row refers to, older than a day, while nobody writes (DECISIONS 21)."""

from __future__ import annotations

from django.db import connection, transaction

from cancilleria.kernel.documents.intake import UPLOADS_LOCK
from cancilleria.kernel.documents.models import Blob
from cancilleria.services.store.files import FileStore

DAY_SECONDS = 24 * 3600.0


def sweep(store: FileStore, *, older_than: float = DAY_SECONDS) -> list[str]:
    """Remove rows of bytes without a version, then files without a row. Returns the digests of the files removed."""
    removed = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [UPLOADS_LOCK])
        old = list(store.older_than(older_than))
        Blob.objects.filter(pk__in=old, versions=None).delete()
        kept = set(Blob.objects.filter(pk__in=old).values_list("pk", flat=True))
        removed = [sha256 for sha256 in old if sha256 not in kept]
        for sha256 in removed:
            store.delete(sha256)
    return removed
