"""Papers: settings, glossary, translations and migrations say what is true."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cancilleria.services.signing import office
from cancilleria.site.environment import documentation
from cancilleria.site.keys import CEREMONY

ROOT = Path(__file__).resolve().parents[2]
PURE = ("merkle", "note", "tiles", "receipt", "leaf", "canonical", "codes", "witness")


def test_every_setting_is_documented() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == documentation()


def test_every_message_has_an_english_text_and_the_compiled_catalogue_is_current() -> None:
    sys.path.insert(0, str(ROOT))
    from tests.house import messages  # noqa: PLC0415 - the root of the repository is not a package of the project

    found = messages.catalogue()
    assert messages.untranslated(found) == []
    assert (messages.FOLDER / "django.mo").read_bytes() == messages.compiled(found)


SECURITY = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_key_stands_in_the_inventory_of_cryptography() -> None:
    files = {*CEREMONY, *(f"{name}.pem" for name in (office.AUTHORITY, office.SEAL, office.STAMP)), "entidades.pem"}
    assert set(re.findall(r"^\| `([\w-]+\.(?:pem|txt|json))` \|", SECURITY, re.MULTILINE)) == files


def test_every_logger_stands_in_the_inventory_of_logs() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    assert set(re.findall(r'getLogger\("(cancilleria[\w.]*)"\)', source)) == set(
        re.findall(r"^\| `(cancilleria[\w.]*)` \|", SECURITY, re.MULTILINE)
    )


def test_what_bounds_costly_functions_exists() -> None:
    named = re.findall(r"`(cancilleria[\w.]+):([A-Z_]+)`", SECURITY)
    assert len(named) > 7
    for module, constant in named:
        assert getattr(importlib.import_module(module), constant)


def test_times_to_mend_are_written_for_every_severity() -> None:
    written = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert [row for row in ("critical", "high", "medium", "low") if f"\n| {row}" not in written] == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert "No changes detected" in said.getvalue()


def test_the_glossary_names_identifiers_that_exist() -> None:
    source = "\n".join(p.read_text(encoding="utf-8") for p in (ROOT / "src").rglob("*.py"))
    rows = re.findall(r"^\| [^|]+ \| `([a-z_]+)` \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(rows) > 25
    assert [word for word in rows if not re.search(rf"(?i){word.replace('_', '_?')}", source)] == []


def test_the_architecture_is_told_in_150_lines() -> None:
    assert len((ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize(
    "module",
    [
        *(f"cancilleria.kernel.register.{name}" for name in PURE),
        "cancilleria.site.commands.verify",
        "cancilleria.site.commands.seal",
    ],
)
def test_what_verifies_loads_without_django(module: str) -> None:
    code = f"import sys, {module}; sys.exit(any(name == 'django' or name == 'psycopg' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_links_of_the_documents_lead_somewhere() -> None:
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
