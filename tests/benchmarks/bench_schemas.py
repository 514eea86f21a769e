"""Score keys and foreign keys of whole databases: F1 against their truth files, CPU and seconds a database.

    python tests/benchmarks/bench_schemas.py SCHEMAS_DIR SCORER.py [--split real|variant|all] [name …]

SCHEMAS_DIR holds one folder of CSV files with a truth.json each; only the CSV files are copied and shown to the kit.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dataeng_kit.data import open_data
from dataeng_kit.profile import profile_answer, profile_data


def predict(folder: Path, out: Path) -> None:
    """Write the profile of one database's CSV files and print what it cost."""
    started, cpu = time.monotonic(), time.process_time()
    with tempfile.TemporaryDirectory() as copy:
        for file in folder.glob("*.csv"):
            shutil.copy(file, copy)
        data = open_data((copy,))
        profile = profile_data(data, only=frozenset({"keys", "relations"}))
        out.write_text(json.dumps(profile_answer(profile, (), ()), allow_nan=False), "utf-8")
        data.close()
    print(f"{folder.name:30s} {time.monotonic() - started:6.1f} s  {time.process_time() - cpu:6.1f} CPU s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schemas", type=Path, nargs="?")
    parser.add_argument("scorer", type=Path, nargs="?")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--split", default="all")
    args = parser.parse_args()
    if not args.scorer:
        print("skipped: name SCHEMAS_DIR and SCORER.py")
        return 0
    folders = [d for d in sorted(args.schemas.iterdir()) if d.is_dir() and (not args.names or d.name in args.names)]
    with tempfile.TemporaryDirectory() as out:
        for folder in folders:
            predict(folder, Path(out) / f"{folder.name}.json")
        command = [sys.executable, str(args.scorer), "--preds", out, "--truths", str(args.schemas), "--split", args.split, "-v"]
        return subprocess.run([*command, *(["--only", *args.names] if args.names else [])]).returncode


if __name__ == "__main__":
    sys.exit(main())
