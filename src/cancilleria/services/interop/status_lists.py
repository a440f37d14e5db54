"""The signed, dated list of a day: which numbers were given, and which of them are corrected or annulled (DECISIONS 10).

Books have no gaps: every number of a book from 1 to `last` that `changed` does not name is in force. `{"payload": {...},
"signature": base64}`, signed as the trust list is, with a tag of its own.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import Max
from django.utils import timezone

from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.pads import printed
from cancilleria.kernel.organs.queries import civil_zone
from cancilleria.kernel.register.canonical import NotCanonical, encode
from cancilleria.kernel.register.leaf import instant
from cancilleria.kernel.register.models import Checkpoint, Entry
from cancilleria.kernel.register.note import Signer, VerifierKey
from cancilleria.kernel.register.queries import STATUS_OF
from cancilleria.kernel.register.tiles import Folder

TAG = b"cancilleria/status/v1\n"
NAME = re.compile(r"\d{4}-\d{2}-\d{2}")
# An act waits this long at most between its time and its commit: a day's list is closed no sooner.
GRACE = timedelta(minutes=10)


class BadList(ValueError):
    """The list is damaged, or nobody known signed it."""


def payload_of(books: Sequence[str], day: date, *, now: datetime) -> dict[str, object]:
    """The list of a civil day of the ministry; `final` once nothing of that day can still come."""
    end = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(civil_zone()))
    until = min(end, now)
    newest = Checkpoint.objects.filter(created_at__lte=now).order_by("-size").first()
    codes = dict(Organ.objects.values_list("key", "code"))
    entries = Entry.objects.filter(book__in=books, recorded_at__lt=until)
    given = entries.values("organ", "book", "year").annotate(last=Max("number")).order_by("organ", "book", "year")
    changes = Entry.objects.filter(
        relation__in=list(STATUS_OF), target__book__in=books, recorded_at__lt=until
    ).select_related("target").order_by("target__organ", "target__book", "target__year", "target__number")  # fmt: skip
    return {
        "v": 1, "day": day.isoformat(), "as_of": instant(until), "final": now >= end + GRACE,
        "log": {"size": newest.size, "root": bytes(newest.root).hex()} if newest else {},
        "books": [
            {"organ": row["organ"], "code": codes[row["organ"]], "book": row["book"], "year": row["year"], "last": row["last"]}
            for row in given
        ],
        "changed": [_changed(entry, codes) for entry in changes],
    }  # fmt: skip


def sign(payload: dict[str, object], signer: Signer) -> bytes:
    """The file: the payload with the key that signed it."""
    payload = {**payload, "key": str(signer.verifier())}
    signature = base64.b64encode(signer.key.sign(TAG + encode(payload))).decode()
    return json.dumps({"payload": payload, "signature": signature}, ensure_ascii=False, indent=1).encode()


def read(data: bytes, key: VerifierKey) -> dict[str, object]:
    """The payload of a list signed by that key. Raises BadList."""
    try:
        found = json.loads(data)
        payload, signature = found["payload"], base64.b64decode(found["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, TAG + encode(payload))
    except (ValueError, KeyError, TypeError, binascii.Error, InvalidSignature, NotCanonical) as error:
        raise BadList(type(error).__name__) from error
    if not isinstance(payload, dict) or payload.get("key") != str(key):
        raise BadList("another key")
    return payload


def publish(books: Sequence[str], folder: Path, signer: Signer, *, now: datetime | None = None) -> list[date]:
    """Write today's list, and close those of yesterday and of days the worker was not there; returns the days written."""
    moment = now or timezone.now()
    today = moment.astimezone(ZoneInfo(civil_zone())).date()
    folder.mkdir(exist_ok=True, parents=True)
    written = []
    for day in [*_unfinished(folder, today), today]:
        data = sign(payload_of(books, day, now=moment), signer)
        Folder(folder).publish({f"{day.isoformat()}.json": data})
        written.append(day)
    return written


def days(folder: Path) -> list[str]:
    """Days that have a list, the newest first."""
    return sorted((p.stem for p in folder.glob("*.json") if NAME.fullmatch(p.stem)), reverse=True)


def _unfinished(folder: Path, today: date) -> list[date]:
    """Days before today, from the last that was closed on, whose list is missing or still running."""
    known = [date.fromisoformat(name) for name in days(folder)]
    first = min(known, default=today)
    open_days = (first + timedelta(days=n) for n in range((today - first).days))
    return [day for day in open_days if not _final(folder / f"{day.isoformat()}.json")]


def _final(path: Path) -> bool:
    try:
        return bool(json.loads(path.read_bytes())["payload"]["final"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _changed(entry: Entry, codes: dict[str, str]) -> dict[str, object]:
    target = entry.target
    assert target is not None  # noqa: S101 - the query joins it
    found: dict[str, object] = {
        "number": printed(target.year, codes[target.organ], target.book, target.number or 0), "book": target.book or "",
        "state": STATUS_OF[str(entry.relation)], "at": instant(entry.recorded_at),
    }  # fmt: skip
    if entry.number is not None:
        found["by"] = printed(entry.year, codes[entry.organ], entry.book, entry.number)
    return found
