"""Bringing a folder in: child processes read ahead, one transaction for each document, told as it goes.

Nothing of the run lives outside the database: cut at any moment, the same command goes on where it was.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from django.utils import translation

from cancilleria.domains.apostille import actions, queries
from cancilleria.domains.apostille.models import Batch, BatchItem
from cancilleria.domains.apostille.models.batches import IN
from cancilleria.kernel.cases.queries import number_of, tracking_code
from cancilleria.kernel.documents.intake import inspect, remembered
from cancilleria.kernel.documents.rules import MAX_BYTES, Inspection, Refused, media_type_of
from cancilleria.kernel.people.models import Entity
from cancilleria.site.batches.folder import Listed, digest_of

NEW, AGAIN, REFUSED = "admitido", "ya estaba", "no admitido"


@dataclass(frozen=True)
class Line:
    """What became of a file: its case and code, or the reason."""

    name: str
    result: str
    number: str = ""
    code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class _Reading:
    """A file on its way: its bytes, and what a child process is reading in them."""

    listed: Listed
    sha256: str = ""
    data: bytes = b""
    found: Future[Inspection] | None = None
    fault: str = ""
    code: str = ""


def bring_in(entity: Entity, key: str, files: Sequence[Listed]) -> Generator[Line, None, None]:
    """Bring every file in, or say why not; in the order given. The reasons are in Spanish, as the institution is told."""
    who = queries.institution(entity)
    with translation.override("es"):
        batch = actions.open_batch(actor=who, entity=entity, key=key, documents=len(files))
        try:
            for reading in _ahead(batch, files):
                yield _bring(batch, reading)
        finally:
            actions.close_batch(actor=who, batch=batch)


def _ahead(batch: Batch, files: Sequence[Listed]) -> Iterator[_Reading]:
    """Files in their order, a few of them being read while the one before is written."""
    processes = os.cpu_count() or 1
    with ThreadPoolExecutor(processes) as pool:
        waiting: deque[_Reading] = deque()
        try:
            for listed in files:
                waiting.append(_start(batch, listed, pool))
                if len(waiting) > 2 * processes:
                    yield waiting.popleft()
            yield from waiting
        finally:
            pool.shutdown(cancel_futures=True)


def _start(batch: Batch, listed: Listed, pool: ThreadPoolExecutor) -> _Reading:
    if listed.fault:
        return _Reading(listed, fault=listed.fault)
    try:
        sha256 = digest_of(listed.path)
        if BatchItem.objects.filter(batch=batch, sha256=sha256, state=IN).exists():
            return _Reading(listed, sha256)
        # One byte more than is allowed tells that it is too big, without holding it whole.
        with listed.path.open("rb") as source:
            data = source.read(MAX_BYTES + 1)
        media_type_of(data)
    except OSError:
        return _Reading(listed, fault="No se pudo abrir. Revise sus permisos y repita la orden.")
    except Refused as refused:
        return _Reading(listed, sha256, code=refused.code, fault=refused.message)
    known = remembered(sha256)
    if known is None:
        return _Reading(listed, sha256, data, pool.submit(inspect, data))
    found: Future[Inspection] = Future()
    found.set_result(known)
    return _Reading(listed, sha256, data, found)


def _bring(batch: Batch, reading: _Reading) -> Line:
    name = reading.listed.path.name
    if reading.fault and not reading.code:
        return Line(name, REFUSED, reason=reading.fault)
    item = BatchItem.objects.select_related("case__entry").filter(batch=batch, sha256=reading.sha256, state=IN).first()
    if item is not None:
        return _told(name, AGAIN, item)
    return _told(name, NEW, _take(batch, name, reading))


def _take(batch: Batch, name: str, reading: _Reading) -> BatchItem:
    who = queries.institution(batch.entity)
    code, fault = reading.code, reading.fault
    if reading.found is not None:
        try:
            found = reading.found.result()
            file = actions.ReadFile(name, reading.sha256, reading.data, found)
            return actions.take_document(actor=who, batch=batch, file=file, answers=reading.listed.answers)
        except Refused as refused:
            code, fault = refused.code, refused.message
    return actions.refuse_document(
        actor=who, batch=batch, name=name, sha256=reading.sha256, code=code, reason=fault
    )  # fmt: skip


def _told(name: str, result: str, item: BatchItem) -> Line:
    if item.case is None:
        return Line(name, REFUSED, reason=item.reason)
    return Line(name, result, number_of(item.case), tracking_code(item.case.pk))
