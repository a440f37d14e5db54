"""Rooms: which files may be where, and how big."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "cancilleria"
# One list for every domain: who knows one room knows thirty (DESIGN, section 1).
DOMAIN_FILES = {
    "__init__.py", "rules.py", "models.py", "queries.py", "actions.py", "verbs.py", "procedures.py", "indicators.py",
    "forms.py", "api.py", "tasks.py", "reactions.py", "admin.py", "urls.py", "views", "templates", "static", "migrations",
    "tests",
}  # fmt: skip
HIDING = {"utils.py", "helpers.py", "misc.py", "common.py"}
PY = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
MODULES = [p for p in PY if "tests" not in p.parts]


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def test_a_domain_holds_only_files_of_known_names() -> None:
    strange = [
        found.relative_to(SOURCE).as_posix()
        for domain in (SOURCE / "domains").iterdir()
        if domain.is_dir() and domain.name != "__pycache__"
        for found in domain.iterdir()
        # Past 400 lines a file becomes a package of the same name.
        if not {found.name, f"{found.name}.py"} & (DOMAIN_FILES | {"__pycache__"})
    ]
    assert strange == []


def test_no_name_hides_what_a_file_holds() -> None:
    assert [p for p in PY if p.name in HIDING] == []


def test_files_and_functions_stay_small() -> None:
    sizes = sorted(lines(p) for p in MODULES if lines(p) >= 5)
    assert statistics.median(sizes) <= 80
    assert sizes[int(0.9 * (len(sizes) - 1))] <= 250
    assert [p.name for p in MODULES if lines(p) > 400] == []
    assert [p.name for p in PY if lines(p) > 600] == []
    long = [
        f"{path.name}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 50
    ]
    assert long == []


@pytest.mark.parametrize(
    "path", [p for p in MODULES if p.name != "__init__.py"], ids=lambda p: p.relative_to(SOURCE).as_posix()
)
def test_every_module_says_what_it_holds(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_models_have_no_behaviour() -> None:
    found = [
        f"{path.parent.name}:{node.name}"
        for path in SOURCE.rglob("models.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "clean"}
    ]
    assert found == []


def test_nobody_listens_to_model_signals() -> None:
    assert [p for p in MODULES if "django.db.models.signals" in p.read_text(encoding="utf-8")] == []


def test_no_template_carries_inline_style_or_script() -> None:
    found = [
        p.relative_to(SOURCE).as_posix()
        for p in SOURCE.rglob("templates/**/*.html")
        if " style=" in (text := p.read_text(encoding="utf-8")) or "<script>" in text or " onclick" in text
    ]
    assert found == []
