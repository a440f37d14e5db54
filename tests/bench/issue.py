"""Issuing: compose, receipt, sign, store, against pyHanko's signing alone with the key loaded."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.rows import Row

from cancilleria.services.signing.compose import compose
from cancilleria.services.signing.pades import Seal
from cancilleria.services.signing.tests.invented import TEMPLATE, files, ministry
from cancilleria.services.store.files import FileStore

SECONDS = 5.0


def rows() -> Iterator[Row]:
    made = ministry()
    seal = Seal(made.signer)
    document = compose(TEMPLATE, files(made.log, made.witness))
    with tempfile.TemporaryDirectory() as folder:
        store = FileStore(Path(folder))

        def whole() -> None:
            store.put(seal.sign(compose(TEMPLATE, files(made.log, made.witness)), reason="Apostilla").data)

        ours = _rate(whole)
        base = _rate(lambda: seal.sign(document, reason="Apostilla"))
    yield Row(
        "issue: compose, receipt, sign, store", ours, base, "documents/s", ">= 0.5 of signing", ours / base >= 0.5
    )


def _rate(work: Callable[[], object]) -> float:
    work()
    count, deadline = 0, time.perf_counter() + SECONDS
    while time.perf_counter() < deadline:
        work()
        count += 1
    return count / SECONDS
