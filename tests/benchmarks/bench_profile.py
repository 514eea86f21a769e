"""CPU and memory of `profile --json` against DuckDB's SUMMARIZE of the same file, each in its own process.

    python tests/benchmarks/bench_profile.py FILE.parquet … [--only columns,keys] [--ydata]

The verb's CPU is that of the whole process minus that of `--version`. The run also checks distinct counts, missing values
and the ten most frequent values of every column against DuckDB. With --ydata, ydata-profiling's minimal description of the
same file is measured in the same run, without its own imports and without its page.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

MEASURE = """
import json, resource, subprocess, sys
with open(sys.argv[1], "wb") as out:
    subprocess.run(sys.argv[2:], stdout=out, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
SUMMARIZE = "import duckdb, sys; duckdb.execute(f\"SUMMARIZE SELECT * FROM '{sys.argv[1]}'\").fetchall()"
YDATA = """
import sys
import pandas as pd
from ydata_profiling import ProfileReport
if len(sys.argv) > 1:
    ProfileReport(pd.read_parquet(sys.argv[1]), minimal=True, progress_bar=False).get_description()
"""


def cost(out: Path, *command: str) -> tuple[float, float]:
    """Return CPU seconds and peak megabytes of one command."""
    done = subprocess.run([sys.executable, "-c", MEASURE, str(out), *command], capture_output=True, text=True, check=True)
    cpu, megabytes = json.loads(done.stdout)
    return cpu, megabytes


def verify(file: Path, answer: Path) -> int:
    """Return how many facts differ from DuckDB's own counts."""
    import duckdb

    wrong = 0
    (table,) = json.loads(answer.read_text("utf-8"))["tables"].values()
    for name, column in table["columns"].items():
        c = '"' + name.replace('"', '""') + '"'
        distinct, nulls = duckdb.execute(f"SELECT count(DISTINCT {c}), count(*) - count({c}) FROM '{file}'").fetchall()[0]
        top = duckdb.execute(
            f"SELECT count(*) n FROM '{file}' WHERE {c} IS NOT NULL GROUP BY {c} ORDER BY n DESC LIMIT 10"
        ).fetchall()
        wrong += (column["distinct"], column["nulls"], [n for _, n in column["top"]]) != (distinct, nulls, [n for (n,) in top])
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*")
    parser.add_argument("--only", default="columns,keys")
    parser.add_argument("--ydata", action="store_true")
    args = parser.parse_args()
    kit, answer = (sys.executable, "-m", "dataeng_kit"), Path("/dev/null")
    for file in args.files:
        answer = file.with_suffix(".profile.json")
        only = ("--only", args.only) if args.only != "all" else ()
        start, _ = cost(answer, *kit, "--version")
        reference, _ = cost(answer, sys.executable, "-c", SUMMARIZE, str(file))
        cpu, megabytes = cost(answer, *kit, "profile", str(file), *only, "--json")
        ratio = (cpu - start) / reference
        print(
            f"{file.name:28s} {cpu - start:7.2f} CPU s = {ratio:.2f} x SUMMARIZE ({reference:.2f}), {megabytes:,.0f} MB, "
            f"wrong: {verify(file, answer)}",
            flush=True,
        )
        if args.ydata:
            imports, _ = cost(answer, sys.executable, "-W", "ignore", "-c", YDATA)
            theirs, memory = cost(answer, sys.executable, "-W", "ignore", "-c", YDATA, str(file))
            print(
                f"{'ydata-profiling minimal':28s} {theirs - imports:7.2f} CPU s = {(theirs - imports) / (cpu - start):.1f} x the kit, {memory:,.0f} MB"
            )
        answer.unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
