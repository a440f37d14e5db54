"""Commands that need no installation, as somebody calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from cancilleria.services.signing.office import AUTHORITY, ENTITIES, SEAL, STAMP, roots_of, seal_of
from cancilleria.site.cli import main


def test_a_test_pki_is_made_by_one_command_and_never_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pki", str(tmp_path), "--ministry", "Ministerio de Utopía", "--country", "ut"]) == 0
    made = {path.stem: path.read_bytes() for path in tmp_path.glob("*.pem")}
    assert set(made) == {AUTHORITY, ENTITIES, SEAL, STAMP}
    assert len(capsys.readouterr().out.splitlines()) == len(made)
    (root,) = roots_of(tmp_path)
    seal_of(tmp_path, "").identity.certificate.verify_directly_issued_by(root)
    assert main(["pki", str(tmp_path)]) == 1
    assert "elija otra carpeta" in capsys.readouterr().err
    assert {path.stem: path.read_bytes() for path in tmp_path.glob("*.pem")} == made


def test_a_country_that_is_none_is_refused_and_nothing_is_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["pki", str(tmp_path / "claves"), "--country", "Perú"]) == 2
    assert "código de dos letras" in capsys.readouterr().err
    assert not (tmp_path / "claves").exists()
