"""The panels of the workbench: one file each, whose presence is its registration.

A panel file holds ``TITLE``, ``ORDER``, ``NEEDS`` (verbs whose results it shows) and ``render(bench) -> html``.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Spec:
    """One panel as found: ``render`` takes the workbench and returns HTML."""

    id: str
    title: str
    order: int
    needs: tuple[str, ...]
    render: Callable[[Any], str]


def _found() -> dict[str, Spec]:
    specs = []
    for module in pkgutil.iter_modules(__path__):
        m = importlib.import_module(f"{__name__}.{module.name}")
        specs.append(Spec(module.name, m.TITLE, m.ORDER, m.NEEDS, m.render))
    return {s.id: s for s in sorted(specs, key=lambda s: s.order)}


PANELS = _found()
