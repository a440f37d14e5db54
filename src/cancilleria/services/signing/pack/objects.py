"""PDF values (ISO 32000-1, 7.3) and files with plain cross-reference tables: what this ministry's documents are made of."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from cancilleria.services.signing.pack.refused import Refused, must

TOKEN = re.compile(
    rb"(?:[\s\x00]|%[^\r\n]*[\r\n])*"  # one way to read each byte, so that the time is that of its length
    rb"(<<|>>|\[|\]|\(|<[0-9A-Fa-f\s]*>|/[^\s\x00()<>\[\]{}/%]*|(\d+)\s+(\d+)\s+R(?![A-Za-z])|[^\s\x00()<>\[\]{}/%]+)"
)
DELIMITER = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
# Trees of other programs are not this deep; the largest file inside is an original of 10 MB.
MAX_DEPTH, MAX_NODES, MAX_INFLATED = 40, 1_000, 16 * 1024 * 1024
Value = object


@dataclass(frozen=True)
class Ref:
    """A reference to an indirect object of generation 0."""

    number: int


@dataclass(frozen=True)
class Stream:
    """A dictionary with its bytes, still encoded."""

    info: dict[str, Value]
    data: bytes


class Pdf:
    """The objects of a file as its last cross-reference table sees them."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.places: dict[int, int] = {}
        self.trailer: dict[str, Value] = {}
        last = data.rfind(b"startxref")
        found = re.match(rb"startxref\s+(\d{1,10})\s", data[last:]) if last >= 0 else None
        at: Value = int(found.group(1)) if found else None
        seen: set[int] = set()
        while isinstance(at, int) and at not in seen:
            seen.add(at)
            at = self._table(at)
        must(self.trailer, "pdf")

    def get(self, value: Value) -> Value:
        """The value itself, or the object it refers to."""
        for _ in range(MAX_DEPTH):
            if not isinstance(value, Ref):
                return value
            value = self.object(value.number)
        raise Refused("pdf")

    def object(self, number: int) -> Value:
        """An indirect object; None when there is none."""
        at = self.places.get(number)
        return read_object(self, at, number)[0] if at is not None else None

    def dictionary(self, value: Value) -> dict[str, Value]:
        found = self.get(value)
        return found if isinstance(found, dict) else found.info if isinstance(found, Stream) else {}

    def attachments(self) -> dict[str, bytes]:
        """Embedded files by name, from the catalog's own tree."""
        names = self.dictionary(self.dictionary(self.trailer.get("Root")).get("Names"))
        found: dict[str, bytes] = {}
        waiting, nodes = [names.get("EmbeddedFiles")], 0
        while waiting:
            node, nodes = self.dictionary(waiting.pop()), nodes + 1
            kids = self.get(node.get("Kids"))
            waiting += kids if isinstance(kids, list) else []
            must(nodes + len(waiting) <= MAX_NODES, "pdf")
            for name, stream in self._files(self.get(node.get("Names"))):
                found[name] = self.inflated(stream)
                must(sum(map(len, found.values())) <= MAX_INFLATED, "pdf")
        return found

    def _files(self, pairs: Value) -> list[tuple[str, Stream]]:
        row: list[tuple[str, Stream]] = []
        if not isinstance(pairs, list):
            return row
        must(len(pairs) % 2 == 0 and len(pairs) <= MAX_NODES, "pdf")
        for name, spec in zip(pairs[::2], pairs[1::2], strict=True):
            stream = self.get(self.dictionary(self.dictionary(spec).get("EF")).get("F"))
            if not isinstance(name, bytes) or not isinstance(stream, Stream):
                raise Refused("pdf")
            row.append((str(name, "latin-1"), stream))
        return row

    def inflated(self, stream: Stream) -> bytes:
        """The bytes of a stream that is plain or deflated."""
        kind = self.get(stream.info.get("Filter"))
        kind = kind[0] if isinstance(kind, list) and len(kind) == 1 else kind
        if kind in (None, []):
            return stream.data
        must(kind == "/FlateDecode" and "DecodeParms" not in stream.info, "pdf")
        reader = zlib.decompressobj()
        try:
            found = reader.decompress(stream.data, MAX_INFLATED)
        except zlib.error as error:
            raise Refused("pdf") from error
        must(reader.eof, "pdf")
        return found

    def _table(self, at: int) -> Value:
        must(re.match(rb"xref\s", self.data[at : at + 5]), "pdf")
        at += 4
        while (head := re.compile(rb"\s*(\d{1,10}) (\d{1,7})[ \r\n]+").match(self.data, at)) is not None:
            first, count, at = int(head.group(1)), int(head.group(2)), head.end()
            for number in range(first, first + count):
                row = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r\n]{2}").match(self.data, at)
                if row is None:
                    raise Refused("pdf")
                if row.group(3) == b"n" and row.group(2) == b"00000":
                    self.places.setdefault(number, int(row.group(1)))
                at = row.end()
        word = re.compile(rb"\s*trailer").match(self.data, at)
        trailer = read_value(self.data, word.end())[0] if word else None
        if not isinstance(trailer, dict) or "XRefStm" in trailer:
            raise Refused("pdf")
        self.trailer = self.trailer or trailer
        return trailer.get("Prev")


def read_object(pdf: Pdf, at: int, number: int) -> tuple[Value, int]:
    """The indirect object that starts here, and where it ends."""
    head = re.compile(rb"\s*(\d{1,10}) 0 obj\b").match(pdf.data, at)
    must(head is not None and int(head.group(1)) == number, "pdf")
    value, at = read_value(pdf.data, head.end() if head else at)
    start = re.compile(rb"\s*stream(?:\r\n|\n)").match(pdf.data, at)
    if start is not None and isinstance(value, dict):
        length = pdf.get(value.get("Length"))
        if not isinstance(length, int) or start.end() + length > len(pdf.data):
            raise Refused("pdf")
        value, at = Stream(value, pdf.data[start.end() : start.end() + length]), start.end() + length
        stop = re.compile(rb"\s*endstream").match(pdf.data, at)
        at = stop.end() if stop else -1
    end = re.compile(rb"\s*endobj\s*").match(pdf.data, at) if at >= 0 else None
    if end is None:
        raise Refused("pdf")
    return value, end.end()


def read_value(data: bytes, at: int, depth: int = 0) -> tuple[Value, int]:
    """One value and where it ends. Names keep their slash; strings are bytes."""
    must(depth < MAX_DEPTH, "pdf")
    found = TOKEN.match(data, at)
    if found is None:
        raise Refused("pdf")
    text, at = found.group(1), found.end()
    if text == b"(":
        return _string(data, at)
    if text in (b"[", b"<<"):
        return _several(data, at, b"]" if text == b"[" else b">>", depth)
    if found.group(2):
        must(int(found.group(3)) == 0, "pdf")
        return Ref(int(found.group(2))), at
    return _atom(text), at


def _several(data: bytes, at: int, stop: bytes, depth: int) -> tuple[Value, int]:
    items: list[Value] = []
    while (found := TOKEN.match(data, at)) is None or found.group(1) != stop:
        value, at = read_value(data, at, depth + 1)
        items.append(value)
    if stop == b"]":
        return items, found.end()
    keys = items[::2]
    must(len(items) % 2 == 0 and all(isinstance(key, str) and key[:1] == "/" for key in keys), "pdf")
    must(len(set(map(str, keys))) == len(keys), "pdf")
    return {str(key)[1:]: value for key, value in zip(keys, items[1::2], strict=True)}, found.end()


def _string(data: bytes, at: int) -> tuple[Value, int]:
    start, depth = at, 1
    while depth:
        found = DELIMITER.search(data, at)
        if found is None:
            raise Refused("pdf")
        depth += {b"(": 1, b")": -1}.get(found.group(), 0)
        at = found.end()
    return ESCAPE.sub(_unescaped, data[start : at - 1]), at


def _unescaped(found: re.Match[bytes]) -> bytes:
    text = found.group(1)
    if text[:1] in b"01234567":
        return bytes([int(text, 8) & 0xFF])
    return {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}.get(text, text)


def _atom(text: bytes) -> Value:
    if text[:1] == b"<":
        digits = b"".join(text[1:-1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))
    if re.fullmatch(rb"[+-]?\d{1,18}", text):
        return int(text)
    if re.fullmatch(rb"[+-]?\d*\.\d*", text) or text[:1] == b"/" or text in (b"true", b"false", b"null"):
        return None if text == b"null" else text.decode("latin-1")
    raise Refused("pdf")
