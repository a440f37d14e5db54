"""DER, the little of it that a signature needs: values are cut out and put together again, never guessed."""

from __future__ import annotations

from dataclasses import dataclass

from cancilleria.services.signing.pack.refused import Refused, must

INTEGER, OCTETS, NULL, OID, SEQUENCE, SET, CONTEXT_0 = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31, 0xA0


@dataclass(frozen=True)
class Der:
    """One value: its tag, what it holds, and its bytes with the header."""

    tag: int
    body: bytes
    whole: bytes

    def children(self) -> list[Der]:
        found, at = [], 0
        while at < len(self.body):
            child = _cut(self.body, at)
            found.append(child)
            at += len(child.whole)
        return found

    def child(self, *path: int) -> Der:
        """The value at this path of positions."""
        found = self
        for position in path:
            inside = found.children()
            must(position < len(inside), "contents")
            found = inside[position]
        return found


def read_der(data: bytes) -> Der:
    """Exactly one value, with nothing after it."""
    found = _cut(data, 0)
    must(len(found.whole) == len(data), "loose_bytes")
    return found


def make_der(tag: int, *parts: bytes) -> bytes:
    """The one DER encoding of a value made of these parts."""
    body = b"".join(parts)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def oid(text: str) -> bytes:
    """An object identifier."""
    numbers = [int(part) for part in text.split(".")]
    body = bytearray([40 * numbers[0] + numbers[1]])
    for number in numbers[2:]:
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.append(0x80 | number & 0x7F)
        body += bytes(reversed(groups))
    return make_der(OID, bytes(body))


def _cut(data: bytes, at: int) -> Der:
    if at + 2 > len(data) or data[at] & 0x1F == 0x1F:
        raise Refused("contents")
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        must(1 <= count <= 4, "contents")
        length, start = int.from_bytes(data[start : start + count], "big"), start + count
    must(start + length <= len(data), "contents")
    found = Der(tag, data[start : start + length], data[at : start + length])
    must(make_der(tag, found.body) == found.whole, "loose_bytes")
    return found
