"""What the code never does, or does in named modules only: found in its text, so that a new place is a decision."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from cancilleria.domains.apostille.tests.cast import keys

SOURCE = Path(__file__).resolve().parents[2] / "src" / "cancilleria"
MODULES = [p for p in SOURCE.rglob("*.py") if "tests" not in p.parts and "migrations" not in p.parts]
SCRIPTS = [*SOURCE.rglob("*.js")]
# Who may open a connection to another process or machine, and to whom.
CONNECTIONS = {
    "kernel/documents/scanner.py": "the scanner of files that the settings name",
    "kernel/register/witness.py": "the witness asks the log it was told to watch",
    "services/interop/outgoing.py": "subscribed addresses, of the hosts the settings name",
    "services/notices/outbox.py": "the mail server of the settings",
    "site/supervisor.py": "its own site on the loopback",
}
# Who may start a program: always a list of words, never a shell.
PROGRAMS = {
    "kernel/documents/parsing.py", "site/backup/base.py", "site/backup/verification.py", "site/commands/restore.py",
    "site/database/server.py", "site/supervisor.py",
}  # fmt: skip
# Lists of leaked passwords are published by SHA-1, which protects nothing here.
LEAKS = ["services/accounts/passwords.py"]
# Fixed drawings of the demonstration, whose seed is given.
PREDICTABLE = {"site/demonstration_drawings.py"}
NETWORK = {"socket", "http.client", "urllib.request", "smtplib", "requests", "httpx", "ftplib", "aiohttp"}


def name_of(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def importing(*modules: str) -> set[str]:
    return {name_of(path) for path in MODULES if imports(path) & set(modules)}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Every call: where, of what, and the call."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield name_of(path), ast.unparse(node.func), node


def test_nothing_runs_text_as_a_program_or_by_a_shell() -> None:
    running = {"eval", "exec", "compile", "os.system", "os.popen", "subprocess.getoutput", "Template", "mark_safe"}
    found = [(where, what) for where, what, _call in calls() if what in running]
    shells = [where for where, _what, call in calls() for k in call.keywords if k.arg == "shell"]
    assert (found, shells) == ([], [])
    assert importing("subprocess") == PROGRAMS
    templates = [
        p for p in SOURCE.rglob("templates/**/*.html") if re.search(r"\|\s*safe\b|autoescape off", p.read_text())
    ]
    assert templates == []


def test_only_named_modules_open_connections() -> None:
    assert importing(*NETWORK) <= set(CONNECTIONS)


def test_nothing_reads_xml_or_pickles() -> None:
    assert (
        importing(
            "pickle", "marshal", "shelve", "xml.etree.ElementTree", "xml.dom.minidom", "lxml", "lxml.etree", "yaml"
        )
        == set()
    )


def test_no_pattern_is_built_from_what_was_typed() -> None:
    built = {"re.compile", "re.search", "re.match", "re.fullmatch", "re.sub", "re.findall"}
    found = [
        (where, ast.unparse(call.args[0]))
        for where, what, call in calls()
        if what in built and call.args and not isinstance(call.args[0], ast.Constant)
    ]
    assert [place for place in found if "re.escape" not in place[1] and not place[1].isupper()] == []


def test_what_must_not_be_guessed_comes_from_the_system() -> None:
    assert importing("random") <= PREDICTABLE


def test_no_weak_digest_or_mode_is_used() -> None:
    weak = re.compile(r"hashlib\.(md5|sha1|new)|hashes\.(MD5|SHA1)\b|modes\.(ECB|CBC)|algorithms\.(ARC4|TripleDES)")
    assert [name_of(p) for p in MODULES if weak.search(p.read_text(encoding="utf-8"))] == LEAKS


def test_no_primitive_is_written_here() -> None:
    """Digests, signatures and curves are the libraries'; what is here puts them together."""
    used = [
        importing("hashlib"),
        {n for n in map(name_of, MODULES) if n.startswith(("services/signing", "kernel/register"))},
    ]
    assert all(used)
    rounds = re.compile(r"0x67452301|0x6a09e667|0x428a2f98|pow\(\w+, \w+, \w+\)", re.IGNORECASE)
    assert [name_of(p) for p in MODULES if rounds.search(p.read_text(encoding="utf-8"))] == []


def test_keys_are_of_128_bits_or_more() -> None:
    for identity in (keys().rosa, keys().entities):
        key = identity.certificate.public_key()
        assert key.key_size >= (3072 if "RSA" in type(key).__name__ else 256)  # type: ignore[union-attr]


def test_no_form_takes_every_field_of_a_model() -> None:
    assert [name_of(p) for p in MODULES if re.search(r"ModelForm|__all__\"\s*$|setattr\(.*POST", p.read_text())] == []


def test_scripts_write_text_and_run_none() -> None:
    running = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|__proto__"
    )
    assert [name_of(p) for p in SCRIPTS if running.search(p.read_text(encoding="utf-8"))] == []
    assert len(SCRIPTS) >= 5


def test_scripts_keep_nothing_in_the_browser() -> None:
    """But whether somebody wants keyboard shortcuts."""
    keeping = re.compile(r"(?:localStorage|sessionStorage)\.(?!keys\b)\w+|indexedDB|document\.cookie")
    assert [name_of(p) for p in SCRIPTS if keeping.search(p.read_text(encoding="utf-8"))] == []
