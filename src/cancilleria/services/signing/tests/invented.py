"""An invented ministry that signs one document: keys, a log of three leaves, and the issued PDF."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from cancilleria.kernel.register import leaf as leaves
from cancilleria.kernel.register import merkle
from cancilleria.kernel.register.canonical import encode
from cancilleria.kernel.register.note import COSIGNATURE, Checkpoint, Signer, with_signatures
from cancilleria.kernel.register.receipt import Receipt
from cancilleria.services.signing import evidence, pki
from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.pades import LocalTimeStamps, Seal
from cancilleria.services.signing.trust import TrustList, sign

AT = datetime(2026, 11, 23, 15, 4, 5, tzinfo=UTC)
TEMPLATE = b"""#set document(title: "Apostille", date: datetime(year: 2026, month: 11, day: 23))
#set text(lang: "es", font: "Libertinus Serif")
#for (name, kind, relation) in (("original.pdf", "application/pdf", "source"), ("act.json", "application/json", "data"),
  ("receipt.tlog-proof", "text/plain", "data")) {
  pdf.attach(name, read(name, encoding: none), relationship: relation, mime-type: kind, description: name)
}
= APOSTILLE
"""


@dataclass(frozen=True)
class Ministry:
    """Everything an invented ministry holds, with one issued document in two stages and its trust list."""

    root: pki.Identity
    signer: pki.Identity
    stamper: pki.Identity
    log: Signer
    witness: Signer
    trust: TrustList
    trust_file: bytes
    signed: bytes
    stamped: bytes


@lru_cache(maxsize=1)
def ministry() -> Ministry:
    """Made once for a test run: key generation is slow."""
    at = pki.now()
    root = pki.make_authority("Autoridad de prueba", country="UT", at=at)
    signer = pki.make_signer("Ministerio", organisation="Utopia", title="", country="UT", above=root, at=at)
    stamper = pki.make_signer(
        "Sello de tiempo", organisation="Utopia", title="", country="UT", above=root, at=at, time_stamping=True
    )
    log, witness = (Signer(n, Ed25519PrivateKey.generate()) for n in ("registro.utopia.example", "testigo.utopia"))
    trust = TrustList(
        date(2026, 11, 23), "Utopia", (log.verifier(),), (witness.verifier(COSIGNATURE),), 1, (root.certificate,), True
    )
    signed = Seal(signer).sign(compose(TEMPLATE, files(log, witness)), reason="Apostilla")
    stamped = LocalTimeStamps(stamper).append(signed)
    return Ministry(
        root, signer, stamper, log, witness, trust, sign(trust, Signer("confianza.utopia", log.key)),
        signed.data, stamped.data,
    )  # fmt: skip


def files(log: Signer, witness: Signer) -> dict[str, bytes]:
    original = b"%PDF-1.7\n% an invented original\n"
    public = leaves.Part(
        "public",
        encode({"signed_by": "ROSA INVENTADA QUISPE", "documents": [hashlib.sha256(original).hexdigest()]}),
        bytes(range(16)),
    )
    others = leaves.Part("facts", b"{}", bytes(16)), leaves.Part("private", b"{}", bytes(16))
    head = leaves.Head("apostille.issued", "organ:club", AT, AT, "America/Lima", "apostille", 2026, 7)
    leaf = leaves.open_leaf(head, public, *others)
    hashes = [merkle.leaf_hash(b"first"), merkle.leaf_hash(leaf), merkle.leaf_hash(b"third")]
    top = merkle.node_hash(merkle.node_hash(hashes[0], hashes[1]), hashes[2])
    note = log.sign(str(Checkpoint(log.name, 3, top)))
    note = with_signatures(note, [witness.cosign(note.text, time=int(AT.timestamp()))])
    return {
        "original.pdf": original,
        "act.json": evidence.pack(entry="00000000-0000-7000-8000-000000000001", leaf=leaf, public=public.data,
                                  public_salt=public.salt),
        "receipt.tlog-proof": bytes(Receipt(1, (hashes[0], hashes[2]), note)),
    }  # fmt: skip
