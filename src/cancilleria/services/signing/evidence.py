"""Checks an issued document with nothing but the file and a trust list: no database, no network, no Django.

What it proves: the bytes are those the ministry signed, and the act they carry stands in a log whose head others may
have seen. What it cannot prove: that the act was not annulled later. That is asked of the register.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cancilleria.kernel.register import receipt as receipts
from cancilleria.kernel.register.canonical import NotCanonical, decode
from cancilleria.kernel.register.leaf import PUBLIC, Part, opens
from cancilleria.kernel.register.merkle import ProofError, leaf_hash
from cancilleria.services.signing.pack.check import ACT, RECEIPT, check_original
from cancilleria.services.signing.pack.cms import Signed
from cancilleria.services.signing.pack.objects import Pdf
from cancilleria.services.signing.pack.refused import Refused, must
from cancilleria.services.signing.pack.revisions import verify_revisions
from cancilleria.services.signing.pack.times import check_times
from cancilleria.services.signing.trust import TrustList

VALID, ISSUER_UNKNOWN, NOT_VALID, UNREADABLE = "valid", "issuer_unknown", "not_valid", "unreadable"
EXIT = {VALID: 0, ISSUER_UNKNOWN: 1, NOT_VALID: 1, UNREADABLE: 2}
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
    revoked_at: datetime | None = None  # of the signer's certificate, after a time stamp: the signature stays good

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


def verify_file(data: bytes, trust: TrustList, now: datetime | None = None) -> Report:
    """Everything that can be checked of one issued PDF. `now` is the present when it is not given."""
    if not data.startswith(b"%PDF-"):
        return Report(UNREADABLE, "el archivo no es un PDF")
    try:
        signed = verify_revisions(data, trust.roots)
        revoked = {row.certificate: row.since for row in trust.revoked}
        since = check_times(signed, revoked, now or datetime.now(UTC))
        return _verify_act(Pdf(data[: signed[0].end]).attachments(), trust, signed, since)
    except Refused as error:
        return Report(ISSUER_UNKNOWN if error.code == "issuer" else NOT_VALID, str(error))
    except (ProofError, NotCanonical) as error:
        return Report(NOT_VALID, str(error))
    except Exception as error:  # whatever a damaged structure makes a parser raise, the file is not what was signed
        return Report(NOT_VALID, f"el archivo está dañado ({type(error).__name__})")


def _verify_act(
    files: Mapping[str, bytes], trust: TrustList, signed: Sequence[Signed], since: datetime | None
) -> Report:
    carried = json.loads(files[ACT])
    leaf = base64.b64decode(carried["leaf"], validate=True)
    public = base64.b64decode(carried["public"], validate=True)
    act, fields = decode(leaf), decode(public)
    if not isinstance(act, dict) or not isinstance(fields, dict) or carried["v"] != 1:
        raise Refused("act")
    must(opens(str(act["public_c"]), Part(PUBLIC, public, bytes.fromhex(carried["public_salt"]))), "public")
    proof = receipts.verify(
        files[RECEIPT], leaf_hash(leaf), logs=trust.logs, witnesses=trust.witnesses, quorum=trust.quorum
    )
    return Report(
        VALID,
        signer=signed[0].certificate.subject.rfc4514_string(),
        stamped_at=signed[1].stamped_at if len(signed) > 1 else None,
        act=act,
        public=fields,
        entry=str(carried["entry"]),
        proof=proof,
        original=check_original(files, fields),
        revoked_at=since,
    )
