"""Issued documents and the log, judged by pdfsig, qpdf, openssl and a second reader; each also on tampered input."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from tests.judges import merkle_again
from tests.judges.conftest import call
from tests.serving import Serving

from cancilleria.services.signing.evidence import verify_file
from cancilleria.services.signing.office import archive_of
from cancilleria.services.signing.pack.revisions import RANGE, verify_revisions
from cancilleria.services.signing.pades import SignedDocument
from cancilleria.services.signing.revocation import Revocations
from cancilleria.services.signing.trust import TrustList, parse

SEED = 20261124


@pytest.fixture(scope="session")
def trust(serving: Serving) -> TrustList:
    return parse((serving.home / "confianza.json").read_bytes())


@pytest.fixture(scope="session")
def signed(issued: list[bytes], trust: TrustList) -> bytes:
    """The first signed revision: a byte prefix of the stamped file."""
    return issued[0][: verify_revisions(issued[0], trust.roots)[0].end]


@pytest.fixture
def root(tmp_path: Path, trust: TrustList) -> Path:
    path = tmp_path / "root.pem"
    path.write_bytes(b"".join(certificate.public_bytes(Encoding.PEM) for certificate in trust.roots))
    return path


def judge(*command: str) -> tuple[int, str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    return done.returncode, done.stdout + done.stderr


def kept(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def last_signature(data: bytes) -> tuple[bytes, bytes]:
    """The last CMS of a file and the bytes it signs."""
    first, second, length = (int(group) for group in list(RANGE.finditer(data))[-1].groups())
    return bytes.fromhex(data[first + 1 : second - 1].decode()), data[:first] + data[second : second + length]


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def test_pdfsig_says_valid_and_total_document_signed(signed: bytes, tmp_path: Path) -> None:
    _, said = judge("pdfsig", "-nocert", kept(tmp_path, "a.pdf", signed))
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    _, said = judge("pdfsig", "-nocert", kept(tmp_path, "b.pdf", flipped(signed, len(signed) // 2)))
    assert "Signature is Valid" not in said
    _, said = judge("pdfsig", "-nocert", kept(tmp_path, "c.pdf", signed + b"\n% something added\n"))
    assert "Total document signed" not in said


def test_qpdf_finds_nothing_to_mend(issued: list[bytes], signed: bytes, tmp_path: Path) -> None:
    for name, data in (("signed.pdf", signed), ("stamped.pdf", issued[0])):
        code, said = judge("qpdf", "--check", kept(tmp_path, name, data))
        assert (code, "No syntax or stream encoding errors found" in said) == (0, True)
    code, _ = judge("qpdf", "--check", kept(tmp_path, "cut.pdf", signed[: len(signed) // 2]))
    assert code != 0


def test_openssl_verifies_the_signature(signed: bytes, root: Path, tmp_path: Path) -> None:
    signature, content = last_signature(signed)
    command = [
        "openssl",
        "cms",
        "-verify",
        "-inform",
        "DER",
        "-binary",
        "-purpose",
        "any",
        "-CAfile",
        str(root),
        "-out",
        "/dev/null",
    ]
    files = ["-in", kept(tmp_path, "s.der", signature), "-content", kept(tmp_path, "content", content)]
    assert judge(*command, *files)[0] == 0
    files = ["-in", kept(tmp_path, "s.der", signature), "-content", kept(tmp_path, "changed", flipped(content, 99))]
    assert judge(*command, *files)[0] != 0


def test_openssl_verifies_the_time_stamp(issued: list[bytes], root: Path, tmp_path: Path) -> None:
    token, content = last_signature(issued[0])
    command = [
        "openssl",
        "ts",
        "-verify",
        "-token_in",
        "-in",
        kept(tmp_path, "t.der", token),
        "-CAfile",
        str(root),
        "-data",
    ]
    assert judge(*command, kept(tmp_path, "content", content))[0] == 0
    assert judge(*command, kept(tmp_path, "changed", flipped(content, 99)))[0] != 0


def test_a_renewed_document_says_the_same_to_the_others(
    serving: Serving, issued: list[bytes], trust: TrustList, root: Path, tmp_path: Path
) -> None:
    lists = Revocations(serving.home / "pki").files()
    data = archive_of(serving.home / "claves", lists).renew(SignedDocument(issued[0])).data
    assert data.startswith(issued[0])
    assert verify_file(data, trust).exit_code == 0
    _, said = judge("pdfsig", "-nocert", kept(tmp_path, "renewed.pdf", data))
    # It does not check document time stamps: it names them, and says which signature covers the whole file.
    assert (said.count("Signature is Valid"), said.count("Signature Field Name: SelloDeTiempo")) == (1, 2), said
    assert "- Total document signed" in said.split("Signature #3:")[1]
    code, said = judge("qpdf", "--check", str(tmp_path / "renewed.pdf"))
    assert (code, "No syntax or stream encoding errors found" in said) == (0, True)
    token, content = last_signature(data)
    command = ["openssl", "ts", "-verify", "-token_in", "-in", kept(tmp_path, "t.der", token), "-CAfile", str(root)]
    assert judge(*command, "-data", kept(tmp_path, "content", content))[0] == 0
    assert judge(*command, "-data", kept(tmp_path, "changed", flipped(content, 99)))[0] != 0


def test_none_of_a_thousand_changed_bits_passes(issued: list[bytes], trust: TrustList) -> None:
    print(f"seed {SEED}")
    chance, data = random.Random(SEED), issued[0]
    assert verify_file(data, trust).exit_code == 0
    bits = [chance.randrange(len(data) * 8) for _ in range(1000)]
    passed = [
        bit
        for bit in bits
        if verify_file(
            data[: bit // 8] + bytes([data[bit // 8] ^ 1 << bit % 8]) + data[bit // 8 + 1 :], trust
        ).exit_code
        == 0
    ]
    assert passed == []


def test_the_text_of_the_certificate_can_be_read(issued: list[bytes], tmp_path: Path) -> None:
    _, said = judge("pdftotext", "-layout", kept(tmp_path, "a.pdf", issued[0]), "-")
    assert "(Convention de La Haye du 5 octobre 1961)" in said
    assert all(f"{n}. " in said for n in range(1, 11))


def test_the_exported_log_is_read_by_another_reader(serving: Serving, issued: list[bytes], tmp_path: Path) -> None:
    status = json.loads(call(serving, "log", "status", "--json").stdout)
    folder = tmp_path / "log"
    assert call(serving, "log", "export", str(folder)).returncode == 0
    assert merkle_again.read_folder(folder, status["vkey"])[0] == status["origin"]
    for path in [
        p for p in sorted(folder.rglob("*")) if p.is_file() and (p.name == "checkpoint" or p.parts[-2:][0] != "1")
    ]:
        other = tmp_path / "changed"
        shutil.copytree(folder, other)
        target = other / path.relative_to(folder)
        target.write_bytes(flipped(target.read_bytes(), 5))
        with pytest.raises((merkle_again.Refused, ValueError, UnicodeDecodeError)):
            merkle_again.read_folder(other, status["vkey"])
        shutil.rmtree(other)


def test_a_receipt_of_the_log_is_a_proof(serving: Serving, issued: list[bytes], trust: TrustList) -> None:
    entry = verify_file(issued[0], trust).entry
    receipt = call(serving, "log", "prove", entry)
    assert receipt.returncode == 0
    assert receipt.stdout.startswith(b"c2sp.org/tlog-proof@v1\nindex ")


def test_the_checker_finds_nothing_and_then_finds_a_changed_file(
    serving: Serving, issued: list[bytes], trust: TrustList
) -> None:
    done = call(serving, "check")
    assert (done.returncode, b"Todo concuerda" in done.stdout) == (0, True), done.stdout.decode()
    digest = verify_file(issued[0], trust).original
    path = serving.home / "archivos" / digest[:2] / digest[2:4] / digest
    data = path.read_bytes()
    path.write_bytes(flipped(data, 10))
    try:
        done = call(serving, "check")
        assert (done.returncode, digest in done.stdout.decode()) == (1, True)
    finally:
        path.write_bytes(data)
