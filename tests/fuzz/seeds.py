"""Writes the specimens the search starts from: `python -m tests.fuzz.seeds`. Keys are new each time, and so is what they sign.

What was found since stays beside them; `tests.fuzz.keep` minimises it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
import zlib
from collections.abc import Iterator

import pikepdf
from PIL import Image
from tests.fuzz.keys import TRUST_FILE
from tests.fuzz.sheets import workbook
from tests.fuzz.table import CORPUS

from cancilleria.kernel.register.canonical import encode
from cancilleria.services.seals.tests import specimens
from cancilleria.services.seals.tests.test_mrz import SPECIMENS
from cancilleria.services.signing.pack.make import make_pack
from cancilleria.services.signing.pack.objects import Pdf
from cancilleria.services.signing.pack.revisions import verify_revisions
from cancilleria.services.signing.tests.invented import Ministry, ministry

Seeds = Iterator[tuple[str, bytes]]


def papers() -> Seeds:
    """Zones and seals others published, and pictures of a code."""
    for text in SPECIMENS.values():
        yield "mrz", text.encode()
    for data in (specimens.VISA, specimens.ARRIVAL, specimens.RESIDENCE, specimens.EMERGENCY):
        yield "seal", data
    for kind in ("PNG", "JPEG", "TIFF", "GIF", "BMP", "WEBP"):
        made = io.BytesIO()
        Image.new("L", (12, 8), 200).save(made, kind)
        yield "picture", made.getvalue()
        if kind in ("PNG", "JPEG", "TIFF"):
            yield "scan", b"\x00" + made.getvalue()
    yield "picture", blank()


def logged(made: Ministry) -> Seeds:
    """The receipt, the note, the keys and the act of one issued document."""
    files = Pdf(made.signed).attachments()
    receipt = files["receipt.tlog-proof"]
    yield "receipt", receipt
    note = receipt.decode().partition("\n\n")[2]
    for text in (note, note.partition("\n\n")[0] + "\n", str(made.log.verifier()), str(made.trust.witnesses[0])):
        yield "note", text.encode()
    yield "trust", made.trust_file
    yield "canonical", encode({"a": [1, True, "ñ"], "b": {"c": "Á"}})
    yield "canonical", files["act.json"]


def signed(made: Ministry) -> Seeds:
    """Documents in both stages, their signatures, and the pack."""
    yield "verifier", made.signed
    yield "verifier", made.stamped
    for one in verify_revisions(made.stamped, made.trust.roots):
        yield "cms", one.content
    yield "pack", make_pack(made.stamped, made.trust_file)
    yield "pdf", attached()
    yield "upload", made.signed
    yield "upload", blank()


def tables() -> Seeds:
    """What the examples of the recipes look like."""
    yield (
        "import",
        (
            b"number,date,organ,verb,file,destination,kind,book,year,last\n"
            b"2019-0001,2019-05-31,organ:dgc,apostille.issued,uno.pdf,ES,civil_registry,apostille,2019,1\n"
        ),
    )
    book = workbook(("number", "date", "organ", "verb"), ("AP-1", "2019-05-31", "organ:dgc", "apostille.issued"))
    yield "sheet", book
    yield "sheet", zipfile.ZipFile(io.BytesIO(book)).read("xl/worksheets/sheet1.xml")
    yield "manifest", b'file,destination,kind\nuno.pdf,ES,civil_registry\n"dos, tres.pdf",FR\n'
    yield "manifest", b'{"batch": "0190b6f5-0000-7000-8000-000000000000", "entity": "entity:club"}'
    yield "profile", b"calendar,day,working,reason,source\nPE,2026-07-23,no,Feriado,Ley\n"
    yield "profile", b'[[books]]\nkey = "club"\nday = 2026-01-01\n'
    for method in ("initialize", "ping", "tools/list"):
        yield "assistant", json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": {}}).encode()
    call = {"name": "echo", "arguments": {"text": "hola", "number": 2}}
    yield "assistant", json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode()


def attached() -> bytes:
    """The smallest file with a table of places and one deflated attachment."""
    data = zlib.compress(b"{}")
    objects = (
        b"<</Names<</EmbeddedFiles 2 0 R>>>>",
        b"<</Kids[<</Names[(a\\051.json)<</EF<</F 3 0 R>>>>]>>]>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(data), data),
    )
    made, places = b"%PDF-1.7 % a comment\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj %s endobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    end = b"trailer <</Root 1 0 R/Size 4/ID[<0a>-1 .5 true null]>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 4\n0000000000 65535 f \n" + table + end


def mended() -> Seeds:
    """What once broke a reader."""
    yield "receipt", "c2sp.org/tlog-proof@v1\nindex 0\nñ\n\nx\n".encode()
    yield "receipt", b"c2sp.org/tlog-proof@v1\nindex " + b"1" * 5_000 + b"\n\nx\n\n"
    yield "note", b"origin\n" + b"1" * 5_000 + b"\nAAAA\n"
    yield "note", b"name+00000000"
    yield "canonical", b"[" * 600 + b"1" + b"]" * 600
    yield "trust", b'{"payload": {"key": 5}, "signature": ""}'
    yield "trust", b"[" * 1_500
    yield "pdf", attached().replace(b"% a comment", b"%\n\n\n\n" * 40 + b")")
    yield "pdf", attached().replace(b"\\051", b"\\9").replace(b"<0a>", b"<0>")
    yield "pdf", attached().replace(b"/Kids[<<", b"/Kids[2 0 R 2 0 R<<")
    yield "manifest", b"kind,file\ncivil_registry\n,a.pdf,ES,4\n"
    yield "manifest", b'["batch"]'
    yield "profile", b"\xff\xfe"


def blank() -> bytes:
    """A page of nothing."""
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(40, 30))
        pdf.save(made)
    return made.getvalue()


def main() -> None:
    """Write each specimen under the digest of its bytes."""
    made = ministry()
    TRUST_FILE.write_bytes(made.trust_file)
    for seeds in (papers(), logged(made), signed(made), tables(), mended()):
        for target, data in seeds:
            folder = CORPUS / target
            folder.mkdir(parents=True, exist_ok=True)
            (folder / hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)


if __name__ == "__main__":
    main()
