"""One target in a process of its own: `python -m tests.fuzz.run TARGET [options and folders of libFuzzer]`.

A folder to write to and those to read from search; a file alone replays one input. `tests.fuzz.keep` minimises what was found.
"""

from __future__ import annotations

import inspect
import os
import sys
from collections.abc import Iterator
from types import FunctionType, ModuleType

import atheris
import django
from tests.fuzz.bounds import bounded
from tests.fuzz.table import TARGETS, kept


def guide(prefixes: tuple[str, ...]) -> None:
    """Let the branches of these modules, all loaded, guide the search. An import hook would take the whole package with them."""
    for name, module in list(sys.modules.items()):
        if any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes):
            for function in _functions(module):
                atheris.instrument_func(function)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """The functions and methods written in the module."""
    own = [value for value in vars(module).values() if getattr(value, "__module__", "") == module.__name__]
    for value in own:
        inside = vars(value).values() if inspect.isclass(value) else [value]
        for found in inside:
            function = getattr(found, "__func__", getattr(found, "fget", found))
            if isinstance(function, FunctionType) and function.__module__ == module.__name__:
                yield function


def main() -> None:
    """Does not return: libFuzzer ends the process, with a code other than 0 when an input broke the target."""
    name, options = sys.argv[1], sys.argv[2:]
    target = TARGETS[name]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cancilleria.site.settings")
    django.setup()
    function = target.load()
    guide(target.guided)
    for path in kept(name):  # what is loaded late is loaded now, and charged to nobody
        function(path.read_bytes())
    atheris.Setup([sys.argv[0], f"-max_len={target.longest}", *options], bounded(function, target.megabytes))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
