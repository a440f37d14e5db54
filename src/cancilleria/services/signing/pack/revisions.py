"""The revisions of a signed PDF, and what may follow the ministry's signature: time stamps and validation data, no more.

A time-stamp authority stamps whatever it is sent. So each later revision is compared with the one before, object by
object, and nothing that can be seen or attached may differ.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from cryptography import x509

from cancilleria.services.signing.pack.cms import Signed, verify_cms
from cancilleria.services.signing.pack.objects import Pdf, Ref, Stream, Value, read_object
from cancilleria.services.signing.pack.refused import Refused, must

RANGE = re.compile(rb"/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\s*\]")
CONTENTS = re.compile(rb"<(?:[0-9a-f]{2})+>|<(?:[0-9A-F]{2})+>")
# Keys of a document security store and of its entries (ETSI EN 319 142-1, 5.4.2).
STORE = {"Type", "Certs", "CRLs", "OCSPs", "VRI", "Cert", "CRL", "OCSP", "TU", "TS"}
# Keys of the signed file's objects that validation data and time stamps may change.
FREE: dict[str, set[str]] = {
    "Catalog": {"DSS", "AcroForm", "Extensions"},
    "Page": {"Annots"},
    "Metadata": set(),  # it shows nothing
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
            check_later(data, [one.end for one in reversed(found)])
            return found[::-1]
        end = previous_end(data, end)
    raise Refused("no_signature")


def previous_end(data: bytes, end: int) -> int:
    """Where the revision before the one that ends at `end` ends: just after the %%EOF before the last."""
    last = data.rfind(b"%%EOF", 0, end)
    before = data.rfind(b"%%EOF", 0, last)
    must(last > 0 and before > 0, "no_signature")
    stop = before + len(b"%%EOF")
    return stop + (2 if data[stop : stop + 2] == b"\r\n" else 1 if data[stop : stop + 1] in (b"\n", b"\r") else 0)


def check_later(data: bytes, ends: Sequence[int]) -> None:
    """Raises Refused unless each revision adds only time stamps and validation data to the one before."""
    revisions = [Pdf(data[:end]) for end in ends]
    for old, new in itertools.pairwise(revisions):
        must(new.trailer.get("Root") == old.trailer.get("Root"), "later_change")
        must(new.trailer.get("Info") in (None, old.trailer.get("Info")), "later_change")
        must(set(old.places) <= set(new.places), "later_change")
        for number, at in new.places.items():
            if old.places.get(number) == at:
                continue
            must(at >= len(old.data), "later_change")
            value, _ = read_object(new, at, number)
            if number in revisions[0].places:
                _check_signed(old, new, number, value)
            elif number in old.places:
                _check_added(old.object(number), value)


def _check_signed(old: Pdf, new: Pdf, number: int, now: Value) -> None:
    """An object of the signed file, written again."""
    was = old.object(number)
    before, after = _keys(was), _keys(now)
    if isinstance(was, list) or was == now:
        must(was == now, "later_change")
        return
    kind = str(before.get("Type", ""))[1:] or ("AcroForm" if "Fields" in before else "")
    kind = "Info" if Ref(number) == old.trailer.get("Info") else kind
    must(kind in FREE and type(was) is type(now) and after.get("Type") == before.get("Type"), "later_change")
    if kind == "Metadata":
        return
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    must(changed <= FREE[kind], "later_change")
    for key in changed & CHECKS.keys():
        CHECKS[key](old, new, before.get(key), after.get(key))


def _check_added(was: Value, now: Value) -> None:
    """An object a later revision added, written again: only the lists of validation data grow."""
    if was == now:
        return
    if isinstance(was, list) and isinstance(now, list):
        must(all(isinstance(one, Ref) for one in [*was, *now]), "later_change")
        return
    must(_is_validation_data(was) and _is_validation_data(now), "later_change")


def _keys(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else value.info if isinstance(value, Stream) else {}


def _is_validation_data(found: Value) -> bool:
    """A document security store, an entry of its /VRI, or that dictionary itself, whose keys are digests in capitals."""
    if not isinstance(found, dict) or not found:
        return False
    return found.keys() <= STORE or all(re.fullmatch(r"[0-9A-F]{40}", key) for key in found)


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
    first, second = [] if was is None else was, now
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
