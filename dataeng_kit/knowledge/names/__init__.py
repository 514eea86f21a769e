"""The words that names of tables and columns are made of, by what they say; one card, read here and nowhere else."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files


@functools.cache
def _card() -> dict[str, tuple[str, ...]]:
    text = files(__package__).joinpath("words.toml").read_text("utf-8")
    return {kind: tuple(value.split()) for kind, value in tomllib.loads(text).items()}


@functools.cache
def name_words(kind: str) -> frozenset[str]:
    """Return the words of one section of ``names/words.toml``, lower case without accents; raises `KeyError` for another kind."""
    return frozenset(_card()[kind])


@functools.cache
def name_pairs(kind: str) -> dict[str, str]:
    """Return a section of ``short:long`` pairs."""
    return dict(pair.split(":") for pair in _card()[kind])
