"""Powers: whoever reads who may do what reads words, never codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from cancilleria.kernel.organs.limits import read_rules
from cancilleria.kernel.organs.pairs import seconders
from cancilleria.kernel.organs.profile import read_toml
from cancilleria.site.powers import LABELS

PROFILES = sorted((Path(__file__).resolve().parents[2] / "src" / "cancilleria" / "profiles").glob("*/profile.toml"))


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parent.name)
def test_every_power_of_a_profile_is_told_in_words(path: Path) -> None:
    posts = path.parent / "posts.toml"
    found = read_toml(posts)["post"] if posts.exists() else []
    assert isinstance(found, list)
    powers = {power.removesuffix("*") for post in found for power in post["powers"]}
    missing = sorted(powers - LABELS.keys())
    assert missing == [], "write what each may do in site/powers.py"


@pytest.mark.parametrize("path", PROFILES, ids=lambda path: path.parent.name)
def test_every_act_of_two_persons_has_somebody_who_runs_it(path: Path) -> None:
    for verb in read_rules(path.parent).two_persons:
        assert seconders.get(verb)
