"""Are the planted defects of the sample cases found? ``python tests/benchmarks/bench_planted.py [--seeds 2025 7 8]``.

A planted defect counts as found when a finding on its table names one of its columns, or cites it in its query, and counts
its rows within 25 %; as named when the finding is there but counts otherwise (a group of columns, every filled value).
Prints both per case and seed, what was missed, wrong verdicts, and where the heavy defects rank.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import dataeng_kit as dk

ROOT = Path(__file__).parents[2]
HEAVY = ("time_order", "reconciliation", "unit", "no_key")


def instance(case: str, seed: int, folder: Path) -> tuple[Path, dict]:
    out, key = folder / f"{case}_{seed}", folder / f"{case}_{seed}.json"
    line = [
        sys.executable,
        str(ROOT / "sample_data" / case / "make.py"),
        "--seed",
        str(seed),
        "--out",
        str(out),
        "--key",
        str(key),
    ]
    subprocess.run(line, check=True, timeout=120)
    return out, json.loads(key.read_text("utf-8"))


def named(defect: dict, finding) -> bool:
    text = (finding.column, finding.id, finding.query, finding.condition)
    return finding.table == defect["table"] and any(c in part for c in defect["columns"] for part in text)


def matches(defect: dict, finding) -> bool:
    return named(defect, finding) and abs(finding.failing - defect["rows"]) <= max(2, 0.25 * defect["rows"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[2025, 7])
    total = found = 0
    for case in ("ecommerce", "healthcare"):
        for seed in parser.parse_known_args()[0].seeds:
            with tempfile.TemporaryDirectory() as folder:
                out, key = instance(case, seed, Path(folder))
                opened = dk.open(str(out))
                findings, claims = opened.findings, opened.claims
                missed = [d for d in key["defects"] if not any(matches(d, f) for f in findings)]
                total, found = total + len(key["defects"]), found + len(key["defects"]) - len(missed)
                verdicts = {c.quote: c.verdict for c in claims}
                wrong = [
                    c["quote"]
                    for c in key["claims"]
                    if next((v for q, v in verdicts.items() if c["quote"] in q), "-") != c["verdict"]
                ]
                print(
                    f"{case} seed {seed}: {len(key['defects']) - len(missed)} of {len(key['defects'])} planted defects among {len(findings)} findings; "
                    f"{len(key['claims']) - len(wrong)} of {len(key['claims'])} verdicts right"
                )
                other = [d for d in missed if any(named(d, f) for f in findings)]
                print("  named with another count:", ", ".join(f"{d['id']} ({d['rows']})" for d in other) or "none")
                print("  missed:", ", ".join(f"{d['id']} ({d['rows']})" for d in missed if d not in other) or "none")
                print("  wrong verdicts:", "; ".join(wrong) or "none")
                ranks = {
                    d["id"]: next((i for i, f in enumerate(findings, 1) if matches(d, f)), None)
                    for d in key["defects"]
                    if d["kind"] in HEAVY
                }
                print("  rank of the heavy ones:", ranks)
                opened.data.close()
    print(f"recall {found / total:.2f} ({found} of {total})")


if __name__ == "__main__":
    main()
