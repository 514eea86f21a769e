"""Score dimensional designs against published stars: from CSV files, and from declared keys in an empty DuckDB file.

    python tests/benchmarks/bench_stars.py TRUTH_DIR SCHEMAS_DIR SCORER.py [name …]

TRUTH_DIR holds one JSON per published star; a folder of the same name in SCHEMAS_DIR gives the CSV files, otherwise a
DuckDB file is made from the truth's tables, types and keys. Prints one row per star; 'csv' or 'keys' says from what.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

from dataeng_kit import design
from dataeng_kit.data import open_data
from dataeng_kit.nouns import Context, Evidence
from dataeng_kit.profile import profile_data

TYPES = {
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "datetime": "TIMESTAMP",
    "text": "VARCHAR",
    "boolean": "BOOLEAN",
}
MEASURES = ("facts", "grain", "measures", "dimensions", "rollup", "links", "dates", "scd", "score")


def declared(schema: dict[str, Any], file: Path) -> Path:
    """Write an empty DuckDB file with the schema's tables and declared keys; parents first."""
    quoted = lambda name: '"' + name.replace('"', '""') + '"'  # noqa: E731  # one line of quoting
    names = lambda columns: ", ".join(map(quoted, columns))  # noqa: E731
    connection = duckdb.connect(str(file))
    waiting = dict(schema)
    while waiting:
        name = next(
            (
                t
                for t, v in waiting.items()
                if all(k["ref_table"] not in waiting or k["ref_table"] == t for k in v["foreign_keys"])
            ),
            None,
        )
        ring = name is None
        name = name or next(iter(waiting))
        table = waiting.pop(name)
        parts = [f"{quoted(c)} {TYPES.get(k, 'VARCHAR')}" for c, k in table["columns"].items()]
        if table["primary_key"]:
            parts.append(f"PRIMARY KEY ({names(table['primary_key'])})")
        for key in table["foreign_keys"]:
            if not (ring and key["ref_table"] in waiting):
                there = key.get("ref_columns") or schema[key["ref_table"]]["primary_key"]
                parts.append(f"FOREIGN KEY ({names(key['columns'])}) REFERENCES {quoted(key['ref_table'])} ({names(there)})")
        connection.execute(f"CREATE TABLE {quoted(name)} ({', '.join(parts)})")
    connection.close()
    return file


def main(truths: str, schemas: str, scorer: str, *only: str) -> None:
    """Print the scores."""
    spec = importlib.util.spec_from_file_location("scorer", scorer)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    print(f"{'':28s}" + "".join(f"{m:>11s}" for m in MEASURES) + f"{'seconds':>9s}")
    for path in sorted(Path(truths).glob("*.json")):
        truth = json.loads(path.read_text("utf-8"))
        if only and truth["name"] not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            places = [("keys", declared(truth["schema"], Path(folder) / f"{truth['name']}.duckdb"))]
            for csv in sorted(Path(schemas).glob(f"{truth['name']}*")):
                if csv.is_dir() and "anon" not in csv.name:
                    copy = Path(folder) / csv.name
                    copy.mkdir()
                    for file in csv.glob("*.csv"):
                        shutil.copy(file, copy)
                    places.append((csv.name.removeprefix(truth["name"]) + " csv", copy))
            for label, place in places:
                row(module, truth, label, place)


def row(module: Any, truth: dict[str, Any], label: str, place: Path) -> None:
    """Print one line."""
    begun = time.monotonic()
    data = open_data((str(place),))
    try:
        evidence = Evidence(truth["name"], Context(), data.tables, profile_data(data))
        result = module.score(truth, design.design_answer(design.find("dimensional")(evidence)))
    finally:
        data.close()
    values = [v["f1"] if isinstance(v := result.get(m), dict) else v for m in MEASURES]
    shown = "".join(f"{'-' if v is None else format(v, '.3f'):>11s}" for v in values)
    print(f"{truth['name'] + ' ' + label:28s}{shown}{time.monotonic() - begun:9.1f}")
    if result["score"] < 1:
        print("".join(f"    {k}: {', '.join(map(str, v))}\n" for k, v in result["explain"].items() if v), end="")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
