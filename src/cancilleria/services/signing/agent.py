"""An external signing agent: the digest goes out, the signature comes in. The key is never in this process or this account.

The protocol is a folder both can write to. `<id>.pedido` is JSON with the digest of what is signed; the agent answers with
`<id>.cms`, a CMS over that digest (RFC 5652, PAdES attributes). What comes back is checked before it enters a document.
"""

from __future__ import annotations

import hashlib
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import cms
from cryptography import x509

from cancilleria.services.signing.pack.cms import check_signature
from cancilleria.services.signing.pack.refused import Refused
from cancilleria.services.signing.pki import der

ASKED, ANSWERED = ".pedido", ".cms"
PATIENCE_SECONDS = 60.0
BEAT_SECONDS = 0.05
MAX_ANSWER = 64 * 1024


class AgentSilent(RuntimeError):
    """The agent did not answer in time: the task is tried again later, and nothing was signed."""


class BadAnswer(RuntimeError):
    """What the agent answered is not the signature that was asked for. Nothing was signed."""


@dataclass(frozen=True)
class Agent:
    """Asks an agent below `folder`, whose certificate is known beforehand."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    folder: Path
    patience: float = PATIENCE_SECONDS

    def ask(self, digest: bytes) -> cms.ContentInfo:
        """The agent's CMS over a SHA-256. Raises AgentSilent, BadAnswer."""
        name = uuid.uuid4().hex
        asked, answered = self.folder / f"{name}{ASKED}", self.folder / f"{name}{ANSWERED}"
        _write(asked, json.dumps({"v": 1, "algorithm": "sha256", "digest": digest.hex()}).encode())
        try:
            until = time.monotonic() + self.patience
            while not answered.exists():
                if time.monotonic() > until:
                    raise AgentSilent(f"el agente de {self.folder} no respondió en {self.patience:.0f} segundos")
                time.sleep(BEAT_SECONDS)
            return self._checked(answered.read_bytes(), digest)
        finally:
            asked.unlink(missing_ok=True)
            answered.unlink(missing_ok=True)

    def _checked(self, data: bytes, digest: bytes) -> cms.ContentInfo:
        try:
            found = cms.ContentInfo.load(data[:MAX_ANSWER], strict=True)
            info = found["content"]["signer_infos"][0]
            attributes = {str(row["type"].native): row["values"][0] for row in info["signed_attrs"]}
            signed = attributes["message_digest"].native
            named = attributes["signing_certificate_v2"]["certs"][0]["cert_hash"].native
            signature, covered = info["signature"].native, info["signed_attrs"].untag().dump()
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BadAnswer("la respuesta del agente no es una firma") from error
        if signed != digest:
            raise BadAnswer("el agente firmó otro documento")
        if named != _sha256(self.certificate):
            raise BadAnswer("el agente firmó con otro certificado")
        try:
            check_signature(self.certificate, signature, covered)
        except Refused as error:
            raise BadAnswer("la firma del agente no es buena") from error
        return found


def answer_once(folder: Path, sign: Callable[[bytes], cms.ContentInfo]) -> int:
    """The agent's side: answer what is asked below the folder; how many. `sign` makes a CMS of a SHA-256."""
    done = 0
    for path in sorted(folder.glob(f"*{ASKED}")):
        target = path.with_suffix(ANSWERED)
        if target.exists():
            continue
        asked: Mapping[str, object] = json.loads(path.read_bytes())
        digest = bytes.fromhex(str(asked["digest"]))
        if asked["v"] != 1 or asked["algorithm"] != "sha256" or len(digest) != 32:
            continue
        _write(target, sign(digest).dump())
        done += 1
    return done


def _sha256(certificate: x509.Certificate) -> bytes:
    return hashlib.sha256(der(certificate)).digest()


def _write(path: Path, data: bytes) -> None:
    staging = path.with_suffix(".nuevo")
    staging.write_bytes(data)
    staging.replace(path)
