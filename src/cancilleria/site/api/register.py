"""The public register, its log, and the signed lists of each day."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from ninja import Path, Query, Router

from cancilleria.kernel.register.doors import log_origin
from cancilleria.kernel.register.models import Entry, Leaf
from cancilleria.kernel.register.queries import IN_FORCE, STATUS_OF, cosigned, head, receipt_for, sentence_of
from cancilleria.kernel.register.verbs import verbs
from cancilleria.services.interop.paging import MOST, BadCursor, cursor_of, place_of
from cancilleria.services.interop.problems import Problem
from cancilleria.services.interop.status_lists import NAME, days
from cancilleria.site.api.shapes.catalogue import PageOf
from cancilleria.site.api.shapes.register import CheckpointShape, Proof, RegisterEntry, StatusDays

router = Router(tags=["register"])
LARGEST_INDEX = 2**63 - 1


@router.get(
    "/register", response=PageOf[RegisterEntry], url_name="api_register", summary=_("Registro público de actos")
)
def register(
    request: HttpRequest,
    verb: str = Query("", max_length=60),
    organ: str = Query("", max_length=60),
    cursor: str = "",
    limit: int = Query(50, ge=1, le=MOST),
) -> PageOf[RegisterEntry]:
    """Open acts, the newest first: all, those of a verb, those of an organ."""
    found = _open(verb).filter(**({"organ": organ} if organ else {}))
    if cursor:
        found = found.filter(pk__lt=_uuid(place_of(cursor, 1)[0]))
    rows = list(found.order_by("-pk")[: limit + 1])
    following = cursor_of(rows[limit - 1].pk) if len(rows) > limit else None
    return PageOf[RegisterEntry](items=_entries(rows[:limit]), next=following)


@router.get("/register/{uuid:entry}", response=RegisterEntry, url_name="api_entry", summary=_("Un acto"))
def entry(request: HttpRequest, entry: uuid.UUID) -> RegisterEntry:
    """One open act. An act that is not open is not found."""
    found = list(_open().filter(pk=entry))
    if not found:
        raise Problem("not-found")
    return _entries(found)[0]


@router.get(
    "/log/checkpoint", response=CheckpointShape, url_name="api_checkpoint", summary=_("Punto de control del registro")
)
def checkpoint(request: HttpRequest) -> CheckpointShape:
    """The newest signed head of the log with the cosignatures it has."""
    found = checkpoint_shape()
    if found is None:
        raise Problem("not-found")
    return found


@router.get("/log/entries/{int:index}", response=Proof, url_name="api_proof", summary=_("Prueba de un asiento"))
def proof(request: HttpRequest, index: int = Path(..., ge=0, le=LARGEST_INDEX)) -> Proof:
    """The hash of a leaf and its receipt: what proves, without this server, that it is in the log."""
    leaf = Leaf.objects.filter(origin=log_origin(), index=index).first()
    receipt = receipt_for(leaf.entry_id) if leaf else None
    if leaf is None or receipt is None:
        raise Problem("not-found")
    return Proof(index=index, leaf_hash=bytes(leaf.leaf_hash).hex(), receipt=receipt.decode())


@router.get("/status-lists", response=StatusDays, url_name="api_status_days", summary=_("Días con lista de estado"))
def status_days(request: HttpRequest) -> StatusDays:
    """Days that have a signed list, the newest first."""
    return StatusDays(days=days(settings.HOME / "estado"))


@router.get(
    "/status-lists/{day}", response={200: dict}, url_name="api_status_list", summary=_("Lista de estado de un día")
)
def status_list(request: HttpRequest, day: str) -> HttpResponse:
    """The signed list of a day, byte by byte as it was published at `/estado/`."""
    path = settings.HOME / "estado" / f"{day}.json"
    if not NAME.fullmatch(day) or not path.is_file():
        raise Problem("not-found")
    return HttpResponse(path.read_bytes(), content_type="application/json")


def checkpoint_shape() -> CheckpointShape | None:
    """None before the log's first head."""
    newest = head()
    if newest is None:
        return None
    root = bytes(newest.root).hex()
    return CheckpointShape(origin=newest.origin, size=newest.size, root=root, note=str(cosigned(newest)))


def _open(verb: str = "") -> QuerySet[Entry]:
    shown = [found.code for found in verbs if found.open and verb in ("", found.code)]
    columns = (
        "verb", "organ", "book", "year", "number", "performed_at", "recorded_at", "leaf_hash", "public", "facts", "log_leaf__index"
    )  # fmt: skip
    return Entry.objects.filter(verb__in=shown).select_related("log_leaf").only(*columns)


def _entries(rows: list[Entry]) -> list[RegisterEntry]:
    """With what became of each, in one query for all."""
    after = Entry.objects.filter(target__in=[row.pk for row in rows], relation__in=STATUS_OF).values_list(
        "target", "relation"
    )
    status = {target: STATUS_OF[str(relation)] for target, relation in after}
    return [
        RegisterEntry(
            id=row.pk, verb=row.verb, sentence=sentence_of(row), organ=row.organ,
            book=row.book, year=row.year, number=row.number, performed_at=row.performed_at, recorded_at=row.recorded_at,
            status=status.get(row.pk, IN_FORCE), index=row.log_leaf.index if hasattr(row, "log_leaf") else None,
            leaf_hash=bytes(row.leaf_hash).hex(),
        )
        for row in rows
    ]  # fmt: skip


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise BadCursor(text) from error
