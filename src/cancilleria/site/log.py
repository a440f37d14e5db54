"""The log of this installation: its keys, status, static copy, trust list and check."""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cancilleria.kernel.organs.doors import official
from cancilleria.kernel.register import checker
from cancilleria.kernel.register.note import COSIGNATURE, Checkpoint, Note, Signer
from cancilleria.kernel.register.queries import head, receipt_for
from cancilleria.kernel.register.tiles import all_paths
from cancilleria.services.seals.keys import trusted_keys
from cancilleria.services.signing.office import roots_of
from cancilleria.services.signing.trust import TrustList, sign
from cancilleria.site.composition import log_folder, ministry, profile, store
from cancilleria.site.keys import LOG, TRUST, WITNESS, write_secret

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
    return Signer(str(profile()["log_origin"]), settings.KEYS.ed25519(LOG))


def former_signers() -> tuple[Signer, ...]:
    """Keys the log had before: `registro-anterior*.pem`. They go on signing beside the present one."""
    origin = str(profile()["log_origin"])
    paths = sorted(settings.KEYS.folder.glob("registro-anterior*.pem"))
    return tuple(Signer(origin, settings.KEYS.ed25519(path.name)) for path in paths)


def witness_signer() -> Signer:
    """The local witness: labelled, because it is not independent of whoever runs the log."""
    return Signer(WITNESS_NAME, settings.KEYS.ed25519(WITNESS))


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
    return checker.check(origin=signer().name, public_keys=keys, folder=log_folder().path, files=store().is_whole)


def trust_list() -> TrustList:
    """Which keys and roots are this ministry's, today."""
    return TrustList(
        timezone.now().date(),
        official(ministry().name),
        tuple(found.verifier() for found in (signer(), *former_signers())),
        (witness_signer().verifier(COSIGNATURE),),
        1,
        roots_of(settings.HOME / "claves"),
        settings.DEMONSTRATION,
        trusted_keys(settings.HOME / "claves", ministry().country),
    )


def list_signer() -> Signer:
    """Who signs the trust list, and the list of each day."""
    return Signer("confianza." + signer().name, settings.KEYS.ed25519(TRUST))


def publish_trust_list() -> None:
    """Write the signed list to CANCILLERIA_HOME: served at /confianza.json and read by `verify`."""
    data = sign(trust_list(), list_signer())
    write_secret(settings.HOME / "confianza.json", data)
