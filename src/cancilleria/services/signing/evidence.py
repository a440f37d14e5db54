"""Checks an issued document with nothing but the file and a trust list: no database, no network, no Django.

What it proves: the bytes are those the ministry signed, and the act they carry stands in a log whose head others may
have seen. What it cannot prove: that the act was not annulled later. That is asked of the register.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pikepdf

from cancilleria.kernel.register import receipt as receipts
from cancilleria.kernel.register.canonical import NotCanonical, decode
from cancilleria.kernel.register.leaf import PUBLIC, Part, opens
from cancilleria.kernel.register.merkle import ProofError, leaf_hash
from cancilleria.services.signing.strict import IssuerUnknown, NotValid, Signature, verify_pdf
from cancilleria.services.signing.trust import TrustList

VALID, ISSUER_UNKNOWN, NOT_VALID, UNREADABLE = "valid", "issuer_unknown", "not_valid", "unreadable"
EXIT = {VALID: 0, ISSUER_UNKNOWN: 1, NOT_VALID: 1, UNREADABLE: 2}
ACT, RECEIPT, ORIGINAL = "act.json", "receipt.tlog-proof", "original.pdf"
CAVEAT = "Estado a la fecha del punto de control: la anulación o corrección posterior no se comprueba aquí."


@dataclass(frozen=True)
class Report:
    """`result` is one of the four; `reason` says in words what does not hold; `act` is what the leaf shows."""

    result: str
    reason: str = ""
    signer: str = ""
    stamped_at: datetime | None = None
    act: Mapping[str, object] = field(default_factory=dict)
    public: Mapping[str, object] = field(default_factory=dict)
    entry: str = ""
    proof: receipts.Verified | None = None
    original: str = ""

    @property
    def exit_code(self) -> int:
        return EXIT[self.result]


def pack(*, entry: str, leaf: bytes, public: bytes, public_salt: bytes) -> bytes:
    """`act.json`: what a document carries of its entry (DECISIONS 2), and nothing else."""
    act = {
        "v": 1,
        "entry": entry,
        "leaf": base64.b64encode(leaf).decode(),
        "public": base64.b64encode(public).decode(),
        "public_salt": public_salt.hex(),
    }
    return json.dumps(act, sort_keys=True).encode()


def verify_file(data: bytes, trust: TrustList) -> Report:
    """Everything that can be checked of one issued PDF."""
    if not data.startswith(b"%PDF-"):
        return Report(UNREADABLE, "el archivo no es un PDF")
    try:
        signatures = verify_pdf(data, trust.roots)
    except IssuerUnknown as error:
        return Report(ISSUER_UNKNOWN, str(error))
    except NotValid as error:
        return Report(NOT_VALID, str(error))
    try:
        return _verify_act(_attachments(data), trust, signatures)
    except (NotValid, ProofError, NotCanonical) as error:
        return Report(NOT_VALID, str(error))
    except (KeyError, ValueError, TypeError, pikepdf.PdfError) as error:
        return Report(NOT_VALID, f"el archivo no lleva su acto como debe ({type(error).__name__})")


def _verify_act(files: Mapping[str, bytes], trust: TrustList, signatures: Sequence[Signature]) -> Report:
    carried = json.loads(files[ACT])
    leaf = base64.b64decode(carried["leaf"], validate=True)
    public = base64.b64decode(carried["public"], validate=True)
    act, fields = decode(leaf), decode(public)
    if not isinstance(act, dict) or not isinstance(fields, dict) or carried["v"] != 1:
        raise NotValid("el acto está escrito de otra manera")
    if not opens(str(act["public_c"]), Part(PUBLIC, public, bytes.fromhex(carried["public_salt"]))):
        raise NotValid("los datos del acto no son los que el registro comprometió")
    proof = receipts.verify(
        files[RECEIPT], leaf_hash(leaf), logs=trust.logs, witnesses=trust.witnesses, quorum=trust.quorum
    )
    original = files.get(ORIGINAL)
    digest = hashlib.sha256(original).hexdigest() if original is not None else ""
    documents = fields.get("documents", [])
    if original is not None and (not isinstance(documents, list) or digest not in documents):
        raise NotValid("el documento adjunto no es el que se apostilló")
    return Report(
        VALID,
        signer=signatures[0].certificate.subject.rfc4514_string(),
        stamped_at=signatures[-1].stamped_at,
        act=act,
        public=fields,
        entry=str(carried["entry"]),
        proof=proof,
        original=digest,
    )


def _attachments(data: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
