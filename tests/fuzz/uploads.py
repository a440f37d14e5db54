"""What is received: a PDF as the child that reads it sees it, and images that become one."""

from __future__ import annotations

import base64

from tests.fuzz.keys import trust_list

from cancilleria.kernel.documents import parsing
from cancilleria.kernel.documents.pages import TO_PDF
from cancilleria.kernel.documents.rules import REFUSALS, inspection_from
from cancilleria.services.signing.pki import der

INSPECT = "cancilleria.services.signing.incoming:inspect"
ROOTS = [base64.b64encode(der(root)).decode() for root in trust_list().roots]


def upload(data: bytes) -> None:
    """An inspection or a refusal that has words."""
    answer = parsing.answer(INSPECT, data, {"roots": ROOTS})
    if "refused" in answer:
        assert answer["refused"] in REFUSALS
    else:
        assert inspection_from(answer["found"]).pages >= 0


def scan(data: bytes) -> None:
    """Two images, or what says it is one; the first byte tells where they part."""
    cut = len(data) if not data or not data[0] else len(data) // 2
    answer = parsing.answer(TO_PDF, data[1:], {"lengths": [cut - 1, len(data) - cut][: 1 + (cut < len(data))]})
    if "refused" in answer:
        assert answer["refused"] in REFUSALS
    else:
        assert parsing.decode(answer["found"]).startswith(b"%PDF-")
