"""The verifier inside the browser: what holds, and that none of 1,000 changed bits passes."""

from __future__ import annotations

import base64
import json
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from cancilleria.kernel.register.note import Signer
from cancilleria.services.signing.pack.times import fingerprint
from cancilleria.services.signing.pades import SignedDocument
from cancilleria.services.signing.tests.invented import ministry
from cancilleria.services.signing.tests.test_archive import archive
from cancilleria.services.signing.tests.test_pack import FORGERIES, forged
from cancilleria.services.signing.trust import Revoked, sign

FOLDER = Path(__file__).resolve().parents[2] / "src/cancilleria/services/signing/static/signing"
SEED = 20261123
CHECK = """async ([file, trust]) => {
  const { verifyFile } = await import("/verify.js");
  return verifyFile(Uint8Array.from(atob(file), (c) => c.charCodeAt(0)), JSON.parse(trust));
}"""
FLIPS = """async ([file, trust, bits]) => {
  const { verifyFile } = await import("/verify.js");
  const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0)), list = JSON.parse(trust), passed = [];
  for (const bit of bits) {
    bytes[bit >> 3] ^= 1 << (bit & 7);
    const { result } = await verifyFile(bytes, list);
    if (!["not_valid", "issuer_unknown", "unreadable"].includes(result)) passed.push([bit, result]);
    bytes[bit >> 3] ^= 1 << (bit & 7);
  }
  return passed;
}"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    # Signing starts an event loop of its own, which the browser's thread cannot: the set is made in another.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(ministry).result()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(FOLDER)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    opened = browser.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_address[1]}/der.js")
    yield opened
    server.shutdown()


def check(page: Page, data: bytes, trust: bytes | None = None) -> dict[str, Any]:
    given = [base64.b64encode(data).decode(), (trust or ministry().trust_file).decode()]
    found: dict[str, Any] = page.evaluate(CHECK, given)
    return found


@pytest.mark.parametrize("which", ["signed", "stamped"])
def test_an_issued_file_is_valid_and_tells_its_act(page: Page, which: str) -> None:
    found = check(page, getattr(ministry(), which))
    assert (found["result"], found["act"]["number"], found["witnessed"]) == ("valid", 7, True)
    assert found["public"]["signed_by"] == "ROSA INVENTADA QUISPE"
    assert (found["stampedAt"] is not None) == (which == "stamped")


def test_none_of_a_thousand_changed_bits_passes(page: Page) -> None:
    print(f"seed {SEED}")
    chance, data = random.Random(SEED), ministry().stamped
    start = data.index(b"/Contents <") + 11
    inside = [start * 8 + chance.randrange((data.index(b">", start) - start) * 8) for _ in range(500)]
    bits = inside + [chance.randrange(len(data) * 8) for _ in range(500)]
    given = [base64.b64encode(data).decode(), ministry().trust_file.decode(), bits]
    assert page.evaluate(FLIPS, given) == []


@pytest.mark.parametrize("tail", [b"\n", b"%%EOF"])
def test_bytes_after_the_end_are_refused(page: Page, tail: bytes) -> None:
    assert check(page, ministry().signed + tail)["result"] == "not_valid"


def test_other_roots_and_other_logs_are_told_apart(page: Page) -> None:
    made = ministry()
    signer = Signer("confianza.utopia", made.log.key)
    other_root = sign(replace(made.trust, roots=(made.stamper.certificate,)), signer)
    assert check(page, made.signed, other_root)["result"] == "issuer_unknown"
    no_log = sign(replace(made.trust, logs=()), signer)
    assert check(page, made.signed, no_log)["result"] == "not_valid"


def test_with_an_altered_trust_list_nothing_is_said_to_be_valid(page: Page) -> None:
    altered = json.loads(ministry().trust_file)
    altered["payload"]["quorum"] = 0
    assert check(page, ministry().signed, json.dumps(altered).encode())["result"] == "not_checked"


def test_a_revoked_signer_is_told_apart_from_a_changed_file(page: Page) -> None:
    made, signer = ministry(), Signer("confianza.utopia", ministry().log.key)
    own, later = fingerprint(made.signer.certificate), datetime.now(UTC) - timedelta(milliseconds=1)
    after = sign(replace(made.trust, revoked=(Revoked(own, later),)), signer)
    found = check(page, made.stamped, after)
    assert (found["result"], found["revokedAt"]) == ("valid", later.isoformat())
    assert check(page, made.signed, after)["result"] == "revoked"
    before = sign(replace(made.trust, revoked=(Revoked(own, later - timedelta(days=1)),)), signer)
    assert check(page, made.stamped, before)["result"] == "revoked"


def test_what_is_changed_under_a_genuine_time_stamp_is_refused_and_a_renewed_file_is_not(page: Page) -> None:
    with ThreadPoolExecutor(1) as pool:
        files = pool.submit(lambda: [*(forged(change) for change in FORGERIES), renewed_file()]).result()
    assert [check(page, data)["result"] for data in files] == ["not_valid"] * len(FORGERIES) + ["valid"]


def renewed_file() -> bytes:
    keeper = archive()
    return keeper.renew(keeper.renew(SignedDocument(ministry().stamped))).data
