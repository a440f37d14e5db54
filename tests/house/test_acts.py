"""Acts: every writer names its actor and records; every verb is whole; what is open is listed."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from cancilleria.domains.apostille import actions
from cancilleria.kernel.cases.actions import erasure
from cancilleria.kernel.cases.procedures import procedures
from cancilleria.kernel.register.verbs import Facts, verbs
from cancilleria.services.accounts.audience import audience_of
from cancilleria.site.composition import PROCEDURES, TASKS, VERBS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "cancilleria"
# A room's writers are in actions.py, or in a package of that name once they outgrow a file.
ACTIONS = [
    *(p for p in SOURCE.rglob("actions.py") if p.parent.name not in {"register", "accounts"}),
    *SOURCE.rglob("actions/*.py"),
]
TESTS = "\n".join(p.read_text(encoding="utf-8") for p in SOURCE.rglob("tests/*.py"))
# Open verbs show organ, number and times to the world. Adding one is a decision: it is written here.
# A legalisation is shown to strangers as an apostille is: they check it in the same public register.
OPEN = {
    "apostille.issued", "apostille.corrected", "apostille.annulled", "document.signed", "document.renewed", "document.stamped",
    "legalisation.issued", "legalisation.corrected", "legalisation.annulled",
}  # fmt: skip


def public_functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]


def writers() -> list[tuple[Path, ast.FunctionDef]]:
    reads = {"stored_network"}
    return [(p, f) for p in ACTIONS for f in public_functions(p) if f.name not in reads]


@pytest.mark.parametrize(("path", "function"), writers(), ids=lambda x: getattr(x, "name", ""))
def test_every_action_takes_its_actor_by_name_in_one_transaction(path: Path, function: ast.FunctionDef) -> None:
    assert not function.args.args
    assert function.args.kwonlyargs[0].arg == "actor"
    decorators = {ast.unparse(d) for d in function.decorator_list}
    assert "transaction.atomic" in decorators


def recorders(path: Path) -> set[str]:
    """Names of a module's functions that record, directly or through another of them or of the kernel."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {
        "record",
        "advance",
        "go_on",
        "give_receipt",
        "propose_act",
        "settle_case",
        "decide_case",
        "make_ready",
        "submit_case",
        "issue_apostille",
    }
    for _ in range(6):
        for node in tree.body:
            names = {n.attr if isinstance(n, ast.Attribute) else n.id for n in ast.walk(node)
                     if isinstance(n, ast.Name | ast.Attribute)}  # fmt: skip
            if names & found and isinstance(node, ast.FunctionDef):
                found.add(node.name)
            if names & found and isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)  # a table of writers
    return found


@pytest.mark.parametrize(("path", "function"), writers(), ids=lambda x: getattr(x, "name", ""))
def test_every_action_records(path: Path, function: ast.FunctionDef) -> None:
    assert function.name in recorders(path)


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.code)
def test_every_verb_has_sentence_facts_and_owner(verb: object) -> None:
    found = verbs.get(verb.code)  # type: ignore[attr-defined]
    assert str(found.sentence)
    assert found.owner
    assert issubclass(found.facts, Facts)
    assert "." in found.code


def test_only_these_verbs_are_open() -> None:
    assert {verb.code for verb in VERBS if verb.open} == OPEN


def test_every_verb_is_recorded_in_a_test() -> None:
    missing = [verb.code for verb in VERBS if f'"{verb.code}"' not in TESTS]
    assert missing == []


def views(patterns: list[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str, object]]:
    found: list[tuple[str, object]] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += views(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            found.append((prefix + str(pattern.pattern), pattern.callback))
    return found


def test_every_address_declares_its_audience() -> None:
    addresses = views(get_resolver().url_patterns)
    assert len(addresses) > 20
    assert [address for address, view in addresses if audience_of(view) is None] == []  # type: ignore[arg-type]


def test_every_procedure_is_whole() -> None:
    for procedure in PROCEDURES:
        assert procedures.get(procedure.key) is procedure
        assert procedure.decide_power
        assert procedure.pages
        assert f'"{procedure.key}"' in TESTS


def test_every_task_that_is_queued_has_a_worker() -> None:
    # An action queues what follows it; the worker queues what time asks for.
    source = "\n".join(p.read_text(encoding="utf-8") for p in [*ACTIONS, *SOURCE.rglob("tasks.py")])
    queued = set(re.findall(r"tasks\(\)\.defer\((?:actions\.)?(\w+)", source))
    assert queued == {"SIGN_TASK", "STAMP_TASK", "RENEW_TASK", "BULK_TASK", "LIST_TASK"}
    assert set(TASKS) == {erasure.LIST_TASK, *(getattr(actions, name) for name in queued - {"LIST_TASK"})}
