"""The kinds that tell something of themselves in the demonstration."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from signalements.kinds.registry import kind_packages


def demo_modules() -> Iterator[tuple[str, ModuleType]]:
    """The function of each kind with a `demo` module, and that module: its `stories` and its `BROUILLONS`."""
    for name in kind_packages():
        if find_spec(f"{name}.demo"):
            yield import_module(f"{name}.kind").KIND.fonction, import_module(f"{name}.demo")
