"""People who ask for an apostille again and again while something happens to the house."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.drills.citizen import Citizen
from tests.drills.kill import submit
from tests.drills.ledger import Ledger
from tests.serving import Serving


@contextmanager
def crowd(serving: Serving, ledger: Ledger, letter: str, clients: int) -> Iterator[None]:
    """While the block runs each client asks, and what is acknowledged is written down. AssertionError when one gave up."""
    document = serving.document("partida-de-nacimiento.pdf").read_bytes()
    over, failures = threading.Event(), []

    def client(name: int) -> None:
        turn = 0
        try:
            while not over.is_set():
                turn += 1
                ledger.write(number=submit(Citizen(serving.address), document, f"{letter}{name:02d}{turn:05d}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=client, args=(name,), daemon=True) for name in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
    for thread in threads:
        thread.join()
    assert not failures, f"a client gave up: {failures[0]!r}"
