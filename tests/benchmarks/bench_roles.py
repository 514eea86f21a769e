"""Roles bound to columns against hand labels (roles/*.txt): precision, recall and F1 of (role, column) pairs per case.

usage: bench_roles.py CASES_FOLDER [CASE …]      CASES_FOLDER/<case> holds the data of one labelled case
"""

import sys
from pathlib import Path

from dataeng_kit.data import open_data
from dataeng_kit.nouns import Context
from dataeng_kit.profile import profile_data
from dataeng_kit.roles import bind

LABELS = Path(__file__).parent / "roles"


def labels(case: str) -> set[tuple[str, str]]:
    lines = (LABELS / f"{case}.txt").read_text("utf-8").splitlines()
    return {tuple(line.split(" = ")) for line in lines if line and not line.startswith("#")}


def main() -> None:
    folder = Path(sys.argv[1])
    total = [0, 0, 0]
    for case in sys.argv[2:] or sorted(p.stem for p in LABELS.glob("*.txt")):
        data = open_data((str(folder / case),))
        roles = bind(Context(), profile_data(data, only=frozenset({"columns", "keys"})), {})
        data.close()
        found, wanted = {(r.name, r.column) for r in roles.roles if r.column}, labels(case)
        counts = len(found & wanted), len(found - wanted), len(wanted - found)
        total = [a + b for a, b in zip(total, counts, strict=True)]
        print(f"{case}: domains={','.join(roles.domains)} {score(*counts)}")
        for name, column in sorted(found ^ wanted):
            print(f"   {'+' if (name, column) in found else '-'} {name} = {column}")
    print(f"ROLES {score(*total)}")


def score(hits: int, extra: int, missed: int) -> str:
    precision, recall = hits / max(1, hits + extra), hits / max(1, hits + missed)
    f1 = 2 * hits / max(1, 2 * hits + extra + missed)
    return f"f1={f1:.3f} precision={precision:.3f} recall={recall:.3f} n={hits + missed}"


if __name__ == "__main__":
    main()
