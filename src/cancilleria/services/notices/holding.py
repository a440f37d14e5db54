"""What notices keep about a case: an address, and in an installation without a mail server the message itself in a file."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from cancilleria.kernel.cases.traces import Matter, Rows, Trace
from cancilleria.services.notices.models import Notice


def tell(matter: Matter) -> Rows:
    found = Notice.objects.filter(case__in=matter.cases).order_by("created_at")
    return list(found.values("kind", "recipient", "status", "created_at", "sent_at"))


def erase(matter: Matter) -> int:
    """The addresses; the files written to them go after commit."""
    found = Notice.objects.filter(case__in=matter.cases)
    addresses = set(found.exclude(recipient="").values_list("recipient", flat=True))
    rows = found.exclude(recipient="", problem="").update(recipient="", problem="")
    transaction.on_commit(partial(_remove, addresses))
    return rows


def _remove(addresses: set[str]) -> None:
    """Files of the folder of unsent mail that go to one of these addresses."""
    folder = Path(settings.EMAIL_FILE_PATH)
    wanted = {f"To: {address}".encode() for address in addresses}
    for path in folder.iterdir() if folder.is_dir() and wanted else ():
        if wanted & set(path.read_bytes().splitlines()):
            path.unlink(missing_ok=True)


TRACE = Trace(tell, erase)
