"""Where one request ends and the next begins: what could be read in two ways is refused, and nothing hidden in it is answered."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest
from tests.serving import Serving

HIDDEN = "GET /confianza.json HTTP/1.1\r\nHost: x\r\n\r\n"
AMBIGUOUS = {
    "both lengths": f"Content-Length: {len(HIDDEN) + 5}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{HIDDEN}",
    "two lengths": f"Content-Length: 0\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "a length with a sign": f"Content-Length: +{len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "a coding nobody knows": f"Transfer-Encoding: xchunked\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}",
    "a space before the colon": f"Content-Length : {len(HIDDEN)}\r\n\r\n{HIDDEN}",
}


def asked(serving: Serving, text: str) -> bytes:
    """Everything that is answered on one connection until it is closed or silent for a second."""
    parts = urlsplit(serving.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as line:
        line.sendall(text.encode())
        answer = line.recv(65536)
        line.settimeout(1)
        try:
            while more := line.recv(65536):
                answer += more
        except TimeoutError:
            return answer
    return answer


def test_two_plain_requests_on_one_connection_get_two_answers(serving: Serving) -> None:
    plain = "GET /confianza.json HTTP/1.1\r\nHost: x\r\n\r\n"
    assert asked(serving, plain * 2).count(b"HTTP/1.1 200") == 2


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_request_that_can_be_read_in_two_ways_hides_no_other(serving: Serving, name: str) -> None:
    answer = asked(serving, f"POST /buscar/ HTTP/1.1\r\nHost: x\r\n{AMBIGUOUS[name]}")
    assert b"HTTP/1.1 200" not in answer
    assert answer.count(b"HTTP/1.1 ") <= 1
