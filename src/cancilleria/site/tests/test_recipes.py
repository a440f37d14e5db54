"""Each recipe of docs/recipes, followed."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from cancilleria.kernel.cases import queries
from cancilleria.kernel.indicators.acts import Scope
from cancilleria.kernel.indicators.declaration import Indicator, Indicators
from cancilleria.kernel.indicators.expression import BadExpression
from cancilleria.kernel.indicators.queries import figure
from cancilleria.kernel.organs.models import Organ, OrganName
from cancilleria.kernel.organs.profile import BadProfile
from cancilleria.kernel.register import doors, receipt
from cancilleria.kernel.register.models import Entry, Leaf
from cancilleria.kernel.register.note import Signer
from cancilleria.kernel.register.queries import receipt_for
from cancilleria.kernel.register.sequencer import LogBehind, Sequencer
from cancilleria.kernel.register.tests.invented import recording
from cancilleria.kernel.register.tiles import Folder
from cancilleria.kernel.register.verbs import UnknownVerb
from cancilleria.kernel.testing.cast import on_stage
from cancilleria.site import profile

ROOT = Path(__file__).resolve().parents[4]
pytestmark = pytest.mark.django_db
PERU = Path(profile.__file__).resolve().parents[2] / "profiles" / "peru"
HEADQUARTERS = "organ:dgc"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the profile that may be changed."""
    return Path(shutil.copytree(PERU, tmp_path / "peru"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_profile_loads_once_and_says_nothing_the_second_time(folder: Path) -> None:
    first = profile.load(folder, headquarters=HEADQUARTERS)
    assert any(line.startswith("órganos: 174 altas") for line in first)
    count = Entry.objects.count()
    assert profile.load(folder, headquarters=HEADQUARTERS) == []
    assert Entry.objects.count() == count
    assert {"profile.loaded", "states.loaded", "parties.loaded", "procedure.changed"} <= set(
        Entry.objects.values_list("verb", flat=True)
    )


def test_add_an_organ(folder: Path) -> None:
    profile.load(folder, headquarters=HEADQUARTERS)
    rows = (folder / "organs.csv").read_text(encoding="utf-8")
    madrid = next(line for line in rows.splitlines() if line.startswith("organ:cg-madrid,"))
    code = madrid.split(",")[1]
    added = madrid.replace("organ:cg-madrid", "organ:cg-new").replace(f",{code},", ",CG-NEW,", 1)
    (folder / "organs.csv").write_text(rows.rstrip("\n") + f"\n{added}\n", encoding="utf-8")
    assert profile.differences(folder).added == ("organ:cg-new",)
    profile.load(folder, headquarters=HEADQUARTERS)
    assert Organ.objects.get(pk="organ:cg-new").zone == "Europe/Madrid"
    (folder / "organs.csv").write_text(rows, encoding="utf-8")
    profile.load(folder, headquarters=HEADQUARTERS)
    assert Organ.objects.get(pk="organ:cg-new").closed_on is not None


def test_a_bad_value_is_named_with_its_line_and_nothing_changes(folder: Path) -> None:
    change(folder / "organs.csv", "America/Lima,6 7", "America/Lima,seis")
    with pytest.raises(BadProfile, match=r"organs.csv, línea 2: weekend"):
        profile.load(folder, headquarters=HEADQUARTERS)
    assert not Organ.objects.exists()


def test_a_renamed_organ_is_found_under_its_new_name(folder: Path) -> None:
    profile.load(folder, headquarters=HEADQUARTERS)
    name = OrganName.objects.get(organ=HEADQUARTERS, language="es", to_date=None).name
    change(folder / "organs.csv", name, "Dirección Nueva")
    profile.load(folder, headquarters=HEADQUARTERS)
    assert OrganName.objects.get(organ=HEADQUARTERS, language="es", to_date=None).name == "Dirección Nueva"


def test_add_a_procedure_as_a_new_version_of_its_norm(folder: Path) -> None:
    profile.load(folder, headquarters=HEADQUARTERS)
    change(folder / "procedures" / "apostille.toml", "term_days = 0", "term_days = 3")
    assert profile.load(folder, headquarters=HEADQUARTERS) == ["trámite apostille: versión nueva"]
    version = queries.current_version("apostille")
    assert (version.number, queries.norm_of(version).term_days) == (2, 3)
    change(folder / "procedures" / "apostille.toml", 'silence = "negative"', 'silence = "perhaps"')
    with pytest.raises(BadProfile, match="silence"):
        profile.load(folder, headquarters=HEADQUARTERS)


def entry() -> Entry:
    with transaction.atomic():
        return Entry.objects.get(pk=recording().id)


def test_restore_an_older_database_stops_the_log_and_names_the_gap(tmp_path: Path, as_worker) -> None:  # type: ignore[no-untyped-def]
    log = Signer("registro.prueba", Ed25519PrivateKey.generate())
    with doors.log_origin.held(log.name), doors.log_files.held(Folder(tmp_path)):
        point = transaction.savepoint()
        entry()
        with as_worker():
            sequencer = Sequencer(log, Folder(tmp_path))
            sequencer.start()
            sequencer.step()
        transaction.savepoint_rollback(point)
        assert not Leaf.objects.filter(origin=log.name).exists()
        with as_worker(), pytest.raises(LogBehind, match="tiene 1 asientos y la base de datos 0"):
            Sequencer(log, Folder(tmp_path)).start()


def test_rotate_the_key_of_the_log(tmp_path: Path, as_worker) -> None:  # type: ignore[no-untyped-def]
    old = Signer("registro.prueba", Ed25519PrivateKey.generate())
    new = replace(old, key=Ed25519PrivateKey.generate())
    with doors.log_origin.held(old.name), doors.log_files.held(Folder(tmp_path)):
        first = entry()
        with as_worker():
            before = Sequencer(old, Folder(tmp_path))
            before.start()
            before.step()
        second = entry()
        with as_worker():
            after = Sequencer(new, Folder(tmp_path), former=(old,))
            after.start()
            after.step()
        for found in (first, second):
            given = receipt_for(found.pk)
            assert given is not None
            for key in (old, new):
                assert receipt.verify(given, bytes(found.leaf_hash), logs=[key.verifier()]).origin == old.name


def test_add_an_indicator() -> None:
    """The declaration the recipe shows is one: it can be registered, and it reads its acts."""
    told = (ROOT / "docs" / "recipes" / "add-an-indicator.md").read_text(encoding="utf-8")
    shown = told.partition("```python")[2].partition("```")[0]
    found = eval(shown.strip(), {"Indicator": Indicator})  # noqa: S307 - a block of our own documents
    Indicators([found])
    (rule,) = found.rules()
    assert rule.dimensions == ("kind",)
    with on_stage():
        assert figure(found, Scope()).value == 0
    with pytest.raises((BadExpression, UnknownVerb)):
        replace(found, numerator="count(apostille.isued)").rules()
