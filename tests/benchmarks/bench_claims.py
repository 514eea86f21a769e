"""Verdicts on sentences of a CLAUDE.md against data: micro F1 of (sentence, verdict), false 'contradicted', per class.

usage: bench_claims.py [SAAS_FOLDER]      without it only the generated shop; with it the published card of that case too
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
WORDS = {"h": "holds", "c": "contradicted", "n": "not_testable", "-": "none"}
WORST = ("contradicted", "holds", "not_testable")


def sentences(name: str) -> tuple[str, dict[int, tuple[str, str]]]:
    """Return the CLAUDE.md text and, by line, the wanted verdict and sentence."""
    lines, wanted = ["# Case"], {}
    for line in (HERE / name).read_text("utf-8").splitlines():
        if " | " in line and not line.startswith("#"):
            verdict, sentence = line.split(" | ", 1)
            lines.append(f"- {sentence}")
            wanted[len(lines)] = (WORDS[verdict], sentence)
        elif line.startswith("# ") and not line.startswith(("# Sentences", "# verdict", "# - no", "# A published")):
            lines += ["", f"#{line}"]
    return "\n".join(lines), wanted


def run(name: str, folder: Path, counts: Counter[str]) -> None:
    text, wanted = sentences(name)
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


def main() -> None:
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        make(Path(scratch) / "shop")
        run("shop.txt", Path(scratch) / "shop", counts)
        run("shop_more.txt", Path(scratch) / "shop", counts)
        run("shop_words.txt", Path(scratch) / "shop", counts)
    if sys.argv[1:]:
        run("cards.txt", Path(sys.argv[1]), counts)
    f1 = 2 * counts["hit"] / (2 * counts["hit"] + counts["extra"] + counts["missed"])
    classes = " ".join(f"{v}={counts[f'hit {v}']}/{counts[f'of {v}']}" for v in WORST)
    print(f"CLAIMS f1={f1:.4f} false_contradicted={counts['false contradicted']}/{counts['n']} {classes} sentences={counts['n']}")


if __name__ == "__main__":
    main()
