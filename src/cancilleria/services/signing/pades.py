"""PAdES signatures: baseline B-B at once, a document time stamp appended later (ETSI EN 319 142-1).

The key is loaded once and held; /Contents has the exact size of the signature, so that no byte of the file is free
(DECISIONS 27). A document to be signed and a signed one are different types.
"""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, field
from functools import lru_cache

from asn1crypto import algos, cms, tsp
from asn1crypto import x509 as asn1_x509
from asn1crypto.keys import PrivateKeyInfo
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from cancilleria.services.signing.agent import Agent
from cancilleria.services.signing.holders import KeyHolder
from cancilleria.services.signing.pki import Identity, der

FIELD, STAMP_FIELD = "Firma", "SelloDeTiempo"
DIGEST = "sha256"
ROOM_TO_MEASURE = 32_768
ROOM_FOR_RSA = 512
TOKENS = 40


class StampFailed(RuntimeError):
    """No time stamp could be had now; the signed document stands as it is and the task is tried again."""


@dataclass(frozen=True)
class DocumentToSign:
    """A finished PDF without a signature."""

    data: bytes


@dataclass(frozen=True)
class SignedDocument:
    """A PDF whose last revision is a signature or a document time stamp over all of it."""

    data: bytes


@dataclass
class Seal:
    """Signs for the ministry. Make one for each process: it holds the key and learns the size of its signature once."""

    identity: KeyHolder | Agent
    location: str = ""
    _size: dict[str, int] = field(default_factory=dict)

    def sign(self, document: DocumentToSign, *, reason: str) -> SignedDocument:
        """A certifying signature that allows no later change but document time stamps."""
        if "sign" not in self._size:
            measured = self._sign(document, reason, ROOM_TO_MEASURE)
            self._size["sign"] = contents_size(measured)
        return SignedDocument(self._sign(document, reason, 2 * self._size["sign"]))

    def _sign(self, document: DocumentToSign, reason: str, room: int) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name=FIELD, md_algorithm=DIGEST, reason=reason, location=self.location or None, certify=True,
            subfilter=fields.SigSeedSubFilter.PADES, docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        )  # fmt: skip
        spec = fields.SigFieldSpec(FIELD, field_mdp_spec=fields.FieldMDPSpec(fields.FieldMDPAction.ALL))
        signer = signers.PdfSigner(metadata, signer=loaded_signer(self.identity), new_field_spec=spec)
        output = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document.data)), bytes_reserved=room)
        return bytes(output.getbuffer())


@dataclass
class LocalTimeStamps:
    """Time stamps by the demonstration's own authority. A real installation asks a qualified one over RFC 3161."""

    identity: Identity
    _size: dict[str, int] = field(default_factory=dict)

    def append(self, document: SignedDocument) -> SignedDocument:
        """The document with a document time stamp after it; the given bytes stay its beginning (DECISIONS 26)."""
        # A token's serial number is random and its DER takes a byte more or less: ask until one fills the room of the last.
        for _ in range(TOKENS):
            room = self._size.get("stamp")
            try:
                stamped = self._append(document, 2 * room if room else ROOM_TO_MEASURE)
            except SigningError:  # longer than the room: measure again
                self._size.clear()
                continue
            if (found := contents_size(stamped)) == room:
                return SignedDocument(stamped)
            self._size["stamp"] = found
        raise StampFailed("the time-stamp authority answers with tokens of ever other sizes")

    def _append(self, document: SignedDocument, room: int) -> bytes:
        stamper = signers.PdfTimeStamper(stamper_of(self.identity), field_name=STAMP_FIELD)
        output = stamper.timestamp_pdf(IncrementalPdfFileWriter(io.BytesIO(document.data)), DIGEST, bytes_reserved=room)
        return bytes(output.getbuffer())


def contents_size(data: bytes) -> int:
    """Bytes of the last signature, from the length its own DER header states."""
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    head = bytes.fromhex(data[start : start + 8].decode("ascii"))
    if head[:2] != b"\x30\x82":
        raise ValueError("not a CMS of usual length")
    return 4 + int.from_bytes(head[2:4], "big")


class _LoadedSigner(signers.Signer):
    """pyHanko's signer imports the key at every signature; this one asks whoever holds it."""

    def __init__(self, identity: KeyHolder | Agent) -> None:
        self._holder = identity
        store = SimpleCertificateStore()
        for certificate in identity.chain:
            store.register(_asn1(der(certificate)))
        super().__init__(
            signing_cert=_asn1(der(identity.certificate)),
            cert_registry=store,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": "sha256_rsa"}),
            embed_roots=True,
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        if dry_run:
            return bytes(ROOM_FOR_RSA)
        if isinstance(self._holder, Agent):
            raise TypeError("an agent signs digests of documents only")
        return self._holder.sign(data)


class _OutsideSigner(_LoadedSigner):
    """The whole CMS comes from an agent: the digest goes out, the signature comes in."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(agent)
        self._agent = agent

    async def async_sign(self, data_digest: bytes, digest_algorithm: str, **_: object) -> cms.ContentInfo:
        return self._agent.ask(data_digest)


class _Stamper(TimeStamper):
    """An RFC 3161 authority in this process, over pyHanko's own implementation."""

    def __init__(self, identity: Identity) -> None:
        super().__init__()
        store = SimpleCertificateStore()
        for certificate in identity.chain:
            store.register(_asn1(der(certificate)))
        self._inner = DummyTimeStamper(
            _asn1(der(identity.certificate)), _private(identity), certs_to_embed=store, include_nonce=False
        )

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return await self._inner.async_request_tsa_response(req)


def loaded_signer(identity: KeyHolder | Agent) -> signers.Signer:
    """pyHanko's signer over a key that somebody holds."""
    return _OutsideSigner(identity) if isinstance(identity, Agent) else _LoadedSigner(identity)


def sign_digest(identity: KeyHolder, digest: bytes) -> cms.ContentInfo:
    """What an agent answers: a detached PAdES CMS over the digest of a document."""
    return asyncio.run(loaded_signer(identity).async_sign(digest, DIGEST, use_pades=True))


def stamper_of(identity: Identity) -> TimeStamper:
    """A time-stamp authority in this process."""
    return _Stamper(identity)


@lru_cache(maxsize=32)
def _asn1(data: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(data)


def _private(identity: Identity) -> PrivateKeyInfo:
    data = identity.key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return PrivateKeyInfo.load(data)
