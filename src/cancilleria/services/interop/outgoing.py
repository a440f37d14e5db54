"""The one function by which this installation calls another: to hosts on a list, without redirects, five seconds, a size cap.

The name is resolved once and the connection made to that very address, so that a name cannot point elsewhere between the
check and the call. Private addresses are refused unless the installation says otherwise.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 5.0
LARGEST = 64 * 1024


class Refused(ValueError):
    """The address is not one this installation calls: `why` in a word."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Unreachable(OSError):
    """Nobody answered as HTTP within the time."""


@dataclass(frozen=True)
class Rules:
    """Host names that may be called, and whether addresses of private networks, and plain http, may be."""

    hosts: frozenset[str]
    private: bool = False


@dataclass(frozen=True)
class Reply:
    """The status of an answer, and its first bytes."""

    status: int
    body: bytes


def rules() -> Rules:
    """Those of this installation's settings."""
    return Rules(frozenset(settings.OUTGOING_HOSTS), settings.OUTGOING_PRIVATE)


def check(address: str, within: Rules) -> SplitResult:
    """The parts of an address that may be called. Raises Refused: not-https, not-listed, malformed."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise Refused("malformed") from error
    if (
        not parts.hostname
        or parts.username
        or parts.fragment
        or port == 0
        or not address.isascii()
        or len(address) > 500
    ):
        raise Refused("malformed")
    if any(character <= " " or character == "\x7f" for character in address):
        raise Refused("malformed")
    if parts.scheme != "https" and not (parts.scheme == "http" and within.private):
        raise Refused("not-https")
    if parts.hostname not in within.hosts:
        raise Refused("not-listed")
    return parts


def post(address: str, body: bytes, headers: Mapping[str, str], within: Rules) -> Reply:
    """Send `body` and return the answer, whatever its status; a redirect is an answer like any other.

    Raises Refused before anything is sent, Unreachable when there is no answer in time.
    """
    parts = check(address, within)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=SECONDS)
    try:
        sock = socket.create_connection((_resolved(parts.hostname or "", port, within), port), SECONDS)
        if parts.scheme == "https":
            sock = ssl.create_default_context().wrap_socket(sock, server_hostname=parts.hostname)
        connection.sock = sock
        return _exchange(connection, sock, parts, body, headers)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from error
    finally:
        connection.close()


def _exchange(
    connection: http.client.HTTPConnection,
    sock: socket.socket,
    parts: SplitResult,
    body: bytes,
    headers: Mapping[str, str],
) -> Reply:
    # A socket's own timeout begins again with every byte: this one ends whatever drips.
    deadline = threading.Timer(SECONDS, lambda: _hang_up(sock))
    deadline.start()
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body=body, headers=dict(headers))
        answer = connection.getresponse()
        return Reply(answer.status, answer.read(LARGEST))
    finally:
        deadline.cancel()


def _hang_up(sock: socket.socket) -> None:
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _resolved(host: str, port: int, within: Rules) -> str:
    """The first address of the name; none of them may be private."""
    found = [str(row[4][0]) for row in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not within.private and not all(ipaddress.ip_address(address).is_global for address in found):
        raise Refused("private")
    return found[0]
