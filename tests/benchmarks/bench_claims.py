"""Verdicts on sentences of a CLAUDE.md against data: micro F1 of (sentence, verdict), false 'contradicted', per class and set.

usage: bench_claims.py [CASES_FOLDER] [--only SET]   without a folder only the generated shop and the shipped sample cases
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from claims.make_shop import make

from dataeng_kit.context import read_context
from dataeng_kit.data import open_data
from dataeng_kit.findings.claims import test_claims
from dataeng_kit.profile import profile_data

HERE = Path(__file__).parent / "claims"
HOME = Path(__file__).parents[2]
WORDS = {"h": "holds", "c": "contradicted", "n": "not_testable", "-": "none"}
WORST = ("contradicted", "holds", "not_testable")
FOLDERS = {
    "saas": "saas",
    "synthea": "healthcare",
    "pdm": "iot/pdm_events",
    "fintech": "fintech",
    "retail": "ecommerce/online_retail.parquet",
}
Wanted = dict[int, tuple[str, str]]


def cases(name: str) -> dict[str, tuple[str, Wanted]]:
    """Return per case named by "@" (``shop`` before the first) the CLAUDE.md text and, by line, the wanted verdict and sentence."""
    found: dict[str, tuple[list[str], Wanted]] = {}
    case = "saas" if name.startswith("cards") else "shop"
    for line in (HERE / name).read_text("utf-8").splitlines():
        if line.startswith("@ "):
            case = line[2:]
        lines, wanted = found.setdefault(case, (["# Case"], {}))
        if " | " in line and not line.startswith("#"):
            verdict, sentence = line.split(" | ", 1)
            lines.append(f"- {sentence}")
            wanted[len(lines)] = (WORDS[verdict], sentence)
        elif line.startswith("# ") and len(line.split()) < 4:
            lines += ["", f"#{line}"]
    return {case: ("\n".join(lines), wanted) for case, (lines, wanted) in found.items() if wanted}


def run(name: str, text: str, wanted: Wanted, folder: Path, counts: Counter[str]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        memory = Path(scratch) / "CLAUDE.md"
        memory.write_text(text, "utf-8")
        data = open_data((str(folder),))
        profile = profile_data(data, only=frozenset({"columns", "keys"}))
        results: dict[int, str] = {}
        why: dict[int, str] = {}
        for r in test_claims(read_context(memory), data, profile):
            why[r.line] = r.evidence
            results[r.line] = min(r.verdict, results.get(r.line, r.verdict), key=WORST.index)
        data.close()
    for line, (verdict, sentence) in wanted.items():
        got = results.get(line, "none")
        counts["n"] += 1
        counts["false contradicted"] += got == "contradicted" != verdict
        if verdict == "none":
            counts["extra"] += got in ("holds", "contradicted")
        else:
            counts["hit"] += got == verdict
            counts["extra"] += got not in (verdict, "none")
            counts["missed"] += got != verdict
            counts[f"of {verdict}"] += 1
            counts[f"hit {verdict}"] += got == verdict
        if got != verdict and not (verdict == "none" and got == "not_testable"):
            print(f"   {name}: {sentence}\n      wanted {verdict}, got {got}: {why.get(line, '')}")


def told(title: str, counts: Counter[str]) -> str:
    """Return one line of figures."""
    f1 = 2 * counts["hit"] / max(1, 2 * counts["hit"] + counts["extra"] + counts["missed"])
    classes = " ".join(f"{v}={counts[f'hit {v}']}/{counts[f'of {v}']}" for v in WORST)
    return (
        f"{title} f1={f1:.4f} false_contradicted={counts['false contradicted']}/{counts['n']} {classes} sentences={counts['n']}"
    )


def main() -> None:
    args = sys.argv[1:]
    only = args[args.index("--only") + 1] if "--only" in args else ""
    given = Path(args[0]) if args and not args[0].startswith("--") else None
    total: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(scratch) / "shop")
        for file in sorted(HERE.glob("*.txt")):
            counts: Counter[str] = Counter()
            for case, (text, wanted) in cases(file.name).items() if only in file.stem else ():
                folder = (
                    Path(scratch) / case if case == "shop" else HOME / case if "/" in case else given and given / FOLDERS[case]
                )
                if folder:
                    run(f"{file.stem} {case}", text, wanted, folder, counts)
            if counts:
                print(told(file.stem, counts))
                total += counts
    print(told("CLAIMS", total))


if __name__ == "__main__":
    main()
