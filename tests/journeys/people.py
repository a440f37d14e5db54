"""What people do in the journeys, and what every page they meet must satisfy."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from tests.serving import Serving


@dataclass
class Visit:
    """A page in use; `met` collects accessibility violations by address, and must stay empty."""

    page: Page
    serving: Serving
    met: dict[str, list[str]] = field(default_factory=dict)

    def go(self, path: str) -> None:
        self.page.goto(self.serving.address + path)
        self.look()

    def look(self) -> None:
        """axe finds nothing, and nothing sticks out of the window."""
        self.page.wait_for_load_state()
        found = Axe().run(self.page).response["violations"]
        if found:
            self.met[self.page.url] = [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]
        width = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if width > 0:
            self.met.setdefault(self.page.url, []).append(f"sticks out by {width} px")

    def press(self, name: str) -> None:
        """Click the button or link of that name, then look at what came."""
        button = self.page.locator("main").get_by_role("button", name=name, exact=True)
        (button if button.count() else self.page.get_by_role("link", name=name, exact=True)).first.click()
        self.look()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def text(self) -> str:
        return self.page.inner_text("main")

    def clean(self) -> None:
        assert self.met == {}


def login_of(serving: Serving, email: str) -> dict[str, str]:
    return next(login for login in serving.logins if login["email"].startswith(email))


def totp(secret: str, *, at: float | None = None) -> str:
    """RFC 6238: six digits for this half minute."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def wait_for_next_code() -> None:
    """A code is accepted once: wait for the next half minute."""
    time.sleep(30 - time.time() % 30 + 0.5)


def number_in(text: str) -> str:
    found = re.search(r"\d{4}-[A-Z-]+-\d{6}", text)
    assert found
    return found[0]
