"""Makes the evidence pack of an issued document: one zip with all that proves it, for whoever must check it years later."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from cancilleria.services.signing.pack import check
from cancilleria.services.signing.pack.lists import Trust, read_trust
from cancilleria.services.signing.pack.notes import verify_proof
from cancilleria.services.signing.pack.objects import Pdf
from cancilleria.services.signing.pack.revisions import verify_revisions
from cancilleria.services.signing.pack.script import script

TEXTS = Path(__file__).parent
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # so that the same evidence makes the same pack


def make_pack(document: bytes, trust: bytes, *, lists: Sequence[bytes] = (), proof: bytes | None = None) -> bytes:
    """The pack of a document that `trust` holds good. `proof` is a newer one than the document's own.

    Raises Refused when the document does not hold: no pack is made of what proves nothing.
    """
    files = members(document, trust, read_trust(trust), lists, proof)
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in {**files, check.MANIFEST: check.manifest_of(files)}.items():
            row = zipfile.ZipInfo(name, LONG_AGO)
            row.external_attr = 0o644 << 16
            row.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(row, data)
    return output.getvalue()


def members(
    document: bytes, trust_file: bytes, trust: Trust, lists: Sequence[bytes], proof: bytes | None
) -> Mapping[str, bytes]:
    """The files of a pack by name, without the manifest."""
    signed = verify_revisions(document, trust.roots)
    carried = Pdf(document[: signed[0].end]).attachments()
    leaf, _, _ = check.read_act(carried[check.ACT])
    shown = verify_proof(proof or carried[check.RECEIPT], leaf, trust.logs, trust.witnesses)
    return {
        check.READ_ME: (TEXTS / check.READ_ME).read_bytes(),
        check.READ_ME_ENGLISH: (TEXTS / check.READ_ME_ENGLISH).read_bytes(),
        check.SCRIPT: script(),
        check.DOCUMENT: document,
        check.PROOF: proof or carried[check.RECEIPT],
        check.CHECKPOINT: shown.note.encode(),
        check.COSIGNATURES: "".join(f"{line}\n" for line in shown.lines).encode(),
        check.CERTIFICATES: check.certificates_of(signed),
        **{f"{check.REVOCATION}{number:02d}.crl": data for number, data in enumerate(lists, 1)},
        **{f"{check.STAMPS}{number:02d}.tst": one.content for number, one in enumerate(signed[1:], 1)},
        check.TRUST: trust_file,
    }
