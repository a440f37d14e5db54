"""`make bench`: every figure of DESIGN 5 this work touches, beside its baseline, in one run. It prints; it asserts nothing."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


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
    from tests.bench import cases, figures, forms, issue, log, pages, recording  # noqa: PLC0415
    from tests.bench.rows import table  # noqa: PLC0415

    print(
        table(
            [
                *log.rows(),
                *forms.rows(),
                *issue.rows(),
                *recording.rows(home),
                *pages.rows(),
                *cases.rows(),
                *figures.rows(),
            ]
        )
    )


if __name__ == "__main__":
    main()
