"""Write seeded databases whose table and column names say nothing, to be scored by bench_schemas.py.

    python tests/benchmarks/bench_nameless.py OUT [--seeds 1 2 3] [--only hotel …]        then bench_schemas.py OUT SCORER.py

Eight schemas (nameless/schemas.txt) × seeds × {clean, dirty}: keys that all start at 1, uuids, codes, gaps, line numbers and
bridges; references drawn evenly, after Zipf, from the late or from few parents, some empty. Each is anonymised: tables t1…, columns
c1…, shuffled by the seed; *dirty* loses 3 % of the rows of every referenced table.
"""

import argparse
import csv
import json
import random
import re
import sys
import uuid
from pathlib import Path

SPEC = Path(__file__).parent / "nameless" / "schemas.txt"
KINDS = {
    "text": lambda r: f"{r.choice('BCDFGHKLMNPRST')}{''.join(r.choice('aeioulnrst') for _ in range(r.randint(3, 9)))} {r.randint(1, 400)}",
    "long": lambda r: " ".join(r.choice(("good", "poor", "late", "clean", "again", "never")) for _ in range(r.randint(3, 15))),
    "pick": lambda r: r.choice(("North", "South", "East", "West", "Centre")),
    "rate": lambda r: r.choices((1, 2, 3, 4, 5), (2, 3, 6, 9, 5))[0],
    "count": lambda r: min(30, int(r.expovariate(0.45))) + 1,
    "small": lambda r: r.randint(10, 400),
    "big": lambda r: int(r.lognormvariate(12, 1.5)),
    "money": lambda r: f"{r.lognormvariate(4, 1):.2f}",
    "real": lambda r: f"{r.uniform(-80, 80):.4f}",
    "flag": lambda r: r.randint(0, 1),
    "year": lambda r: r.randint(1985, 2025),
    "month": lambda r: r.randint(1, 12),
    "zip": lambda r: f"{r.randint(501, 99950):05d}",
    "date": lambda r: f"20{r.randint(15, 24)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
}  # fmt: skip


def keys(kind: str, n: int, rnd: random.Random) -> list:
    if kind.startswith("serial"):
        start = int(kind[6:])
        return list(range(start, start + n))
    if kind == "gap":
        return sorted(rnd.sample(range(1, 3 * n), n))
    if kind == "uuid":
        return [str(uuid.UUID(int=rnd.getrandbits(128))) for _ in range(n)]
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return rnd.sample([a + b + c for a in letters for b in letters for c in letters], n)


def draw(pool: list, how: str, rnd: random.Random, n: int) -> list:
    """Return *n* references into *pool* as ``how`` says."""
    if how == "one":
        return rnd.sample(pool, n) if n <= len(pool) else rnd.choices(pool, k=n)
    if how == "part":
        return rnd.choices(rnd.sample(pool, max(2, len(pool) // 3)), k=n)
    if how == "zipf":
        order = rnd.sample(pool, len(pool))
        return rnd.choices(order, [1 / (i + 1) ** 0.8 for i in range(len(pool))], k=n)
    if how == "late":
        return rnd.choices(pool[len(pool) // 2 :], k=n)
    return rnd.choices(pool, k=n)


def parse(block: str) -> dict:
    tables = {}
    for line in block.strip().splitlines():
        head, _, columns = line.partition("|")
        name, n, key = re.match(r"(\w+) (\d+) (.+)", head.strip()).groups()
        tables[name] = (int(n), key, columns.split())
    return tables


def build(tables: dict, rnd: random.Random) -> tuple[dict, dict, list]:
    """Return table → (header, rows), table → key columns, references."""
    ids = {t: keys(k, n, rnd) if "(" not in k else [] for t, (n, k, _) in tables.items()}
    data, primary, references = {}, {}, []
    for t, (n, key, columns) in tables.items():
        header, cols = [], []
        if key.startswith("line"):
            parent = key[5:-1]
            header, primary[t] = [parent, "line"], [parent, "line"]
            references.append((t, parent, parent))
            owners = (
                sorted(rnd.choices(ids[parent], k=n), key=ids[parent].index)
                if n < 2000
                else sorted(rnd.choices(ids[parent], k=n))
            )
            seen: dict = {}
            lines = []
            for o in owners:
                seen[o] = seen.get(o, 0) + 1
                lines.append(seen[o])
            cols = [owners, lines]
        elif key.startswith("pair"):
            (a, pa), (b, pb) = (x.split(">") for x in key[5:-1].split())
            header, primary[t] = [a, b], [a, b]
            references += [(t, a, pa), (t, b, pb)]
            room = {(rnd.choice(ids[pa]), rnd.choice(ids[pb])) for _ in range(n)}
            cols = [list(c) for c in zip(*sorted(room), strict=True)]
            n = len(room)
        else:
            header, primary[t], cols = [f"{t}_id"], [f"{t}_id"], [ids[t]]
        for column in columns:
            if ">" in column:
                name, how = column.split(">")
                how, _, share = how.partition("?")
                parent, _, kind = how.partition(":")
                values = draw(ids[parent], kind, rnd, n)
                if parent == t:  # mostly older rows, as in a tree
                    values = [rnd.choice(ids[t][: max(1, i)]) if i else "" for i in range(n)]
                if share:
                    values = ["" if rnd.random() < float(share) else v for v in values]
                references.append((t, name, parent))
            else:
                name, kind = column.split("=")
                values = [KINDS[kind](rnd) for _ in range(n)]
            header.append(name)
            cols.append(values)
        data[t] = (header, [list(r) for r in zip(*cols, strict=True)])
    return data, primary, references


def write(data: dict, primary: dict, references: list, out: Path, rnd: random.Random) -> None:
    """Write one anonymised database and its truth.json."""
    out.mkdir(parents=True, exist_ok=True)
    order = rnd.sample(sorted(data), len(data))
    tables = {t: f"t{i}" for i, t in enumerate(order, 1)}
    names = {p: f"c{i}" for i, p in enumerate(((t, c) for t in order for c in data[t][0]), 1)}
    truth: dict = {"tables": {}, "foreign_keys": [], "optional_foreign_keys": []}
    for t, (header, rows) in data.items():
        with (out / f"{tables[t]}.csv").open("w", newline="", encoding="utf-8") as f:
            csv.writer(f).writerows([[names[t, c] for c in header], *rows])
        key = [names[t, c] for c in primary[t]]
        truth["tables"][tables[t]] = {
            "primary_key": key,
            "alternate_keys": [],
            "rows": len(rows),
            "columns": len(header),
            "pk_holds": True,
        }
    for t, c, p in references:
        ref = {"table": tables[t], "columns": [names[t, c]], "ref_table": tables[p], "ref_columns": [names[p, primary[p][0]]]}
        truth["foreign_keys"].append(ref)
    (out / "truth.json").write_text(json.dumps(truth), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--only", nargs="*", default=[])
    args, _ = parser.parse_known_args()
    if not args.out or args.out.exists():
        print("skipped: name a folder to create")
        return 0
    text = "\n".join(line for line in SPEC.read_text("utf-8").splitlines() if not line.startswith("#"))
    for name, block in re.findall(r"\[(\w+)\]\n([^\[]+)", text):
        for seed in args.seeds if not args.only or name in args.only else ():
            for dirty in (False, True):
                rnd = random.Random(f"{name} {seed}")
                data, primary, references = build(parse(block), rnd)
                for parent in {p for _, _, p in references} if dirty else ():
                    header, rows = data[parent]
                    if len(rows) >= 20:
                        data[parent] = (header, [r for r in rows if rnd.random() > 0.03])
                write(data, primary, references, args.out / f"{name}_{seed}{'_dirty' if dirty else ''}", rnd)
    return 0


if __name__ == "__main__":
    sys.exit(main())
