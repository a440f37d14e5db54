"""Strings that break what trusts them, each with a mark by which it is found again, and what "inert" means in each place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser

MARK = "q7Zx"
# What each is for: the interpreter that would have to be fooled.
HOSTILE: Mapping[str, str] = {
    "sql": f"{MARK}'; DROP TABLE register_entry; --",
    "html": f"<script>{MARK}()</script><img src=x onerror={MARK}()>",
    "attribute": f'" autofocus onfocus="{MARK}()',
    "address": f"javascript:{MARK}()",
    "header": f"{MARK}\r\nSet-Cookie: {MARK}=1",
    "mail": f"{MARK}@ejemplo.example\r\nBcc: {MARK}@otro.example",
    "log": f"{MARK}\n2026-01-01T00:00:00+0000 CRITICAL {MARK} falso",
    "template": "{{ 7*191 }}{% load " + MARK + " %}${7*191}",
    "typst": f'#eval("7*191") #read("/etc/passwd") {MARK}',
    "formula": f"=CMD|'/C {MARK}'!A0",
    "path": f"../../../../etc/passwd%00{MARK}",
    "format": f"%s%s%n {{0.__class__}} {MARK}",
    "nul": f"{MARK}\x00cola",
    "letters": f"{MARK}\u202egnp.exe\u2066",
    "long": MARK + "A" * 20_000,
}
COMPUTED = str(7 * 191)


class _Reader(HTMLParser):
    """Collects what of a page would act: elements and attributes that carry the mark, and scripts in line."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            acts = name.startswith("on") or (name in ("href", "src", "action", "formaction") and _acts(value or ""))
            if acts or MARK in name:
                self.found.append(f"<{tag} {name}={value!r}>")
        if MARK in tag:
            self.found.append(f"<{tag}>")


def _acts(address: str) -> bool:
    return address.strip().lower().startswith(("javascript:", "data:text", "vbscript:"))


def alive_in_page(html: str) -> list[str]:
    """What of the strings would act in a browser; empty when all is text."""
    reader = _Reader()
    reader.feed(html)
    scripts = re.findall(r"(?s)<script(?![^>]*src=)[^>]*>(.*?)</script>", html)
    reader.found += [text[:80] for text in scripts if MARK in text and "<" in text]
    if COMPUTED in html:
        reader.found.append(f"computed: {COMPUTED}")
    return reader.found


def alive_in_headers(headers: Iterable[tuple[str, str]]) -> list[str]:
    """Headers that a string made or broke."""
    return [
        f"{name}: {value}"
        for name, value in headers
        if "\n" in value or "\r" in value or MARK in name or value.startswith(MARK + "=")
    ]


def alive_in_cells(rows: Iterable[Iterable[object]]) -> list[str]:
    """Cells a spreadsheet would compute."""
    return [
        str(cell)
        for row in rows
        for cell in row
        if str(cell)[:1] in ("=", "+", "-", "@", "\t", "\r") and MARK in str(cell)
    ]


def alive_in_log(text: str) -> list[str]:
    """Lines that a string began, as if the program had written them."""
    return [line for line in text.splitlines() if line.startswith("2026-01-01T00:00:00+0000 CRITICAL")]
