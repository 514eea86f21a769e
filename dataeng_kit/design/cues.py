"""The modeller's word lists, read from their card; synonyms live in knowledge/ and nowhere else."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files

from dataeng_kit.errors import unknown


@functools.cache
def _card() -> dict[str, frozenset[str]]:
    text = files("dataeng_kit.knowledge").joinpath("decisions", "modelling.toml").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in tomllib.loads(text).items()}


def cue(name: str) -> frozenset[str]:
    """Return one list of the card; raises `KitError` with the nearest name."""
    if name not in _card():
        raise unknown("word list", name, _card())
    return _card()[name]
