"""Score the reader on a folder of messy files with their truth.

usage: bench_messy.py SCORER DATA_DIR…      SCORER: the scorer's path; DATA_DIR: files/, clean/, truth.json
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def read(path: str) -> dict:
    """Return the reader's answer for the scorer."""
    from dataeng_kit.data import read_answer

    return read_answer(Path(path))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for folder in sys.argv[2:]:
        subprocess.run(
            [sys.executable, sys.argv[1], folder, "--loader", f"{__file__}:read", "--jobs", "1", "--worst", "5"], check=True
        )
