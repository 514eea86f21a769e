"""Keys and foreign keys of TPC-H: what was found, what was not, and the CPU against one SUMMARIZE pass over the tables.

python tests/benchmarks/bench_tpch.py FOLDER        (one Parquet file a table, as `tpchgen-cli parquet -s 1` writes)
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

KEYS = {
    "region": "r_regionkey", "nation": "n_nationkey", "supplier": "s_suppkey", "customer": "c_custkey", "part": "p_partkey",
    "partsupp": "ps_partkey ps_suppkey", "orders": "o_orderkey", "lineitem": "l_orderkey l_linenumber",
}  # fmt: skip
REFERENCES = {
    ("nation", "n_regionkey", "region"), ("supplier", "s_nationkey", "nation"), ("customer", "c_nationkey", "nation"),
    ("partsupp", "ps_partkey", "part"), ("partsupp", "ps_suppkey", "supplier"), ("orders", "o_custkey", "customer"),
    ("lineitem", "l_orderkey", "orders"), ("lineitem", "l_partkey", "part"), ("lineitem", "l_suppkey", "supplier"),
    ("lineitem", "l_partkey l_suppkey", "partsupp"),
}  # fmt: skip


def main() -> int:
    if len(sys.argv) < 2:
        print("skipped: name the folder of TPC-H Parquet files")
        return 0
    import duckdb

    from dataeng_kit.data import open_data
    from dataeng_kit.profile import profile_data

    folder = Path(sys.argv[1])
    started = time.process_time()
    data = open_data((str(folder),))
    profile = profile_data(data, only=frozenset({"keys", "relations"}))
    cpu, peak = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    keys = {t.name: " ".join(t.primary_key or ()) for t in profile.tables}
    found = {(k.table, " ".join(k.columns), k.ref_table) for k in profile.foreign_keys}
    data.close()
    started = time.process_time()
    for file in folder.glob("*.parquet"):
        duckdb.execute(f"SUMMARIZE SELECT * FROM '{file}'").fetchall()
    reference = time.process_time() - started
    print(
        f"primary keys {sum(keys.get(t) == k for t, k in KEYS.items())} of 8; wrong: {[t for t, k in KEYS.items() if keys.get(t) != k]}"
    )
    print(
        f"references {len(found & REFERENCES)} of 10; missed: {sorted(REFERENCES - found)}; false: {sorted(found - REFERENCES)}"
    )
    print(f"{cpu:.1f} CPU s = {cpu / reference:.2f} x SUMMARIZE ({reference:.1f}), {peak:,.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
