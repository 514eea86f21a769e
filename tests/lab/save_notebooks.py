"""Runs the shipped notebooks and saves them with outputs that read on the web: ``python tests/lab/save_notebooks.py [NAME …]``.

Kept are Markdown and text, values hidden; HTML, widgets and charts are drawn again by whoever runs the notebook.
"""

import re
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HOME = Path(__file__).parents[2] / "notebooks"
KEPT = ("text/markdown", "text/plain")
MOST = 7_000
"""Characters of one output that are kept."""


def run(name, folder):
    """Return a notebook executed from top to bottom in *folder*; raises on the first error."""
    book = nbformat.read(HOME / name, 4)
    shutil.copytree(HOME / "tapes", Path(folder) / "tapes", dirs_exist_ok=True)
    NotebookClient(book, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()
    nbformat.validate(book)
    return book


def cut(text):
    """Return a long Markdown output up to a blank line outside of every fold, and the words that there is more."""
    ends = [m.start() for m in re.finditer("\n\n", text) if m.start() < MOST]
    whole = [e for e in ends if text[:e].count("<details") == text[:e].count("</details>") and text[:e].count("```") % 2 == 0]
    return (
        text
        if len(text) <= MOST or not whole
        else f"{text[: whole[-1]]}\n\n*Cut here to keep this file small; run the notebook for the rest.*"
    )


def trimmed(book):
    """Return *book* with its outputs as Markdown, else text, and without what differs from run to run."""
    for cell in book.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            outputs = [o for o in cell.outputs if o.output_type != "stream" and any(o.data.get(k) for k in KEPT)]
            for output in outputs:
                rich = next(k for k in KEPT if output.data.get(k))
                output.data = {k: v for k, v in output.data.items() if k in (rich, "text/plain")}
                output.data[rich] = cut(output.data[rich])
                if rich == "text/markdown":
                    output.data["text/plain"] = (
                        output.data["text/plain"].splitlines()[0][:200] if output.data["text/plain"] else ""
                    )
                output.metadata = {}
            cell.outputs = [o for o in outputs if "Workbench" not in str(o.data.get("text/plain", ""))[:40]]
    book.metadata = {k: v for k, v in book.metadata.items() if k == "kernelspec"} | {"language_info": {"name": "python"}}
    return book


def main(names):
    for path in sorted(HOME.glob("*.ipynb")):
        if not names or path.stem in names:
            with tempfile.TemporaryDirectory() as folder:
                nbformat.write(trimmed(run(path.name, folder)), path)
            print(path.name, f"{path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
