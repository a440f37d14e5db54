"""Minimises: `python -m tests.fuzz.keep TARGET FOLDER` keeps of FOLDER, smallest first, what takes a step the corpus does not take."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import django
from tests.fuzz.table import CORPUS, TARGETS, kept

Step = tuple[str, int, int]  # a file, and two lines of it of which one was run after the other


def steps(read: Callable[[bytes], None], data: bytes, guided: tuple[str, ...]) -> set[Step]:
    """Every step of the guided modules while the input is read."""
    found: set[Step] = set()

    def traced(frame: FrameType, _event: str, _given: object) -> Callable[..., object] | None:
        module = str(frame.f_globals.get("__name__", ""))
        if not any(module == prefix or module.startswith(f"{prefix}.") for prefix in guided):
            return None
        last = frame.f_lineno

        def line(frame: FrameType, event: str, _given: object) -> Callable[..., object]:
            nonlocal last
            if event == "line":
                found.add((module, last, frame.f_lineno))
                last = frame.f_lineno
            return line

        return line

    sys.settrace(traced)
    try:
        read(data)
    finally:
        sys.settrace(None)
    return found


def main() -> None:
    """Prints how many of how many were kept."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cancilleria.site.settings")
    django.setup()
    target = TARGETS[name]
    read, known, count = target.load(), set[Step](), 0
    for path in kept(name):
        known |= steps(read, path.read_bytes(), target.guided)
    found = sorted(folder.iterdir(), key=lambda path: path.stat().st_size)
    for path in found:
        if new := steps(read, path.read_bytes(), target.guided) - known:
            known |= new
            count += 1
            shutil.copy(path, CORPUS / name / path.name)
    print(f"{name}: {count} of {len(found)}")


if __name__ == "__main__":
    main()
