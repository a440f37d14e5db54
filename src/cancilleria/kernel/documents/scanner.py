"""A scanner for malicious files, if the operator has one: clamd's INSTREAM, over a socket or TCP (CANCILLERIA_ANTIVIRUS).

Every file of a stranger passes here before anything reads it. A scanner that does not answer takes nothing in: the file can be
sent again, a clean verdict that nobody gave cannot be taken back.
"""

from __future__ import annotations

import logging
import socket
import struct

from cancilleria.kernel.documents.rules import Refused

log = logging.getLogger("cancilleria.antivirus")
TIMEOUT_SECONDS = 20.0
PIECE = 64 * 1024
CLEAN = b"stream: OK"


def scan(data: bytes, where: tuple[str, int] | str | None) -> None:
    """Return when the scanner at `where` finds nothing, or there is none. Raises Refused."""
    if where is None:
        return
    try:
        verdict = _ask(data, where)
    except OSError as error:
        log.error("the scanner does not answer: %s", error)
        raise Refused("unchecked") from error
    if verdict == CLEAN:
        return
    log.warning("refused a file: %s", verdict.decode("ascii", "replace"))
    raise Refused("malicious" if verdict.endswith(b" FOUND") else "unchecked")


def _ask(data: bytes, where: tuple[str, int] | str) -> bytes:
    family = socket.AF_UNIX if isinstance(where, str) else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as line:
        line.settimeout(TIMEOUT_SECONDS)
        line.connect(where)
        line.sendall(b"zINSTREAM\0")
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            line.sendall(struct.pack(">I", len(piece)) + piece)
        line.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0")
