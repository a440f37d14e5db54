"""The signing key in a PKCS#11 token (SoftHSM2), made there and never outside; the signature judged by OpenSSL."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from cancilleria.services.signing import office, pki
from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.evidence import VALID, verify_file
from cancilleria.services.signing.holders import BadSigner, generate_in_token
from cancilleria.services.signing.pack.revisions import RANGE
from cancilleria.services.signing.tests.invented import TEMPLATE, files, ministry

MODULE, PIN = Path("/usr/lib/softhsm/libsofthsm2.so"), "827361"


@pytest.fixture(scope="module")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not MODULE.exists() or not shutil.which("softhsm2-util"):
        pytest.fail("softhsm2-util is missing: apt-get install softhsm2")
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\n")
    # The module reads its configuration once, when this process loads it.
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", "ministerio", "--pin", PIN, "--so-pin", PIN * 2]
    subprocess.run(command, check=True, capture_output=True)
    yield f"pkcs11:{MODULE};token=ministerio;key=firma-2026"
    del os.environ["SOFTHSM2_CONF"]


def test_a_key_made_in_the_token_signs_and_leaves_no_key_behind(signer: str, tmp_path: Path) -> None:
    made = ministry()
    pki.save(made.root, tmp_path, office.AUTHORITY)
    pki.save(made.signer, tmp_path, office.SEAL)
    public = generate_in_token(signer, PIN)
    with pytest.raises(BadSigner, match="ya tiene una clave"):
        generate_in_token(signer, PIN)
    former, certificate = office.certify_elsewhere(tmp_path, public, at=pki.now())
    assert former == made.signer.certificate
    assert certificate.public_key() == load_der_public_key(public)
    assert b"PRIVATE" not in (tmp_path / "sello.pem").read_bytes()
    seal = office.seal_of(tmp_path, "Utopía", signer, PIN)
    signed = seal.sign(compose(TEMPLATE, files(made.log, made.witness)), reason="Apostilla")
    report = verify_file(signed.data, made.trust)
    assert (report.result, report.reason) == (VALID, "")
    _judge(signed.data, tmp_path)


def _judge(data: bytes, folder: Path) -> None:
    first, second, length = (int(group) for group in list(RANGE.finditer(data))[-1].groups())
    (folder / "s.der").write_bytes(bytes.fromhex(data[first + 1 : second - 1].decode()))
    (folder / "content").write_bytes(data[:first] + data[second : second + length])
    (folder / "root.pem").write_bytes(ministry().root.certificate.public_bytes(Encoding.PEM))
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any", "-out", os.devnull]
    command += ["-CAfile", str(folder / "root.pem"), "-in", str(folder / "s.der"), "-content", str(folder / "content")]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0


def test_a_wrong_pin_and_an_absent_token_are_told_and_nothing_is_signed(signer: str, tmp_path: Path) -> None:
    made = ministry()
    pki.save(made.signer, tmp_path, office.SEAL)
    document = compose(TEMPLATE, files(made.log, made.witness))
    for where, pin in ((signer, "000000"), (signer.replace("ministerio", "otro"), PIN)):
        with pytest.raises(BadSigner, match="no firma"):
            office.seal_of(tmp_path, "Utopía", where, pin).sign(document, reason="Apostilla")
