"""A signing agent in another process: the digest goes out, the signature comes in, and what is wrong enters no document."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from asn1crypto import cms

from cancilleria.services.signing import pki
from cancilleria.services.signing.agent import ASKED, Agent, AgentSilent, BadAnswer, answer_once
from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.evidence import VALID, verify_file
from cancilleria.services.signing.holders import BadSigner, parse_token, pin_of
from cancilleria.services.signing.pades import DocumentToSign, LocalTimeStamps, Seal, sign_digest
from cancilleria.services.signing.tests.invented import TEMPLATE, files, ministry


def document() -> DocumentToSign:
    made = ministry()
    return compose(TEMPLATE, files(made.log, made.witness))


def agent(folder: Path, patience: float = 20.0) -> Agent:
    identity = ministry().signer
    return Agent(identity.certificate, identity.chain, folder, patience)


@contextmanager
def answering(folder: Path, sign: Callable[[bytes], cms.ContentInfo]) -> Iterator[None]:
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            answer_once(folder, sign)
            time.sleep(0.01)

    thread = threading.Thread(target=serve)
    thread.start()
    yield
    stop.set()
    thread.join()


def test_a_document_is_signed_by_a_process_that_alone_has_the_key(tmp_path: Path) -> None:
    made, folder = ministry(), tmp_path / "pedidos"
    folder.mkdir()
    key = pki.save(made.signer, tmp_path, "agente")
    command = [sys.executable, "-m", "cancilleria.site.cli", "signer", str(folder), "--key", str(key)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "espera" in process.stdout.readline()
            seal = Seal(agent(folder))
            signed = [seal.sign(document(), reason="Apostilla") for _ in range(2)]
        finally:
            process.terminate()
    for one in signed:
        assert verify_file(LocalTimeStamps(made.stamper).append(one).data, made.trust).result == VALID
    assert list(folder.iterdir()) == []


def test_a_silent_agent_leaves_nothing_signed_and_nothing_waiting(tmp_path: Path) -> None:
    with pytest.raises(AgentSilent):
        Seal(agent(tmp_path, patience=0.2)).sign(document(), reason="Apostilla")
    assert list(tmp_path.iterdir()) == []


def test_what_the_agent_signs_wrongly_enters_no_document(tmp_path: Path) -> None:
    made = ministry()
    with (
        answering(tmp_path, lambda digest: sign_digest(made.signer, bytes(32))),
        pytest.raises(BadAnswer, match="otro documento"),
    ):
        Seal(agent(tmp_path)).sign(document(), reason="Apostilla")
    with (
        answering(tmp_path, lambda digest: sign_digest(made.stamper, digest)),
        pytest.raises(BadAnswer, match="otro certificado"),
    ):
        Seal(agent(tmp_path)).sign(document(), reason="Apostilla")
    impostor = replace(made.signer, key=made.stamper.key)
    with (
        answering(tmp_path, lambda digest: sign_digest(impostor, digest)),
        pytest.raises(BadAnswer, match="no es buena"),
    ):
        Seal(agent(tmp_path)).sign(document(), reason="Apostilla")
    (tmp_path / f"x{ASKED}").write_text(json.dumps({"v": 1, "algorithm": "md5", "digest": "00"}))
    assert answer_once(tmp_path, lambda digest: sign_digest(made.signer, digest)) == 0


def test_a_setting_or_a_pin_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    assert parse_token("pkcs11:/lib/m.so;token=T;key=K") == ("/lib/m.so", "T", "K")
    for text in ("pkcs11:", "pkcs11:/lib/m.so", "pkcs11:/lib/m.so;token=T", "pkcs11:;token=T;key=K"):
        with pytest.raises(BadSigner):
            parse_token(text)
    path = tmp_path / "pin"
    path.write_text("1234\n")
    path.chmod(0o644)
    with pytest.raises(BadSigner, match="600"):
        pin_of(f"file:{path}")
    path.chmod(0o600)
    assert (pin_of(f"file:{path}"), pin_of("9876")) == ("1234", "9876")
    with pytest.raises(BadSigner, match="No existe"):
        pin_of(f"file:{tmp_path / 'otro'}")
