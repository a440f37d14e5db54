"""Debian's clamd, with one signature of our own, judges what a stranger sends."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from cancilleria.kernel.documents import pages, parsing
from cancilleria.kernel.documents.rules import Refused
from cancilleria.kernel.documents.scanner import scan
from cancilleria.services.signing.tests.invented import ministry

MARK = b"MARCA-INVENTADA-DE-UN-PROGRAMA-DANINO"


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("clamd", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.fail("clamd is missing: apt-get install clamav-daemon")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "base").mkdir()
    (folder / "base" / "propia.ndb").write_text(f"Prueba.Inventada:0:*:{MARK.hex()}\n")
    told = f"LocalSocket {folder}/conector\nDatabaseDirectory {folder}/base\nForeground yes\nUser root\n"
    (folder / "clamd.conf").write_text(told)
    with subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL) as process:
        try:
            deadline = time.monotonic() + 60
            while not (folder / "conector").exists() and time.monotonic() < deadline and process.poll() is None:
                time.sleep(0.1)
            yield str(folder / "conector")
        finally:
            process.terminate()


def test_what_the_scanner_knows_is_refused_and_the_rest_passes(clamd: str) -> None:
    scan(ministry().stamped, clamd)
    with pytest.raises(Refused) as error:
        scan(ministry().stamped + MARK, clamd)
    assert error.value.code == "malicious"


def test_no_file_of_a_stranger_is_read_before_the_scanner_saw_it(clamd: str, settings: LazySettings) -> None:
    settings.ANTIVIRUS = clamd
    with pytest.raises(Refused) as error:
        parsing.in_child(b"%PDF-1.7\n" + MARK, function=pages.PICTURE, given={"page": 1})
    assert error.value.code == "malicious"


def test_a_scanner_that_does_not_answer_takes_nothing_in(tmp_path: Path) -> None:
    with pytest.raises(Refused) as error:
        scan(b"%PDF-", str(tmp_path / "nadie"))
    assert (error.value.code, "inténtelo otra vez" in error.value.message) == ("unchecked", True)
