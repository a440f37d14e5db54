"""The revisions of a signed PDF, and what may follow the ministry's signature: time stamps and validation data, no more.

A time-stamp authority stamps whatever it is sent. So each later revision is compared with the one before, object by
object, and nothing that can be seen or attached may differ.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from cryptography import x509

from cancilleria.services.signing.pack.cms import Signed, verify_cms
from cancilleria.services.signing.pack.objects import Pdf, Ref, Stream, Value, read_object
from cancilleria.services.signing.pack.refused import Refused, must

RANGE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")
CONTENTS = re.compile(rb"<(?:[0-9a-f]{2})+>|<(?:[0-9A-F]{2})+>")
# Keys of existing objects that validation data and time stamps may change.
FREE = {
    "Catalog": {"DSS", "AcroForm", "Extensions"},
    "Page": {"Annots"},
    "Metadata": None,
    "DSS": None,
    "VRI": None,
    "Info": {"ModDate", "Producer"},
    "AcroForm": {"Fields", "SigFlags"},
}


def verify_revisions(data: bytes, roots: Sequence[x509.Certificate]) -> list[Signed]:
    """The ministry's signature and the time stamps after it, each over the whole of its revision. Raises Refused."""
    found: list[Signed] = []
    end = len(data)
    for match in reversed(list(RANGE.finditer(data))):
        first, second, length = (int(group) for group in match.groups())
        if match.start() > end:
            continue
        must(second + length == end, "signature_does_not_cover_file")
        must(0 < first < second <= end and match.end() <= end, "impossible_range")
        must(CONTENTS.fullmatch(data, first, second), "contents")
        content = bytes.fromhex(data[first + 1 : second - 1].decode("ascii"))
        signed = verify_cms(content, data[:first] + data[second:end], roots, end)
        found.append(signed)
        if signed.stamped_at is None:
            return found[::-1]
        before = previous_end(data, end)
        check_later(data[:before], data[:end])
        end = before
    raise Refused("no_signature")


def previous_end(data: bytes, end: int) -> int:
    """Where the revision before the one that ends at `end` ends: just after the %%EOF before the last."""
    last = data.rfind(b"%%EOF", 0, end)
    before = data.rfind(b"%%EOF", 0, last)
    must(last > 0 and before > 0, "no_signature")
    stop = before + len(b"%%EOF")
    return stop + (2 if data[stop : stop + 2] == b"\r\n" else 1 if data[stop : stop + 1] in (b"\n", b"\r") else 0)


def check_later(before: bytes, after: bytes) -> None:
    """Raises Refused unless the longer file adds only time stamps and validation data to the shorter one."""
    old, new = Pdf(before), Pdf(after)
    must(new.trailer.get("Root") == old.trailer.get("Root"), "later_change")
    info = old.trailer.get("Info")
    must(new.trailer.get("Info") in (None, info), "later_change")
    for number, at in new.places.items():
        if old.places.get(number) == at:
            continue
        must(at >= len(before), "later_change")
        value, _ = read_object(new, at, number)
        if number in old.places:
            _check_changed(old, new, old.object(number), value, "Info" if Ref(number) == info else "")
    must(set(old.places) <= set(new.places), "later_change")


def _check_changed(old: Pdf, new: Pdf, was: Value, now: Value, kind: str) -> None:
    if was == now:
        return
    before, after = _keys(was), _keys(now)
    kind = kind or str(before.get("Type", ""))[1:] or ("AcroForm" if "Fields" in before else "")
    if kind == "" and _is_validation_data(before) and _is_validation_data(after):
        return
    must(kind in FREE and type(was) is type(now), "later_change")
    free = FREE[kind]
    must(after.get("Type") == before.get("Type"), "later_change")
    if free is None:
        return
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    must(changed <= free, "later_change")
    for key in changed & CHECKS.keys():
        CHECKS[key](old, new, before.get(key), after.get(key))


def _keys(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else value.info if isinstance(value, Stream) else {}


def _is_validation_data(found: dict[str, Value]) -> bool:
    """The dictionary of a DSS's /VRI: digests in capitals, each naming an entry."""
    return bool(found) and all(re.fullmatch(r"[0-9A-F]{40}", key) for key in found)


def _check_form(old: Pdf, new: Pdf, was: Value, now: Value) -> None:
    if isinstance(was, Ref) or isinstance(now, Ref):
        must(was == now, "later_change")
        return
    before, after = _keys(was), _keys(now)
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    must(changed <= {"Fields", "SigFlags"}, "later_change")
    _check_fields(old, new, before.get("Fields"), after.get("Fields"))


def _check_fields(old: Pdf, new: Pdf, was: Value, now: Value) -> None:
    """What was there stays, in its place; what is added is a signature field that shows nothing."""
    first, second = old.get(was), new.get(now)
    first = [] if first is None else first
    if not isinstance(first, list) or not isinstance(second, list):
        raise Refused("later_change")
    must(second[: len(first)] == first, "later_change")
    for added in second[len(first) :]:
        field = new.dictionary(added)
        must(isinstance(added, Ref) and added.number not in old.places, "later_change")
        must(field.get("FT") == "/Sig" and not {"AP", "A", "AA", "Kids"} & field.keys(), "later_change")
        rectangle = new.get(field.get("Rect", [0, 0, 0, 0]))
        must(isinstance(rectangle, list) and all(side in (0, "0.0") for side in rectangle), "later_change")
        must(new.dictionary(field.get("V")).get("Type") == "/DocTimeStamp", "later_change")


CHECKS: dict[str, Callable[[Pdf, Pdf, Value, Value], None]] = {
    "Annots": _check_fields, "Fields": _check_fields, "AcroForm": _check_form,
}  # fmt: skip
