"""Servers of others that this installation speaks to: mail, a collector of log lines, a database. TLS unless they are this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

HERE = ("localhost", "127.0.0.1", "::1", "")
SUBMISSION, RELAY, IMPLICIT = 587, 25, 465
SYSLOG = 514


@dataclass(frozen=True)
class Mail:
    """A mail server. `tls` from the first byte, or `starttls`, which is demanded and not merely tried (RFC 8314)."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool


def mail_from(text: str) -> Mail | None:
    """`smtp://user:password@host:port` or `smtps://…`; None for an empty text. Raises ValueError."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError(text)
    implicit, local = parts.scheme == "smtps", parts.hostname in HERE
    usual = IMPLICIT if implicit else RELAY if local else SUBMISSION
    return Mail(
        parts.hostname, parts.port or usual, unquote(parts.username or ""), unquote(parts.password or ""),
        tls=implicit, starttls=not (implicit or local),
    )  # fmt: skip


def address_from(text: str) -> tuple[str, int] | str | None:
    """`host:port` or the path of a socket, such as `/dev/log`; None for an empty text. Raises ValueError."""
    if not text or text.startswith("/"):
        return text or None
    host, _, port = text.rpartition(":")
    if not host:
        raise ValueError(text)
    return host, int(port)


def collector(where: object) -> dict[str, dict[str, object]]:
    """The log's second handler, in the words of `logging.config`: none without a collector."""
    if not where:
        return {}
    return {"collector": {"class": "logging.handlers.SysLogHandler", "formatter": "line", "address": where}}


def with_tls(host: str, given: Mapping[str, object]) -> dict[str, object]:
    """libpq's options: a database on another machine proves who it is, unless the address says `sslmode` otherwise."""
    if host.startswith("/") or all(part in HERE for part in host.split(",")) or "sslmode" in given:
        return dict(given)
    return {"sslmode": "verify-full", "sslrootcert": "system", **given}
