"""One module per arrow: what a noun shows, as blocks. A module's presence is its registration."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Sequence
from typing import Any

from dataeng_kit.nouns.base import Noun, plain
from dataeng_kit.show.blocks import Block, Para, facts, short
from dataeng_kit.show.views.base import MANY, ONE


@functools.cache
def _load() -> None:
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")


def blocks(noun: Any) -> tuple[Block, ...]:
    """Return the view of a noun, or of a sequence of one kind; one without a view is a sequence of one, or shows its fields."""
    _load()
    if isinstance(noun, Sequence) and not isinstance(noun, str):
        if not noun:
            return (Para("Nothing to show."),)
        several = MANY.get(type(noun[0]))
        return tuple(several(noun)) if several else tuple(b for item in noun for b in blocks(item))
    if one := ONE.get(type(noun)):
        return tuple(one(noun))
    if many := MANY.get(type(noun)):
        return tuple(many((noun,)))
    if isinstance(noun, Noun):
        return facts((name, short(plain(value), 300)) for name, value in vars(noun).items())
    return (Para(str(noun)),)
