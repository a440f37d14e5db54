"""Every input kept by the search for what breaks a reader is read again: nothing but the reader's own error may leave it.

Time and memory are judged by the drill, `DRILLS=fuzz make drill`, never here.
"""

from __future__ import annotations

import pytest
from tests.fuzz.table import CORPUS, TARGETS, kept


@pytest.mark.filterwarnings("ignore::UserWarning:PIL", "ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", TARGETS)
def test_what_was_kept_breaks_no_reader(name: str) -> None:
    inputs, read = kept(name), TARGETS[name].load()
    assert inputs, f"{name} has no specimen: python -m tests.fuzz.seeds"
    for path in inputs:
        read(path.read_bytes())


def test_every_folder_of_the_corpus_has_its_target() -> None:
    assert {folder.name for folder in CORPUS.iterdir()} == set(TARGETS)
