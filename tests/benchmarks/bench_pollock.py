"""Score the reader on Pollock files, cells as written and without being told the dialect.

usage: bench_pollock.py SCORER DATA_DIR…      DATA_DIR: csv/, clean/, with pollock_weights.json beside it
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def read(path: str) -> tuple[list[list[str]], dict]:
    """Return rows with the header first, and the answer as the report; Pollock compares cells as they were written."""
    from dataeng_kit.data import read_answer

    answer = read_answer(Path(path), {"*": {"as_written": True}})
    return ([answer["header"]] if answer["header"] is not None else []) + answer["rows"], answer


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for folder in sys.argv[2:]:
        subprocess.run(
            [sys.executable, sys.argv[1], f"{__file__}:read", folder, "--jobs", "1", "--classes", "--worst", "5"], check=True
        )
