"""The log of this installation: its keys, status, static copy, trust list and check."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.actions import note_closed_log
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.doors import official
from cancilleria.kernel.organs.models import Organ
from cancilleria.kernel.organs.verbs import ClosedLog
from cancilleria.kernel.register import checker, doors, recovery
from cancilleria.kernel.register.note import COSIGNATURE, Checkpoint, Note, Signer, VerifierKey
from cancilleria.kernel.register.queries import head, receipt_for
from cancilleria.kernel.register.tiles import all_paths
from cancilleria.kernel.register.witness import AskWitness
from cancilleria.services.seals.keys import trusted_keys
from cancilleria.services.signing import office, pki
from cancilleria.services.signing.revocation import Revocations
from cancilleria.services.signing.trust import TrustList, sign
from cancilleria.site import origin
from cancilleria.site.composition import former_folder, log_folder, log_place, ministry, profile, store
from cancilleria.site.environment import witness_port
from cancilleria.site.keys import TRUST, WITNESS, write_secret

WITNESS_NAME = "testigo-local-no-independiente"


@dataclass(frozen=True)
class Status:
    """What `log status` tells: `root` in base64 as in the checkpoint."""

    origin: str
    vkey: str
    size: int
    root: str


def signer() -> Signer:
    """The log's own key."""
    place = log_place()
    return Signer(place.origin, settings.KEYS.ed25519(place.key))


def former_signers() -> tuple[Signer, ...]:
    """Keys the log had before: `registro-anterior*.pem`. They go on signing beside the present one."""
    place = log_place()
    paths = sorted(settings.KEYS.folder.glob(f"{place.stem}-anterior*.pem"))
    found = [Signer(place.origin, settings.KEYS.ed25519(path.name)) for path in paths]
    # A replacement that was cut kept the former key and had not made the next.
    return tuple(one for one in found if one.verifier() != signer().verifier())


def witness_signer() -> Signer:
    """The local witness: labelled, because it is not independent of whoever runs the log."""
    return Signer(WITNESS_NAME, settings.KEYS.ed25519(WITNESS))


def other_witnesses() -> list[tuple[str, VerifierKey]]:
    """Address and key of the witnesses on other machines. Raises NoteError for a key that is none."""
    found: tuple[tuple[str, str], ...] = settings.ENVIRONMENT["CANCILLERIA_WITNESSES"]
    return [(address, VerifierKey.parse(key)) for address, key in found]


def status() -> Status:
    newest = head()
    size = newest.size if newest else 0
    root = newest.note.split("\n")[2] if newest else ""
    return Status(signer().name, str(signer().verifier()), size, root)


def receipt(entry: uuid.UUID) -> bytes | None:
    return receipt_for(entry)


def export(target: Path) -> int:
    """Copy the checkpoint and every tile of its tree to a folder that any web server or disk can serve."""
    source = log_folder()
    published = Checkpoint.parse(Note.parse(source.read("checkpoint").decode()).text)
    paths = [*all_paths(published.size), "checkpoint"]
    for name in paths:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source.path / name, target / name)
    return len(paths)


def findings() -> list[checker.Finding]:
    """What the independent checker finds."""
    keys = [found.verifier().public for found in (signer(), *former_signers())]
    asked = witnesses()
    return checker.check(
        origin=signer().name, public_keys=keys, folder=log_folder().path, files=store().is_whole, closed=_closed(),
        witnesses={ask.key.name: [ask.key.public] for ask in asked},
        seen=max(ask.known_size(signer().name) for ask in asked),
    )  # fmt: skip


def witnesses() -> tuple[AskWitness, ...]:
    """Whom the log asks for a word: the witness that runs beside it, and those on other machines."""
    local = (f"http://127.0.0.1:{witness_port(settings.ENVIRONMENT)}", witness_signer().verifier(COSIGNATURE))
    return tuple(AskWitness(address, key, settings.HOME / "testigos") for address, key in (local, *other_witnesses()))


def _closed() -> list[checker.Log]:
    logs = [(found, VerifierKey.parse(found.vkey)) for found in origin.closed_logs(settings.HOME)]
    return [
        checker.Log(key.name, [key.public], former_folder(key.name).path, (found.published, bytes.fromhex(found.root)))
        for found, key in logs
    ]


def closed_keys() -> list[VerifierKey]:
    """Keys of the logs this installation closed: their receipts are still good."""
    return [VerifierKey.parse(found.vkey) for found in origin.closed_logs(settings.HOME)]


def rows_from(start: int) -> Iterator[str]:
    """Rows of the leaves from `start` on, for an installation that lost them."""
    return recovery.rows_from(signer().name, start)


def bring(lines: Iterable[str]) -> tuple[int, int]:
    """Take the published leaves this database lacks; sizes before and now. Raises recovery.CannotBring."""
    return recovery.bring(lines, key=signer().verifier(), folder=log_folder())


def close_log(reason: str) -> origin.Place:
    """Close this log as it was published, open another, and record that as the first act of the new one."""
    published = Checkpoint.parse(Note.parse(log_folder().read("checkpoint").decode()).text)
    closed = origin.Closed(
        published.origin, str(signer().verifier()), published.size, status().size, published.root.hex(),
        timezone.now().isoformat(), reason,
    )  # fmt: skip
    facts = ClosedLog(origin=closed.origin, published=closed.published, rows=closed.rows, root=closed.root)
    organ = Organ.objects.get(pk=ministry().headquarters)
    with transaction.atomic():
        successor = origin.close(settings.HOME, profile(), closed)
        with doors.log_origin.held(successor.origin):
            note_closed_log(actor=SYSTEM, organ=organ, closed=facts, reason=reason)
    publish_trust_list()
    return successor


def trust_list() -> TrustList:
    """Which keys and roots are this ministry's, today."""
    return TrustList(
        timezone.now().date(),
        official(ministry().name),
        (*(found.verifier() for found in (signer(), *former_signers())), *closed_keys()),
        (witness_signer().verifier(COSIGNATURE), *(key for _, key in other_witnesses())),
        int(str(settings.ENVIRONMENT["CANCILLERIA_QUORUM"])),
        office.roots_of(settings.HOME / "claves"),
        settings.DEMONSTRATION,
        trusted_keys(settings.HOME / "claves", ministry().country),
        revocations().of(office.certificates_of(settings.HOME / "claves")),
    )


def revocations() -> Revocations:
    """Certificates that sign no more: a file anybody may have, at /pki/autoridad.crl."""
    return Revocations(settings.HOME / "pki")


def list_signer() -> Signer:
    """Who signs the trust list, and the list of each day."""
    return Signer("confianza." + signer().name, settings.KEYS.ed25519(TRUST))


def publish_trust_list() -> None:
    """Write the signed list to CANCILLERIA_HOME: served at /confianza.json and read by `verify`.

    The list of revoked certificates is signed again too, where the authority's key is in this installation.
    """
    authority = settings.HOME / "claves" / f"{office.AUTHORITY}.pem"
    if b"PRIVATE KEY" in authority.read_bytes():
        revocations().publish(pki.load(authority), at=timezone.now())
    data = sign(trust_list(), list_signer())
    write_secret(settings.HOME / "confianza.json", data)
