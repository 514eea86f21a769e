"""Rows that two deliveries share by key: how many keys went and came, and how often each column's value was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dataeng_kit.nouns import TableProfile
from dataeng_kit.nouns.delivery import Kept, Keys
from dataeng_kit.profile.laws.scope import Scope

LOOKED_AT = 20_000
"""Old rows that are looked up in the new delivery; of longer tables the first so many."""
ASKED = 500
"""Keys in one query."""


def kept_rows(sides: tuple[Scope, Scope], before: TableProfile, after: TableProfile) -> tuple[Keys | None, tuple[Kept, ...]]:
    """Return key turnover and the change rate of every shared column; nothing without a shared key that holds on both sides."""
    key = before.primary_key or ()
    there = {c.name: c.type for c in after.columns}
    shared = [c.name for c in before.columns if there.get(c.name) == c.type and c.name not in key]
    if not key or after.primary_key != key or any(there.get(c) != before.column(c).type for c in key):
        return None, ()
    old = {r[: len(key)]: r[len(key) :] for r in _rows(sides[0], before.name, (*key, *shared), f" LIMIT {LOOKED_AT}")}
    new: dict[tuple[Any, ...], tuple[Any, ...]] = {}
    for where in _chunks(sides[1], before.name, key, list(old)):
        new |= {r[: len(key)]: r[len(key) :] for r in _rows(sides[1], before.name, (*key, *shared), where)}
    kept = [(old[k], new[k]) for k in old if k in new]
    method = "exact" if len(old) == before.rows else f"sample of {len(old):,}"
    came = after.rows - len(kept) if method == "exact" else None
    rates = tuple(Kept(before.name, c, len(kept), sum(a[i] != b[i] for a, b in kept), method) for i, c in enumerate(shared))
    return Keys(before.name, len(old), len(old) - len(kept), came, method), rates if kept else ()


def _rows(scope: Scope, table: str, columns: Sequence[str], tail: str) -> list[tuple[Any, ...]]:
    names = ", ".join(scope.name(table, c) for c in columns)
    return [tuple(r) for r in scope.rows(table, f"SELECT {names} FROM {scope.relation(table)}{tail}")]


def _chunks(scope: Scope, table: str, key: Sequence[str], keys: Sequence[tuple[Any, ...]]) -> Iterator[str]:
    """Yield the conditions that fetch *keys*, some hundreds at a time."""
    names = ", ".join(scope.name(table, c) for c in key)
    for at in range(0, len(keys), ASKED):
        told = ", ".join(f"({', '.join(scope.literal(table, v) for v in k)})" for k in keys[at : at + ASKED])
        yield f" WHERE ({names}) IN ({told})"
