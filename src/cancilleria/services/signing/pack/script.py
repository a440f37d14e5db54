"""Makes the one-file verifier `verificar.py` of the modules of this room: no import but the standard library's and `cryptography`'s."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path

PARTS = ("refused", "der", "objects", "cms", "times", "revisions", "notes", "lists", "check", "command")
HEAD = '''"""Comprueba un paquete de pruebas de una cancillería, sin red. / Checks an evidence pack of a foreign ministry, offline.

    python verificar.py paquete.zip --trust confianza.json

Needs Python 3.11 or later and the package `cryptography`. Exit: 0 valid, 1 not valid, 2 unreadable.
"""

from __future__ import annotations

'''
TAIL = """

if __name__ == "__main__":
    sys.exit(main())
"""
OWN = ("cancilleria.", "__future__")
MANY = re.compile(r"\n{4,}")


@lru_cache(maxsize=1)
def script() -> bytes:
    """The whole verifier as one file, its parts in the order in which they lean on each other."""
    imports: dict[str, set[str]] = {}
    bodies: list[str] = []
    for name in PARTS:
        body = _without_imports((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"), imports)
        bodies.append(f"\n\n# --- {name} ---\n{body.strip()}\n")
    whole = HEAD + "".join(_import(module, imports[module]) for module in sorted(imports)) + "".join(bodies) + TAIL
    return MANY.sub("\n\n\n", whole).encode()


def _without_imports(source: str, imports: dict[str, set[str]]) -> str:
    """The module's own text, its docstring as a comment; what it imports from elsewhere is added to `imports`."""
    tree, lines = ast.parse(source), source.splitlines()
    told = ast.get_docstring(tree) or ""
    _blank(lines, tree.body[0])
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(OWN):
            imports.setdefault(node.module, set()).update(alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            imports.update((alias.name, set()) for alias in node.names)
        if isinstance(node, ast.Import | ast.ImportFrom):
            _blank(lines, node)
    return "\n".join([*(f"# {line}".rstrip() for line in told.splitlines()), "", *lines])


def _import(module: str, names: set[str]) -> str:
    return f"from {module} import {', '.join(sorted(names))}\n" if names else f"import {module}\n"


def _blank(lines: list[str], node: ast.stmt) -> None:
    for number in range(node.lineno - 1, node.end_lineno or node.lineno):
        lines[number] = ""
