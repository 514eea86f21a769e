"""Technologies: one class per file; a file's presence is its registration."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from dataeng_kit.errors import unknown
from dataeng_kit.technologies.base import Technology


@functools.cache
def all() -> dict[str, type[Technology]]:
    """Return every technology that the kit writes code for, by its id."""
    found: dict[str, type[Technology]] = {}
    for module in pkgutil.iter_modules(__path__):
        if module.name in ("base", "spelling"):
            continue
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if (
                isinstance(value, type)
                and issubclass(value, Technology)
                and value.__module__.endswith(f".{module.name}")
                and value.written
            ):
                found[value.id] = value
    return found


def find(id: str) -> type[Technology]:
    """Return the class of one technology; raises `KitError` with the nearest id."""
    if id not in all():
        raise unknown("technology", id, all())
    return all()[id]
