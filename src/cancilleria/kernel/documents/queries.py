"""Reads of documents. Whoever calls has already decided that the viewer may see the case they belong to."""

from __future__ import annotations

from cancilleria.kernel.documents.doors import blobs
from cancilleria.kernel.documents.models import Document, Version
from cancilleria.kernel.documents.rules import Inspection, Unsigned, inspection_from


def latest(document: Document, *, kind: str | None = None) -> Version | None:
    """The newest version, of a kind when one is named."""
    found = document.versions.select_related("blob").order_by("-number")
    return (found.filter(kind=kind) if kind else found).first()


def content(version: Version) -> bytes:
    """Its bytes. Raises FileNotFoundError when the store lost them: the checker names such a version."""
    return blobs().get(version.blob_id)


def inspection_of(document: Document) -> Inspection:
    """What was read in the file as received; nothing, when it was destroyed by an act."""
    first = document.versions.select_related("blob").filter(number=1).first()
    found = first.blob.inspection if first else None
    return inspection_from(found) if found else Inspection(0, Unsigned())
