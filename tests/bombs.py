"""Files made to harm whoever opens them, none larger than an upload may be: what each is, under the name it would have."""

from __future__ import annotations

import functools
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

MANY = 100_000_000  # bytes that a bomb becomes
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
XML = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{ENTITIES}]><x>&e9;</x>'.encode()
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def pdf(*objects: bytes, start: bytes = b"", end: bytes = b"", trailer: bytes = b"") -> bytes:
    """A file of these objects, numbered from 1, the first its catalog; `start` stands before the first, `end` after all."""
    made, places = b"%PDF-1.7\n" + start, []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    last = b"trailer\n<</Root 1 0 R/Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(made))
    return made + head + table + last + end


def page(*more: bytes, catalog: bytes = b"", start: bytes = b"", end: bytes = b"") -> bytes:
    """A file of one empty page, with `more` objects from number 4 on."""
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>", *more, start=start, end=end,
    )  # fmt: skip


def stream(info: bytes, data: bytes) -> bytes:
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(data), info, data)


@functools.cache
def nothing(size: int = MANY) -> bytes:
    """So many spaces, deflated."""
    made, block = zlib.compressobj(9), b" " * 1_000_000
    return b"".join(made.compress(block) for _ in range(size // len(block))) + made.flush()


def zipped(files: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return made.getvalue()


def zip_bomb() -> bytes:
    return zipped({"documento.pdf": b" " * MANY})


def nested() -> bytes:
    found = zip_bomb()
    for _ in range(6):
        found = zipped({f"{number}.zip": found for number in range(4)})
    return found


def workbook() -> bytes:
    return zipped(
        {"[Content_Types].xml": XML, "xl/workbook.xml": XML, "xl/worksheets/sheet1.xml": b"<c/>" * (MANY // 4)}
    )


def object_stream(filters: bytes = b"/FlateDecode") -> bytes:
    """A cross-reference stream that sends every object to one stream, which never ends."""
    data = nothing() if filters == b"/FlateDecode" else zlib.compress(nothing(3 * MANY))
    body = b"%PDF-1.7\n"
    at = len(body)
    body += b"4 0 obj\n%s\nendobj\n" % stream(b"/Type/ObjStm/N 3/First 20/Filter" + filters, data)
    table = len(body)
    rows = b"".join(
        struct.pack(">BIB", *row) for row in ((0, 0, 255), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, at, 0), (1, table, 0))
    )
    info = b"/Type/XRef/Size 6/W[1 4 1]/Root 1 0 R"
    return body + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(info, rows), table)


def table_stream() -> bytes:
    body = b"%PDF-1.7\n"
    info = b"/Type/XRef/Size 40000000/W[1 4 1]/Root 1 0 R/Filter/FlateDecode"
    return body + b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(info, nothing()), len(body))


def attached(name: bytes) -> bytes:
    return page(
        stream(b"/Type/EmbeddedFile", b"MZ"), b"<</Type/Filespec/F(%s)/UF(%s)/EF<</F 4 0 R>>>>" % (name, name),
        catalog=b"/Names<</EmbeddedFiles<</Names[(%s) 5 0 R]>>>>" % name,
    )  # fmt: skip


def png(width: int, height: int) -> bytes:
    """An image that says it is so large, and is not."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", nothing(20_000_000)) + part(b"IEND", b"")


def jpeg() -> bytes:
    made = io.BytesIO()
    Image.new("L", (16, 16)).save(made, "JPEG")
    return made.getvalue().replace(struct.pack(">HH", 16, 16), struct.pack(">HH", 65_500, 65_500), 1)


def frames() -> bytes:
    """Each frame may be read, and there are thirty of them."""
    made, one = io.BytesIO(), Image.new("1", (7_000, 7_000))
    one.save(made, "TIFF", save_all=True, append_images=[one] * 29, compression="group4")
    return made.getvalue()


@functools.cache
def bomb(name: str) -> bytes:
    """The file of that name."""
    return BOMBS[name]()


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "bomba.zip": zip_bomb,
    "anidada.zip": nested,
    "bomba.xlsx": workbook,
    "macros.docm": lambda: zipped(
        {"[Content_Types].xml": b"<Types/>", "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 64}
    ),
    "macros.doc": lambda: bytes.fromhex("d0cf11e0a1b11ae1") + b"Attribut\x00e VB_Nam" * 64,
    "fuera.zip": lambda: zipped({"../../../../etc/cron.d/x": b"* * * * * root id\n"}),
    "entidades.xml": lambda: XML,
    "guion.svg": lambda: SVG,
    "guion.html": lambda: HTML,
    "objetos.pdf": object_stream,
    "objetos-dos-veces.pdf": lambda: object_stream(b"[/FlateDecode/FlateDecode]"),
    "tabla.pdf": table_stream,
    "vueltas.pdf": lambda: pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]/Parent 2 0 R>>"
    ),
    "programa.pdf": lambda: page(catalog=b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
    "lanza.pdf": lambda: page(catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "lleva-macros.pdf": lambda: attached(b"carta.docm"),
    "pdf-y-html.pdf": lambda: page(start=HTML + b"\n"),
    "html-y-pdf.pdf": lambda: HTML + page(),
    "pdf-y-zip.pdf": lambda: page(end=zipped({"a.exe": b"MZ"})),
    "pdf-y-html-al-final.pdf": lambda: page(end=HTML),
    "enorme.png": lambda: png(50_000, 50_000),
    "enorme.jpg": jpeg,
    "cuadros.tif": frames,
    "pesado.pdf": lambda: page(stream(b"", bytes(15_000_000))),
}
