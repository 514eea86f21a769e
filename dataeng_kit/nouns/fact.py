"""Fact: one measurement, with the query that measures it again and the honesty of its method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dataeng_kit.nouns.base import Noun


@dataclass(frozen=True)
class Fact(Noun):
    """One measured value; ``method`` is ``exact``, ``approximate ±e`` or ``sample of n``."""

    id: str
    value: Any
    query: str
    method: str = "exact"
    engine: str = "duckdb"
