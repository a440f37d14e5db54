"""Received files, read in the child process: signatures told apart, hostile files refused."""

from __future__ import annotations

import base64
import contextlib
import io
from datetime import date
from functools import lru_cache

import pikepdf
import pytest
from cryptography.hazmat.primitives import hashes

from cancilleria.kernel.documents import parsing
from cancilleria.kernel.documents.rules import (
    Broken,
    Inspection,
    Refused,
    SignatureState,
    UnknownSigner,
    Unsigned,
    Valid,
)
from cancilleria.services.signing import pki
from cancilleria.services.signing.demonstration import make_document, sign_as_entity
from cancilleria.services.signing.tests.invented import ministry

FUNCTION = "cancilleria.services.signing.incoming:inspect"


@lru_cache(maxsize=1)
def plain() -> bytes:
    return make_document(
        title="Certificado", entity="Entidad Inventada", text="Certifica.", signer="Rosa Inventada",
        capacity="Registradora", on=date(2026, 3, 2),
    )  # fmt: skip


@lru_cache(maxsize=1)
def entity() -> pki.Identity:
    return pki.make_signer(
        "Rosa Inventada", organisation="Entidad Inventada", title="Registradora", country="UT", above=ministry().root,
        at=pki.now(),
    )  # fmt: skip


@lru_cache(maxsize=1)
def signed() -> bytes:
    return sign_as_entity(plain(), entity(), name="Rosa Inventada")


def read(data: bytes, *roots: pki.Identity) -> Inspection:
    given = {"roots": [base64.b64encode(pki.der(root.certificate)).decode() for root in roots]}
    return parsing.inspect(data, function=FUNCTION, given=given)


def state(data: bytes, *roots: pki.Identity) -> SignatureState:
    return read(data, *roots).signature


def test_a_signature_under_a_registered_authority_is_valid_and_names_its_signer() -> None:
    found = read(signed(), ministry().root)
    assert found.pages == 1
    assert isinstance(found.signature, Valid)
    assert found.signature.signer.name == "Rosa Inventada"
    assert found.signature.signer.title == "Registradora"
    assert found.signature.signer.fingerprint == entity().certificate.fingerprint(hashes.SHA256()).hex()


def test_a_scan_has_no_signature() -> None:
    assert state(plain(), ministry().root) == Unsigned()


def test_a_file_changed_after_signing_is_broken() -> None:
    assert state(signed().replace(b"Certificado", b"Certificadx", 1), ministry().root) == Broken()


def test_something_added_after_signing_is_broken() -> None:
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed())) as pdf:
        pdf.docinfo["/Subject"] = "otro"
        pdf.save(changed)
    assert state(changed.getvalue(), ministry().root) == Broken()


def test_an_authority_nobody_registered_is_unknown() -> None:
    assert isinstance(state(signed()), UnknownSigner)


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as found:
        read(data)
    return found.value.code


def test_garbage_is_unreadable() -> None:
    assert refusal(b"%PDF-1.7\n" + bytes(range(256)) * 40) == "unreadable"


def with_javascript() -> bytes:
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain())) as pdf:
        pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        pdf.save(changed)
    return changed.getvalue()


def test_programs_inside_are_refused() -> None:
    assert refusal(with_javascript()) == "active"


def test_executables_attached_are_refused() -> None:
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain())) as pdf:
        pdf.attachments["factura.exe"] = b"MZ"
        pdf.save(changed)
    assert refusal(changed.getvalue()) == "active"


def test_a_password_is_refused() -> None:
    changed = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain())) as pdf:
        pdf.save(changed, encryption=pikepdf.Encryption(owner="x", user="y"))
    assert refusal(changed.getvalue()) == "encrypted"


def burn(data: bytes, given: object) -> dict[str, object]:
    """Asks for more memory than the child has."""
    return {"pages": len(bytearray(4 * 1024**3))}


def call_home(data: bytes, given: object) -> dict[str, object]:
    """Tries to reach the network: there is none."""
    import socket  # noqa: PLC0415 - in the child only

    with contextlib.suppress(ConnectionRefusedError):  # there is a network, and nobody listens on that port
        socket.create_connection(("127.0.0.1", 9), timeout=1)
    return {"pages": 1, "signature": "unsigned"}


@pytest.mark.parametrize(("name", "code"), [("burn", "too_costly"), ("call_home", "unreadable")])
def test_the_child_has_neither_much_memory_nor_a_network(name: str, code: str) -> None:
    with pytest.raises(Refused) as found:
        parsing.inspect(b"", function=f"{__name__}:{name}", given={})
    assert found.value.code == code
