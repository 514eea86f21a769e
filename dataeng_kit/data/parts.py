"""A sub-folder whose files share a schema and differ by a date or number is one table; look-alikes stay apart."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote

from dataeng_kit.data.engines.base import Engine
from dataeng_kit.data.naming import stem
from dataeng_kit.data.store import Loaded, Store
from dataeng_kit.nouns import Reading
from dataeng_kit.run import Run

_VARIES = re.compile(
    r"(?i)(?<![a-z])(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*(?![a-z])|q[1-4](?![a-z0-9])|\d+([-_.:T]?\d+)*"
)


@dataclass(frozen=True)
class Found:
    """One table on its way into the case: its file below the place, what was loaded, and what it will be called."""

    relative: PurePosixPath
    loaded: Loaded
    source: str
    place: str
    fingerprint: str = ""
    engine: Engine | None = None
    named: str = ""
    parts: tuple[str, ...] = ()
    at: int = 0
    """The number of the place it was found in."""


def pattern(name: str) -> str:
    """Return a file name with its dates and numbers replaced, so that parts of one table agree."""
    return _VARIES.sub("#", stem(name)).lower()


def join_parts(found: list[Found], store: Store, run: Run) -> list[Found]:
    """Return the tables with every sub-folder of parts as one; a part whose columns differ stays apart and is said."""
    folders: dict[PurePosixPath, list[Found]] = {}
    for f in found:
        if f.engine is None and not f.named and len(f.relative.parts) > 1:
            folders.setdefault(_folder(f.relative), []).append(f)
    joined: dict[int, Found | None] = {}
    for folder, members in folders.items():
        same = {(pattern(f.relative.name), f.loaded.suffix) for f in members}
        varies = len(same) == 1 and "#" in next(iter(same))[0] + str(members[0].relative.parent)
        if varies if len(members) > 1 and not _keys(members[0]) else any(map(_keys, members)):
            joined.update(_join(folder, members, store, run))
    return [g for f in found if (g := joined.get(id(f), f)) is not None]


def _folder(relative: PurePosixPath) -> PurePosixPath:
    """Return the folder of the table: partition folders such as ``month=2024-01`` belong to the one above."""
    folder = relative.parent
    while "=" in folder.name:
        folder = folder.parent
    return folder


def _keys(f: Found) -> dict[str, str]:
    """Return the columns that folders such as ``month=2024-01`` add to a file, with its values of them."""
    pairs = (part.partition("=") for part in f.relative.parent.parts)
    held = {c.name.lower() for c in f.loaded.columns}
    return {unquote(k): unquote(v) for k, equals, v in pairs if equals and k and unquote(k).lower() not in held}


def _schema(f: Found) -> frozenset[str]:
    return frozenset(c.name for c in f.loaded.columns)


def _join(folder: PurePosixPath, members: list[Found], store: Store, run: Run) -> dict[int, Found | None]:
    common = Counter(map(_schema, members)).most_common(1)[0][0]
    alike = [f for f in members if _schema(f) == common]
    problems = [_drift(f, common) for f in members if _schema(f) != common]
    if len(alike) < 2 and not any(map(_keys, alike)):
        return {id(f): replace(f, loaded=f.loaded.noted(problems)) for f in members} if problems else {}
    for name in sorted(common):
        types = Counter(next(c.type for c in f.loaded.columns if c.name == name) for f in alike)
        if len(types) > 1:
            problems.append(
                f"column '{name}' is "
                + ", ".join(f"{t} in {n}" for t, n in types.most_common())
                + " parts; read as their common type"
            )
    keys = [_keys(f) for f in alike]
    relation = store.unite([f.loaded for f in alike], keys, run)
    folders = {k: f"from the folders {k}=…" for k in dict.fromkeys(k for held in keys for k in held)}
    reading = _total([f.loaded.reading for f in alike], [f.relative.name for f in alike], problems)
    evidence = {c.name: c.evidence for c in alike[0].loaded.columns} | folders
    reading = replace(reading, evidence=(*reading.evidence, *(f"column '{k}' comes {why}" for k, why in folders.items())))
    columns = tuple(replace(c, evidence=evidence.get(c.name, "")) for c in store.engine.columns(relation))
    loaded = replace(alike[0].loaded, relation=relation, columns=columns, reading=reading, view=all(f.loaded.view for f in alike))
    whole = replace(
        alike[0],
        loaded=loaded,
        source=str(alike[0].source.rpartition("/")[0] or folder),
        named=str(folder) if folder.parts else alike[0].place,
        parts=tuple(str(f.relative) for f in alike),
        fingerprint=" + ".join(f.fingerprint for f in alike),
    )
    result: dict[int, Found | None] = {id(f): None for f in alike}
    result[id(alike[0])] = whole
    for f in members:
        if _schema(f) != common:
            result[id(f)] = replace(f, loaded=f.loaded.noted([_drift(f, common)]))
    return result


def _drift(f: Found, common: frozenset[str]) -> str:
    more, less = sorted(_schema(f) - common), sorted(common - _schema(f))
    diff = f"more: {', '.join(more) or 'none'}; fewer: {', '.join(less) or 'none'}"
    return f"{f.relative.name} has other columns than the other parts ({diff}) and was not joined"


def _total(readings: list[Reading], names: list[str], problems: list[str]) -> Reading:
    counts = {
        k: sum(getattr(r, k) for r in readings) for k in ("records", "header", "preamble", "footer", "rows", "rejected", "lost")
    }
    said = [f"{name}: {p}" for name, r in zip(names, readings, strict=True) for p in r.problems]
    evidence = (f"{len(readings)} parts with the same columns in one folder", *readings[0].evidence)
    return replace(
        readings[0],
        evidence=evidence,
        problems=(*problems, *said),
        rejects=tuple(x for r in readings for x in r.rejects),
        **counts,
    )
