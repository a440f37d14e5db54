"""Settings and keys: bad ones are named, secrets are for their owner only."""

from __future__ import annotations

import stat
from pathlib import Path
from unittest.mock import patch

import pytest

from cancilleria.site.environment import BadSetting, read, witness_port
from cancilleria.site.keys import CEREMONY, LOG, KeyRing, hold_ceremony, replace_log_key


def test_a_misspelt_setting_is_named_with_the_likely_one() -> None:
    with pytest.raises(BadSetting, match=r"No existe el ajuste CANCILLERIA_PROT. ¿Quiso decir CANCILLERIA_PORT\?"):
        read({"CANCILLERIA_PROT": "80"})


@pytest.mark.parametrize(("name", "value", "expected"), [
    ("CANCILLERIA_PORT", "ochenta", "un número de 1 a 65535"), ("CANCILLERIA_PORT", "70000", "un número de 1 a 65535"),
    ("CANCILLERIA_ADDRESS", "cancilleria.example", r"una dirección http\(s\)"), ("CANCILLERIA_DEMONSTRATION", "quizá", "si o no"),
    ("DATABASE_URL", "mysql://x/y", "postgresql://"), ("CANCILLERIA_WEB_WORKERS", "0", "mayor que 0"),
    ("CANCILLERIA_PROFILE", "atlantida", "una carpeta de profiles/"),
])  # fmt: skip
def test_a_bad_value_is_named_with_what_was_expected(name: str, value: str, expected: str) -> None:
    with pytest.raises(BadSetting, match=f"{name}=.*{expected}"):
        read({name: value})


def test_the_witness_listens_beside_the_site_unless_told_otherwise() -> None:
    assert witness_port(read({"CANCILLERIA_PORT": "9000"})) == 9001
    assert witness_port(read({"CANCILLERIA_WITNESS_PORT": "9500"})) == 9500


def test_the_ceremony_makes_what_is_missing_and_nothing_else(tmp_path: Path) -> None:
    assert len(hold_ceremony(tmp_path)) == len(CEREMONY)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "claves").iterdir()}
    (tmp_path / "claves" / "testigo.pem").unlink()
    (line,) = hold_ceremony(tmp_path)
    assert "testigo.pem" in line
    for path in (tmp_path / "claves").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert path.name == "testigo.pem" or path.read_bytes() == kept[path.name]


def test_a_replacement_cut_in_the_middle_leaves_the_log_its_key_and_may_be_done_again(tmp_path: Path) -> None:
    hold_ceremony(tmp_path)
    ring, kept = KeyRing(tmp_path / "claves"), "registro-anterior-1.pem"
    first = ring.text(LOG)
    with patch("os.fsync", side_effect=OSError("no room")), pytest.raises(OSError, match="no room"):
        replace_log_key(ring.folder, LOG, kept)
    assert ring.text(LOG) == ring.text(kept) == first
    replace_log_key(ring.folder, LOG, kept)
    assert ring.text(kept) == first != ring.text(LOG)
