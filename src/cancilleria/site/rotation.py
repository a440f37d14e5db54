"""Changing the keys of an installation, and revoking a certificate: done by whoever holds the folder of keys, and recorded.

What was signed before stays good: the log's former key signs on beside the new one, a document is covered by its time stamp,
a paper's seal by the days in which its key sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.models import Organ
from cancilleria.services.seals import keys as seals
from cancilleria.services.signing import actions, office, pki
from cancilleria.services.signing.holders import AGENT, BadSigner, generate_in_token, pin_of
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.revocation import CannotRevoke
from cancilleria.services.signing.verbs import Replaced
from cancilleria.site import log
from cancilleria.site.composition import log_place, ministry
from cancilleria.site.keys import replace_log_key

LOG, SIGNER, SEAL = "log", "signer", "seal"
SHORT = 16


@dataclass(frozen=True)
class Held:
    """A key or certificate of the installation: what it is for, its name, until when, and what is to be known of it."""

    what: str
    name: str
    until: str = ""
    remark: str = ""


def held() -> list[Held]:
    """What this installation signs with, present and former."""
    folder = settings.HOME / "claves"
    revoked = {row.certificate: row.since for row in log.revocations().of(office.certificates_of(folder))}
    signers = [log.signer(), *log.former_signers()]
    return [
        *(
            Held(LOG, str(key.verifier()), remark="anterior; firma también" if n else "")
            for n, key in enumerate(signers)
        ),
        *(_certificate(found, revoked.get(fingerprint(found))) for found in office.certificates_of(folder)),
        *(
            Held(SEAL, seal.reference, seal.until.isoformat() if seal.until else "", "anterior" if seal.until else "")
            for seal in seals.trusted_keys(folder, ministry().country)
        ),
    ]


def _certificate(found: x509.Certificate, since: datetime | None) -> Held:
    remark = f"revocado el {since.isoformat()}" if since else ""
    return Held(SIGNER, fingerprint(found), found.not_valid_after_utc.date().isoformat(), remark)


def replace(what: str) -> Replaced:
    """Replace a key, record which follows which, and publish the trust list. The service must be stopped."""
    with transaction.atomic():
        replaced = {LOG: _replace_log, SIGNER: _replace_signer, SEAL: _replace_seal}[what]()
        actions.note_replaced(actor=SYSTEM, organ=_headquarters(), replaced=replaced)
    log.publish_trust_list()
    return replaced


def revoke(certificate: str, *, since: datetime | None, reason: str) -> datetime:
    """Revoke a former certificate of the ministry by the beginning of its name. Raises CannotRevoke.

    The present signer is replaced first: a document signed after the revocation would be good for nobody.
    """
    folder, at = settings.HOME / "claves", timezone.now()
    held_now = office.certificates_of(folder)
    found = [one for one in held_now if certificate and fingerprint(one).startswith(certificate.lower())]
    if len(found) != 1:
        raise CannotRevoke("Ningún certificado, o más de uno, tiene ese nombre: vea «cancilleria keys list».")
    if found[0] == held_now[0]:
        raise CannotRevoke("Con ese certificado se firma ahora: cámbielo antes con «cancilleria keys replace signer».")
    begins = (since or at).replace(microsecond=0)
    with transaction.atomic():
        log.revocations().revoke(pki.load(folder / f"{office.AUTHORITY}.pem"), found[0], since=begins, at=at)
        actions.note_revoked(
            actor=SYSTEM, organ=_headquarters(), certificate=fingerprint(found[0]), since=begins, reason=reason
        )
    log.publish_trust_list()
    return begins


def _headquarters() -> Organ:
    return Organ.objects.get(pk=ministry().headquarters)


def _replace_log() -> Replaced:
    place, former = log_place(), log.signer().verifier()
    replace_log_key(settings.KEYS.folder, place.key, f"{place.stem}-anterior-{former.key_id.hex()}.pem")
    return Replaced(what=LOG, former=str(former), now=str(log.signer().verifier()))


def _replace_signer() -> Replaced:
    """A new key where the present one is: in the file, or in the token under the label that the setting names."""
    folder, at = settings.HOME / "claves", timezone.now()
    if settings.SIGNER.startswith(AGENT):
        raise BadSigner("La clave la guarda el agente: cámbiela allí y ponga su certificado en claves/sello.pem.")
    if settings.SIGNER:
        public = generate_in_token(settings.SIGNER, pin_of(settings.SIGNER_PIN))
        former, made = office.certify_elsewhere(folder, public, at=at)
    else:
        former, made = office.make_signer_again(folder, at=at)
    return Replaced(what=SIGNER, former=fingerprint(former), now=fingerprint(made))


def _replace_seal() -> Replaced:
    today = timezone.now().date()
    former, made = seals.replace_key(settings.HOME / "claves", ministry().country, today)
    return Replaced(what=SEAL, former=former.trusted().reference, now=made.trusted().reference)
