"""The demonstration set: invented officers, entities and documents, made on first start and labelled everywhere."""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import generate_totp_secret
from cryptography.hazmat.primitives import hashes
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from cancilleria.domains.apostille.actions import register_specimen
from cancilleria.kernel.organs.actions import post_officer
from cancilleria.kernel.organs.authority import SYSTEM
from cancilleria.kernel.organs.doors import ministry, official
from cancilleria.kernel.organs.models import Officer, Organ, Post
from cancilleria.kernel.organs.profile import read_toml
from cancilleria.kernel.people.actions import register_entity
from cancilleria.services.accounts.actions import open_account
from cancilleria.services.signing import pki
from cancilleria.services.signing.demonstration import make_document, sign_as_entity
from cancilleria.services.signing.office import ENTITIES
from cancilleria.site.demonstration_specimens import make_paper
from cancilleria.site.keys import write_secret

Table = Mapping[str, Any]


def make() -> bool:
    """Make the set once; False when it was there. Logins go to `demostracion/accesos.json`, mode 600."""
    folder = settings.HOME / "demostracion"
    if (folder / "accesos.json").exists():
        return False
    found = read_toml(settings.PROFILE_FOLDER / "demo.toml")
    documents = folder / "documentos"
    documents.mkdir(parents=True, exist_ok=True)
    entities, authorities = _authorities(), settings.HOME / "autoridades"
    authorities.mkdir(exist_ok=True)
    (authorities / f"{ENTITIES}.pem").write_bytes(pki.pem(entities.certificate))
    with transaction.atomic():
        for row in _rows(found, "authority"):
            _make_authority(row, entities, documents)
        _make_refused(_rows(found, "authority")[0], documents)
        logins = [_make_officer(row) for row in _rows(found, "officer")]
        make_paper(_rows(found, "specimen"), _rows(found, "forms"), documents)
    write_secret(folder / "accesos.json", json.dumps(logins, ensure_ascii=False, indent=1).encode())
    return True


def _rows(found: Mapping[str, object], name: str) -> list[Table]:
    rows = found.get(name, [])
    return rows if isinstance(rows, list) else []


def _authorities() -> pki.Identity:
    return pki.load(settings.HOME / "claves" / f"{ENTITIES}.pem")


def _make_authority(row: Table, entities: pki.Identity, documents: Path) -> None:
    """An entity's signer, its specimen in the register if it is to be there, and one document it signed."""
    identity = pki.make_signer(
        row["name"],
        organisation=row["entity"],
        title=row["capacity"],
        country=ministry().country,
        above=entities,
        at=pki.now(),
    )
    (documents / row["file"]).write_bytes(sign_as_entity(_document(row), identity, name=row["name"]))
    if row["registered"]:
        home = Organ.objects.get(pk=ministry().headquarters)
        entity = register_entity(
            actor=SYSTEM, organ=home.key, zone=home.zone, name=row["entity"], kind="public", country=ministry().country
        )
        register_specimen(
            actor=SYSTEM, key=row["key"], name=row["name"], capacity=row["capacity"], entity=entity,
            fingerprint=identity.certificate.fingerprint(hashes.SHA256()).hex(), valid_from=row["valid_from"],
            valid_to=None, source="demostración",
        )  # fmt: skip


def _make_refused(row: Table, documents: Path) -> None:
    """Documents that are refused, each for its reason: a mere scan, a broken signature, an unknown signer."""
    plain, signed = _document(row), (documents / row["file"]).read_bytes()
    (documents / "escaneo-sin-firma.pdf").write_bytes(plain)
    at = signed.index(b"/Title")
    (documents / "firma-rota.pdf").write_bytes(signed[: at + 8] + bytes([signed[at + 8] ^ 1]) + signed[at + 9 :])
    stranger = pki.make_authority("Autoridad desconocida", country="XX", at=pki.now())
    identity = pki.make_signer(
        row["name"], organisation=row["entity"], title=row["capacity"], country="XX", above=stranger, at=pki.now()
    )
    (documents / "firmante-desconocido.pdf").write_bytes(sign_as_entity(plain, identity, name=row["name"]))


def _document(row: Table) -> bytes:
    return make_document(
        title=row["title"], entity=row["entity"], text=row["text"], signer=row["name"], capacity=row["capacity"],
        on=timezone.now().date(), language=ministry().languages[0],
    )  # fmt: skip


def _make_officer(row: Table) -> dict[str, str]:
    key = f"officer:{uuid.uuid4()}"
    names = {name: row[name] for name in ("given_names", "first_surname", "second_surname")}
    officer = Officer.objects.create(key=key, **names, signature_line=" ".join(names.values()))
    post = Post.objects.get(pk=row["post"])
    post_officer(actor=SYSTEM, officer=officer, post=post, from_date=date(2026, 1, 1))
    password, totp = f"demo-{secrets.token_hex(6)}", generate_totp_secret()
    open_account(officer=key, email=row["email"], password=password, totp_secret=totp)
    return {
        "name": officer.name, "email": row["email"], "password": password, "totp_secret": totp, "organ": post.organ_id,
        "post": official({"es": post.title_es, "en": post.title_en}),
    }  # fmt: skip
