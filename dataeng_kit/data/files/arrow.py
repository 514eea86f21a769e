"""Arrow and Feather files, through polars or pyarrow, whichever is installed; neither is required for anything else."""

from __future__ import annotations

from pathlib import Path

from dataeng_kit.data.files import Task
from dataeng_kit.data.store import Loaded
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Reading

ORDER = 15


def accepts(head: bytes, name: str) -> bool:
    """Return whether the file is an Arrow file or stream."""
    named = name.lower().endswith((".arrow", ".ipc", ".feather"))
    return head.startswith((b"ARROW1", b"FEA1")) or (named and head.startswith(b"\xff\xff\xff\xff"))


def read(task: Task) -> list[Loaded]:
    """Return the file's table; raises `KitError` when no library for Arrow is here or the file is damaged."""
    copy = task.store.scratch / f"{task.store.number()}.parquet"
    try:
        _to_parquet(task, copy)
    except ImportError as error:
        raise KitError(
            f"'{task.name}' is an Arrow file, and no library that reads it is installed", "pip install polars"
        ) from error
    except Exception as error:  # both libraries raise types of their own; the sentence names the file
        raise KitError(f"'{task.name}' is a damaged Arrow file ({type(error).__name__})", "Write it again") from error
    return [task.store.parquet(copy, Reading("arrow", evidence=("types as the file declares them",)), task.run)]


def _to_parquet(task: Task, copy: Path) -> None:
    with task.path.open("rb") as f:
        stream = f.read(6) != b"ARROW1"
    try:
        import polars
    except ImportError:
        import pyarrow.feather
        import pyarrow.parquet

        table = pyarrow.ipc.open_stream(str(task.path)).read_all() if stream else pyarrow.feather.read_table(str(task.path))
        pyarrow.parquet.write_table(table, str(copy))
        return
    frame = polars.read_ipc_stream(task.path) if stream else polars.read_ipc(task.path)
    frame.write_parquet(copy)
