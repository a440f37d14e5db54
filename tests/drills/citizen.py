"""A citizen's browser without JavaScript: reads a page's form, fills it, sends it, and insists when the line is cut."""

from __future__ import annotations

import http.client
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

TRANSIENT = (OSError, http.client.HTTPException)
PATIENT = 300.0  # seconds, of who judges what was acknowledged and not how fast a loaded machine is


@dataclass
class Form:
    """One `<form>`: where it posts, and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None and given.get("name"):
            self._field(self._open, tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None

    @staticmethod
    def _field(form: Form, tag: str, given: Mapping[str, str]) -> None:
        name, kind = given["name"], given.get("type", "text")
        form.names.add(name)
        if tag == "input" and kind == "file":
            form.files.append(name)
        elif tag == "input" and (kind not in {"radio", "checkbox"} or "checked" in given):
            form.fields[name] = given.get("value", "")


def forms_of(body: str) -> list[Form]:
    """Every form of a page, in its order."""
    reader = _Reader()
    reader.feed(body)
    return reader.forms


@dataclass(frozen=True)
class Page:
    """An answered page after redirects."""

    url: str
    status: int
    body: str

    def form(self, *, having: str = "csrfmiddlewaretoken", to: str = "") -> Form:
        """The first form with a field named `having` that goes `to` an address with that in it. Raises LookupError."""
        for form in forms_of(self.body):
            if having in form.names and to in form.action:
                return form
        raise LookupError(f"{self.url} ({self.status}) has no form with {having} to {to}")


class Citizen:
    """Keeps cookies, follows redirects, and repeats requests of unknown outcome until `patience` seconds pass.

    `refused` is the last page that said it could not be done.
    """

    def __init__(
        self, address: str, *, patience: float = 90, timeout: float = 20, seen: Counter[int] | None = None
    ) -> None:
        """`seen` counts every status that was answered, also those that are tried again."""
        self.address, self.patience, self._timeout = address, patience, timeout
        self.cookies: SimpleCookie = SimpleCookie()
        self.seen: Counter[int] = Counter() if seen is None else seen
        self.refused: Page | None = None

    def get(self, path: str) -> Page:
        return self._insist(lambda: self._follow("GET", path, None, {}))

    def send(
        self, page: Page, form: Form, answers: Mapping[str, str], files: Mapping[str, bytes] | None = None
    ) -> Page:
        """Submit `form` of `page` with `answers` over what it already holds."""
        body, content_type = _encode({**form.fields, **answers}, files or {}, with_files=bool(form.files))
        target = urljoin(page.url, form.action or page.url)
        headers = {"Content-Type": content_type, "Referer": page.url}
        return self._insist(lambda: self._follow("POST", target, body, headers))

    def once(self, path: str) -> tuple[int, str | None, str]:
        """One GET without patience: status, where it leads, body."""
        return self._once("GET", urljoin(self.address, path), None, {})

    def _insist(self, attempt: Callable[[], Page]) -> Page:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                page = attempt()
                if page.status < 500 and page.status != 429:
                    return page
                self.refused = page
                problem: object = f"{page.status} at {page.url}: {page.body[:200]}"
            except TRANSIENT as error:
                problem = error
            if time.monotonic() > deadline:
                raise TimeoutError(f"no answer in {self.patience} s: {problem}")
            time.sleep(0.3)

    def _follow(self, method: str, target: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        for _ in range(8):
            url = urljoin(self.address, target)
            status, location, text = self._once(method, url, body, headers)
            if location is None:
                return Page(url, status, text)
            method, target, body, headers = "GET", urljoin(url, location), None, {}
        raise http.client.HTTPException(f"too many redirects at {target}")

    def _once(
        self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, str | None, str]:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=self._timeout)
        try:
            cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
            path = parts.path + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, {**headers, "Cookie": cookie, "Accept-Language": "es"})
            answer = connection.getresponse()
            self.seen[answer.status] += 1
            text = answer.read().decode("utf-8", "replace")
            for value in answer.headers.get_all("Set-Cookie", []):
                self.cookies.load(value)
            return (
                answer.status,
                answer.headers.get("Location") if answer.status in {301, 302, 303} else None,
                text,
            )
        finally:
            connection.close()


def _encode(fields: Mapping[str, str], files: Mapping[str, bytes], *, with_files: bool) -> tuple[bytes, str]:
    if not with_files:
        return urlencode(fields).encode(), "application/x-www-form-urlencoded"
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields.items()
    ]
    for name, data in files.items():
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"; filename="documento.pdf"\r\n'
        parts.append(head.encode() + b"Content-Type: application/pdf\r\n\r\n" + data + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
