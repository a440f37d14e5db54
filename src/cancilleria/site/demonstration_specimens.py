"""The demonstration's paper: drawn specimens, blank forms, and documents signed by hand to be scanned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cancilleria.domains.apostille.actions import receive_forms, register_specimen
from cancilleria.domains.apostille.models.registers import AUTHORITY, OWN_CONSUL
from cancilleria.kernel.documents.intake import take_in
from cancilleria.kernel.documents.pages import pdf_of
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.doors import ministry
from cancilleria.kernel.organs.models import Organ, Posting
from cancilleria.kernel.organs.queries import name_of
from cancilleria.kernel.people.actions import register_entity
from cancilleria.site import demonstration_drawings as drawings

Table = Mapping[str, Any]


def make_paper(specimens: Sequence[Table], packets: Sequence[Table], folder: Path) -> None:
    """Register each drawn specimen and write the paper it signed, if it has one; receive each packet of forms."""
    for row in specimens:
        _make_specimen(row, folder)
    for row in packets:
        receive_forms(actor=SYSTEM, organ=row["organ"], series=row["series"], first=row["first"], count=row["count"])


def _make_specimen(row: Table, folder: Path) -> None:
    home = Organ.objects.get(pk=ministry().headquarters)
    posting = Posting.objects.filter(post=row.get("post", ""), to_date=None).select_related("post").first()
    organ = posting.post.organ_id if posting else ""
    name = name_of(organ, language="es") if organ else row["entity"]
    state = row.get("state", ministry().country)
    entity = register_entity(
        actor=SYSTEM, organ=home.key, zone=home.zone, name=name, kind="public", country=state
    )  # fmt: skip
    images = {"signature": drawings.signature(row["name"]), "seal": drawings.seal(name)}
    register_specimen(
        actor=SYSTEM, name=row["name"], capacity=row["capacity"], entity=entity, valid_from=row["valid_from"],
        kind=OWN_CONSUL if organ else row.get("kind", AUTHORITY), state=state, organ=organ,
        posting=posting.key if posting else "", source="demostración",
        **{key: take_in(pdf_of([drawings.png(drawn)]), title=f"{key}.png") for key, drawn in images.items()},
    )  # fmt: skip
    if "file" in row:
        paper = drawings.paper(
            title=row["title"], entity=name, text=row["text"], signer=row["name"], capacity=row["capacity"]
        )
        (folder / row["file"]).write_bytes(paper)
