"""`make bench`: every figure of DESIGN 5 this work touches, beside its baseline, in one run. It prints; it asserts nothing.

PARTS=log,growth takes only some; ACTS, CASES and GROWTH say how many of each.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench.rows import Row


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="cancilleria-bench-") as folder:
        home = Path(folder) / "casa"
        home.mkdir(mode=0o700)
        # Settings are read on import: the folder is named first.
        os.environ.update(
            CANCILLERIA_HOME=str(home), CANCILLERIA_ROLE="app", DJANGO_SETTINGS_MODULE="cancilleria.site.settings"
        )
        from cancilleria.site.commands.serve import hold_keys  # noqa: PLC0415
        from cancilleria.site.environment import read  # noqa: PLC0415
        from cancilleria.site.supervisor import Supervisor  # noqa: PLC0415

        hold_keys(home, "peru")
        supervisor = Supervisor(home, read(os.environ), print)
        supervisor.open_database()
        try:
            _measure(home)
        finally:
            supervisor.close()


def _measure(home: Path) -> None:
    import django  # noqa: PLC0415

    django.setup()
    from tests.bench import cases, figures, forms, growth, issue, log, pages, recording  # noqa: PLC0415
    from tests.bench.rows import HEADING, line  # noqa: PLC0415

    parts: dict[str, Callable[[], Iterator[Row]]] = {
        "log": log.rows, "forms": forms.rows, "issue": issue.rows, "recording": lambda: recording.rows(home),
        "pages": pages.rows, "cases": cases.rows, "figures": figures.rows, "growth": growth.rows,
    }  # fmt: skip
    chosen = os.environ.get("PARTS", "").split(",") if os.environ.get("PARTS") else list(parts)
    print(HEADING, flush=True)
    for name in chosen:
        for row in parts[name]():
            print(line(row), flush=True)


if __name__ == "__main__":
    main()
