"""The targets: the function, the modules whose branches guide the search, and the longest input tried."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from tests.fuzz.bounds import MEGABYTES

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Target:
    """`where` is module:function below this folder. The function raises nothing whatever it is given.

    `megabytes` are what an input may take: pictures are read where the child's own limit holds.
    """

    where: str
    guided: tuple[str, ...]
    longest: int
    megabytes: int = MEGABYTES

    def load(self) -> Callable[[bytes], None]:
        """The function; importing it is what instruments the modules."""
        module, _, name = self.where.partition(":")
        return cast("Callable[[bytes], None]", getattr(importlib.import_module(f"tests.fuzz.{module}"), name))


PACK, REGISTER = "cancilleria.services.signing.pack", "cancilleria.kernel.register"
TARGETS: dict[str, Target] = {
    "mrz": Target("paper:zone", ("cancilleria.services.seals",), 200),
    "seal": Target("paper:seal", ("cancilleria.services.seals",), 600),
    "picture": Target("paper:picture", ("cancilleria.services.seals", "PIL"), 4_000, 1_024),
    "note": Target("log:note", (REGISTER,), 4_000),
    "receipt": Target("log:receipt", (REGISTER, PACK), 4_000),
    "canonical": Target("log:canonical", (REGISTER, PACK), 2_000),
    "trust": Target("log:trust", (REGISTER, PACK, "cancilleria.services.signing.trust"), 4_000),
    "pdf": Target("signed:pdf", (PACK,), 4_000),
    "cms": Target("signed:cms", (PACK,), 8_000),
    "verifier": Target("signed:verifier", (PACK, REGISTER, "cancilleria.services.signing.evidence"), 40_000),
    "pack": Target("signed:pack", (PACK, "zipfile"), 60_000),
    "upload": Target("uploads:upload", ("cancilleria.services.signing.incoming", "pyhanko"), 40_000, 1_024),
    "scan": Target("uploads:scan", ("cancilleria.kernel.documents.images", "PIL"), 4_000, 1_024),
    "import": Target("tables:import_folder", ("cancilleria.site.imports.folder",), 2_000),
    "sheet": Target("sheets:sheet", ("cancilleria.site.imports.sheets", "openpyxl"), 8_000, 1_024),
    "manifest": Target("tables:manifest", ("cancilleria.site.batch",), 2_000),
    "profile": Target("tables:profile", ("cancilleria.kernel.organs.profile", "tomllib"), 2_000),
    "assistant": Target("tables:assistant", ("cancilleria.services.interop.mcp",), 2_000),
}


def kept(name: str) -> list[Path]:
    """The inputs kept for a target, in order."""
    return sorted(path for path in (CORPUS / name).glob("*") if path.is_file())
