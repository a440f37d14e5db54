"""A small client of Cancillería's interface: the standard library and nothing else, in one file to copy.

    >>> from cancilleria_client import Client, Problem
    >>> client = Client(ADDRESS)

What can be asked for, and what it needs:

    >>> found = client.procedures("apostilla")
    >>> client.procedure(found[0]["key"])["legal_basis"] != ""
    True

Where an office is; long lists come page by page by themselves:

    >>> next(client.organs())["code"] != ""
    True
    >>> all(row["country"] == "ES" for row in client.organs("ES"))
    True

Whether a certificate is genuine and in force. One that does not exist, and one with another code, are the same answer:

    >>> try:
    ...     client.verify("2026-XXX-000001", "2026-01-01", "0000-0000-0000-00")
    ... except Problem as problem:
    ...     problem.status, problem.kind
    (404, 'not-found')
    >>> client.verify_file(b"not a signed file") is None
    True

The log that all acts stand in, and the signed lists of each day:

    >>> client.checkpoint()["size"] > 0
    True
    >>> client.status_list(client.status_days()[0])["payload"]["v"]
    1

With a token that an officer gave, the tray of their office; without one the answer says so:

    >>> try:
    ...     list(client.cases())
    ... except Problem as problem:
    ...     problem.status
    401
"""

# ruff: noqa: S310 - whoever makes a client names its address

from __future__ import annotations

import hashlib
import json
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

Row = dict[str, Any]
SECONDS = 30.0
TRIES = 4


class Problem(Exception):
    """What the interface answered instead (RFC 9457): `status`, `kind` such as `not-found`, words, and errors by field."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status = status
        self.kind = str(body.get("type", "")).rpartition("#")[2]
        self.title = str(body.get("title", ""))
        self.detail = str(body.get("detail", ""))
        self.errors: list[Row] = list(body.get("errors", []))
        super().__init__(f"{status} {self.kind}: {self.detail or self.title}")


class Client:
    """Speaks with one installation. `token` is what an officer gave to this program; public calls need none."""

    def __init__(self, address: str, *, token: str = "", language: str = "es") -> None:
        self.address = address.rstrip("/")
        self.token = token
        self.language = language

    def procedures(self, words: str = "") -> list[Row]:
        """Procedures in force that everyday words find."""
        found: list[Row] = self._get("procedures", q=words)
        return found

    def procedure(self, key: str) -> Row:
        return self._row(f"procedures/{_part(key)}")

    def organs(self, words: str = "") -> Iterator[Row]:
        """Open organs in the order of their codes."""
        return self._pages("organs", q=words)

    def indicators(self) -> list[Row]:
        found: list[Row] = self._get("indicators")
        return found

    def indicator(self, key: str, period: str = "") -> Row:
        return self._row(f"indicators/{_part(key)}", period=period)

    def register(self, *, verb: str = "", organ: str = "") -> Iterator[Row]:
        """Open acts, the newest first."""
        return self._pages("register", verb=verb, organ=organ)

    def checkpoint(self) -> Row:
        return self._row("log/checkpoint")

    def proof(self, index: int) -> Row:
        """Hash and receipt of a place of the log."""
        return self._row(f"log/entries/{index}")

    def status_days(self) -> list[str]:
        return [str(day) for day in self._row("status-lists")["days"]]

    def status_list(self, day: str) -> Row:
        """The signed list of a day, as published."""
        return self._row(f"status-lists/{_part(day)}")

    def verify(self, number: str, issued_on: str, code: str) -> Row:
        """A certificate by what is printed on it. Raises Problem not-found."""
        return self._send("verifications", {"number": number, "issued_on": issued_on, "code": code})

    def verify_file(self, data: bytes) -> Row | None:
        """A signed file by its digest; the file does not leave this machine. None when nobody here signed it."""
        try:
            return self._row(f"verifications/{hashlib.sha256(data).hexdigest()}")
        except Problem as problem:
            if problem.kind == "not-found":
                return None
            raise

    def track(self, number: str, code: str) -> Row:
        """Where a case is. Raises Problem not-found."""
        return self._send("cases/track", {"number": number, "code": code})

    def cases(self, *, state: str = "", procedure: str = "") -> Iterator[Row]:
        """The tray of the token's office, the first to fall due first."""
        return self._pages("desk/cases", state=state, procedure=procedure)

    def case(self, case: str) -> Row:
        return self._row(f"desk/cases/{_part(case)}")

    def act(self, case: str, act: str, *, seen: int, key: str = "", **given: str | list[str]) -> Row:
        """Do an act of the case's `acts`. Sent again with the same `key` it acts once; without a key, one is made and kept
        for the retries of this call.
        """
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        return self._send(f"desk/cases/{_part(case)}/acts", {"act": act, "seen": seen, "given": given}, headers)

    def specimens(self, words: str = "") -> Iterator[Row]:
        """The register of signatures."""
        return self._pages("desk/specimens", q=words)

    def _pages(self, path: str, **query: str) -> Iterator[Row]:
        cursor = ""
        while True:
            page = self._row(path, cursor=cursor, **query)
            yield from page["items"]
            if not page["next"]:
                return
            cursor = page["next"]

    def _row(self, path: str, **query: str) -> Row:
        found: Row = self._get(path, **query)
        return found

    def _get(self, path: str, **query: str) -> Any:
        asked = urllib.parse.urlencode({name: text for name, text in query.items() if text})
        return self._call(urllib.request.Request(f"{self.address}/api/v1/{path}" + (f"?{asked}" if asked else "")))

    def _send(self, path: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> Row:
        data = json.dumps(body).encode()
        given = {"Content-Type": "application/json", **(headers or {})}
        found: Row = self._call(urllib.request.Request(f"{self.address}/api/v1/{path}", data, given))
        return found

    def _call(self, request: urllib.request.Request) -> Any:
        """Ask; wait and ask again when told to (429, 503). Every call of this client may be repeated."""
        request.add_header("Accept-Language", self.language)
        if self.token:
            request.add_header("Authorization", f"Bearer {self.token}")
        for left in reversed(range(TRIES)):
            try:
                with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                wait = error.headers.get("Retry-After", "")
                if error.code not in (429, 503) or not wait.isdigit() or not left:
                    raise Problem(error.code, _body(error)) from None
                time.sleep(int(wait))
        raise AssertionError("unreachable")


def _part(text: str) -> str:
    return urllib.parse.quote(text, safe="")


def _body(error: urllib.error.HTTPError) -> Row:
    try:
        found = json.load(error)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
