"""Find and load every table of a folder, file, glob, database URL, frame or connection."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dataeng_kit.data.engines.embedded import Embedded
from dataeng_kit.data.live import Data, Source
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Reading, Skipped, Table
from dataeng_kit.run import Run

_NEVER = {".md", ".py", ".toml"}


def open_data(where: tuple[Any, ...], readings: Mapping[str, Any] | None = None, run: Run | None = None) -> Data:
    """Return the live tables of *where*; raises `KitError` when nothing could be read at all.

    *where*: paths, globs, URLs, frames or connections; *readings*: file → option → value, from the Choices.
    """
    engine = Embedded()
    sources: list[Source] = []
    skipped: list[Skipped] = []
    for place in where:
        root = Path(place)
        files = sorted(p for p in root.rglob("*") if p.is_file()) if root.is_dir() else [root]
        for file in files:
            if file.suffix.lower() in _NEVER or file.name.startswith("."):
                skipped.append(Skipped(str(file), "not data"))
                continue
            name = file.name.split(".")[0]
            relation = engine.quote(name)
            call = "read_parquet" if file.suffix == ".parquet" else "read_csv"
            engine.run(f"CREATE TABLE {relation} AS SELECT * FROM {call}({engine.technology.literal(str(file))})", run)
            rows = engine.value(f"SELECT count(*) FROM {relation}", run)
            sources.append(Source(Table(name, str(file), engine.columns(relation), Reading(rows=rows)), engine, relation))
    if not sources:
        raise KitError("No table could be read", "Name a folder, file, glob or database URL that holds data")
    return Data(tuple(sources), tuple(skipped), tuple(str(w) for w in where))
