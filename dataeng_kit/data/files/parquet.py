"""Parquet: stays a view over the file, so that memory is the engine's alone; very wide files are loaded once."""

from __future__ import annotations

from dataclasses import replace

from dataeng_kit.data.files import Task
from dataeng_kit.data.store import Loaded
from dataeng_kit.nouns import Reading

ORDER = 10
_WIDE = 100


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file starts as Parquet does."""
    return head.startswith(b"PAR1")


def read(task: Task) -> list[Loaded]:
    """Return one view (a table above 100 columns, where reading columns over and over costs more than memory)."""
    store = task.store
    scan = f"SELECT * FROM read_parquet({store.literal(str(task.path))})"
    relation = store.fresh()
    store.engine.run(f"CREATE VIEW {relation} AS {scan}", task.run)
    if wide := len(store.engine.columns(relation)) > _WIDE:
        store.engine.run(f"DROP VIEW {relation}")
        store.engine.run(f"CREATE TABLE {relation} AS {scan}", task.run)
    loaded = store.counted(relation, Reading("parquet", evidence=("types as the file declares them",)), task.run)
    return [replace(loaded, view=not wide)]
