"""What the reader says of labelled CLAUDE.md texts, by the scorer of the development data, and its pace.

usage: bench_context.py SCORER.py LABELS.json TEXTS_FOLDER [--show N]
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dataeng_kit.context import context_answer, read_context


def main() -> None:
    scorer, labels, texts, *more = sys.argv[1:]
    wanted = json.loads(Path(labels).read_text("utf-8"))["labels"]
    files = {id: Path(texts) / f"{id}.md" for id in wanted}
    start = time.process_time()
    answers = {id: context_answer(read_context(file)) for id, file in files.items() if file.exists()}
    seconds, size = time.process_time() - start, sum(f.stat().st_size for f in files.values() if f.exists())
    with tempfile.TemporaryDirectory() as scratch:
        predictions = Path(scratch) / "predictions.json"
        predictions.write_text(json.dumps(answers), "utf-8")
        subprocess.run([sys.executable, scorer, labels, str(predictions), *more], check=True)
    print(f"CONTEXT {1000 * seconds / max(1, size / 1000):.1f} ms CPU per kB over {size / 1000:,.0f} kB")


if __name__ == "__main__":
    main()
