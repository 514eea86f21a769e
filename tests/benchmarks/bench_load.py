"""Compare the loading of clean CSV with DuckDB's own: CPU and wall seconds, the ratio without and with the second count, peak memory.

usage: bench_load.py [FILE.csv…]      without files: a million rows of ten columns, made here
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

MADE = """SELECT i AS id, DATE '2020-01-01' + (i % 1500)::INT AS day, 'C' || (hash(i) % 50000) AS customer, hash(i) % 100 AS qty,
round(i * 0.37, 2) AS price, ['new', 'paid', 'sent'][1 + (i % 3)] AS status, TIMESTAMP '2021-01-01' + to_seconds(i) AS at,
i % 2 = 0 AS flag, 'some, text ' || i AS note, 10000 + i % 89999 AS zip FROM range(1000000) r(i)"""


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return (CPU, wall) seconds of one call."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def measure(path: Path) -> None:
    """Print one line for a file: best of three of each."""
    import duckdb

    from dataeng_kit.data import open_data
    from dataeng_kit.data.files import clean

    counting: list[float] = []
    count = clean._count

    def watched(*args):  # the second count is paid apart from the load
        cpu = time.process_time()
        found = count(*args)
        counting.append(time.process_time() - cpu)
        return found

    def own():
        with duckdb.connect() as connection:
            connection.execute(f"CREATE TABLE t AS FROM read_csv('{path}')")

    def kit():
        open_data((str(path),)).close()

    clean._count = watched
    theirs, ours = min(timed(own) for _ in range(3)), min(timed(kit) for _ in range(3))
    second = min(counting, default=0.0)
    print(
        f"{path.name}: DuckDB {theirs[0]:.2f} s CPU, kit {ours[0]:.2f} s CPU of which second count {second:.2f}; "
        f"ratio {(ours[0] - second) / theirs[0]:.2f} without, {ours[0] / theirs[0]:.2f} with it; wall {theirs[1]:.2f} and {ours[1]:.2f} s"
    )
    try:
        import resource
    except ImportError:
        return
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        if not sys.argv[1:]:
            duckdb.sql(MADE).write_csv(f"{folder}/made.csv")
        for name in sys.argv[1:] or [f"{folder}/made.csv"]:
            measure(Path(name))
