"""Checks a pack: the signed document, the place of its act in the log, and that every other file is what these say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding

from cancilleria.services.signing.pack.cms import Signed
from cancilleria.services.signing.pack.lists import Trust, read_trust, revoked_by
from cancilleria.services.signing.pack.notes import Proof, commitment, decoded, unbase64, verify_proof
from cancilleria.services.signing.pack.objects import Pdf
from cancilleria.services.signing.pack.refused import Refused, must
from cancilleria.services.signing.pack.revisions import verify_revisions
from cancilleria.services.signing.pack.times import check_times

MANIFEST, DOCUMENT, PROOF, TRUST = "manifiesto.json", "documento.pdf", "prueba.tlog-proof", "confianza.json"
CHECKPOINT, COSIGNATURES, CERTIFICATES = "punto-de-control.txt", "cofirmas.txt", "certificados.pem"
REVOCATION, STAMPS = "revocacion/", "sellos-de-tiempo/"
READ_ME, READ_ME_ENGLISH, SCRIPT = "LEAME.txt", "README.txt", "verificar.py"
ACT, RECEIPT, ORIGINAL = "act.json", "receipt.tlog-proof", "original.pdf"


@dataclass(frozen=True)
class Verdict:
    """What holds: the act as its leaf shows it, who signed and since when that is proved, and who saw the log."""

    act: Mapping[str, object]
    public: Mapping[str, object]
    signed: Sequence[Signed]
    proof: Proof
    trust: Trust
    own_trust: bool
    original: str
    revoked_at: datetime | None
    lists: int

    @property
    def witnessed(self) -> bool:
        return 0 < self.trust.quorum <= len(self.proof.witnesses)


def check_pack(members: Mapping[str, bytes], trust: Trust | None, now: datetime) -> Verdict:
    """Check every member against `trust`, else against the list inside. Raises Refused."""
    try:
        _check_manifest(members)
        carried = read_trust(members[TRUST])
        return _check(members, trust or carried, trust is None, now)
    except Refused:
        raise
    except Exception as error:  # whatever damage makes a parser raise, this is not what was issued
        raise Refused("damaged") from error


def certificates_of(signed: Sequence[Signed]) -> bytes:
    """Every certificate the signatures carry, once, in order."""
    unique = dict.fromkeys(found.public_bytes(Encoding.PEM) for one in signed for found in one.bag)
    return b"".join(unique)


def _check_manifest(members: Mapping[str, bytes]) -> None:
    told = json.loads(members[MANIFEST])
    must(told.keys() == {"v", "files"} and told["v"] == 1, "member")
    must(members[MANIFEST] == manifest_of(members), "member")


def manifest_of(members: Mapping[str, bytes]) -> bytes:
    """The digests of all the other members."""
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in members.items() if name != MANIFEST}
    return json.dumps({"v": 1, "files": digests}, sort_keys=True, indent=1).encode()


def _check(members: Mapping[str, bytes], trust: Trust, own: bool, now: datetime) -> Verdict:
    document = members[DOCUMENT]
    must(document.startswith(b"%PDF-"), "pdf")
    signed = verify_revisions(document, trust.roots)
    files = Pdf(document[: signed[0].end]).attachments()
    leaf, act, public = read_act(files[ACT])
    verify_proof(files[RECEIPT], leaf, trust.logs, trust.witnesses)
    proof = verify_proof(members[PROOF], leaf, trust.logs, trust.witnesses)
    lists = [data for name, data in members.items() if name.startswith(REVOCATION)]
    bag = [certificate for one in signed for certificate in one.bag]
    since = check_times(signed, _earliest(trust.revoked, revoked_by(lists, [*trust.roots, *bag], bag)), now)
    _check_derived(members, signed, proof)
    return Verdict(act, public, signed, proof, trust, own, check_original(files, public), since, len(lists))


def read_act(data: bytes) -> tuple[bytes, dict[str, object], dict[str, object]]:
    """Leaf, act and public fields of `act.json`, the fields being those the leaf commits to."""
    carried = json.loads(data)
    must(carried["v"] == 1, "act")
    leaf, part = unbase64(carried["leaf"]), unbase64(carried["public"])
    act, public = decoded(leaf), decoded(part)
    must(commitment("public", bytes.fromhex(carried["public_salt"]), part) == act["public_c"], "public")
    return leaf, act, public


def check_original(files: Mapping[str, bytes], public: Mapping[str, object]) -> str:
    """The digest of the attached original, which the act must name; empty when it is not attached."""
    if ORIGINAL not in files:
        return ""
    digest = hashlib.sha256(files[ORIGINAL]).hexdigest()
    documents = public.get("documents")
    must(isinstance(documents, list) and digest in documents, "original")
    return digest


def _check_derived(members: Mapping[str, bytes], signed: Sequence[Signed], proof: Proof) -> None:
    must(members[CHECKPOINT] == proof.note.encode(), "derived")
    must(members[COSIGNATURES] == "".join(f"{line}\n" for line in proof.lines).encode(), "derived")
    must(members[CERTIFICATES] == certificates_of(signed), "derived")
    tokens = [members[name] for name in sorted(members) if name.startswith(STAMPS)]
    must(tokens == [one.content for one in signed[1:]], "derived")


def _earliest(*found: Mapping[str, datetime]) -> dict[str, datetime]:
    return {key: min(one[key] for one in found if key in one) for one in found for key in one}
