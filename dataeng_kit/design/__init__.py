"""Design: Evidence → target models; a module with a `design` function is one kind, its presence its registration."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable
from typing import Any

from dataeng_kit.errors import unknown
from dataeng_kit.nouns import Design, Evidence
from dataeng_kit.nouns.design import KINDS

__all__ = ["design_answer", "find", "kinds"]


@functools.cache
def kinds() -> dict[str, Callable[[Evidence], Design]]:
    """Return the design function of every kind that is built."""
    present = {m.name for m in pkgutil.iter_modules(__path__)}
    return {k: importlib.import_module(f"{__name__}.{k}").design for k in KINDS if k in present}


def find(kind: str) -> Callable[[Evidence], Design]:
    """Return the design function of one kind; raises `KitError` with the nearest kind."""
    if kind not in kinds():
        raise unknown("design", kind, kinds())
    return kinds()[kind]


def design_answer(design: Design) -> dict[str, Any]:
    """Return a design in the JSON shape of `advise`."""
    from dataeng_kit.design.answer import answer

    return answer(design)
