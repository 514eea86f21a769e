"""`dataeng-kit lab`: JupyterLab on the tour, or on a folder with a fresh consulting notebook."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from dataeng_kit.errors import KitError
from dataeng_kit.share import shared

TOUR = "01_tour.ipynb"
COPY = "dataeng_kit_notebooks"
"""The folder that an installed kit copies its notebooks to, in the working directory or else at home."""
_SETTINGS = Path(__file__).parent / "static" / "settings"


def launch(directory: Path | None, argv: Sequence[str] = ()) -> None:
    """Open JupyterLab and return when it ends; *argv* are options for JupyterLab.

    Without *directory* the tour opens. A folder gets a new notebook; nothing that exists is overwritten. Raises
    `KitError` when the folder does not exist or cannot be written.
    """
    if directory is not None and str(directory).startswith("-"):  # the shell hands the first word after -- over as the folder
        directory, argv = None, [str(directory), *argv]
    book = tour() if directory is None else fresh(directory)
    _run(book, list(argv))


def tour() -> Path:
    """Return the tour to open: in place in a checkout, else a copy in a writable folder."""
    source = shared("notebooks")
    if "_share" not in source.parts and os.access(source, os.W_OK):
        return source / TOUR
    for home in (Path.cwd(), Path.home()):
        if os.access(home, os.W_OK):
            unpack(source, home / COPY)
            return home / COPY / TOUR
    raise KitError("No writable folder for the notebooks was found", "Change to a folder of your own and run: dataeng-kit lab")


def unpack(source: Path, to: Path) -> None:
    """Copy a folder's files as bytes, so that read-only bits do not follow; a file that exists is kept."""
    for file in source.rglob("*"):
        if file.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts):
            target = to / file.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            if not target.exists():
                target.write_bytes(file.read_bytes())


def fresh(directory: Path) -> Path:
    """Return a new consulting notebook in *directory*."""
    if not directory.is_dir():
        raise KitError(f"'{directory}' is no folder", "Name the folder that holds the data")
    if not os.access(directory, os.W_OK):
        raise KitError(
            f"'{directory}' cannot be written", "Copy the notebook's folder, or open the data by its path: dataeng-kit lab"
        )
    words = f"# {directory.resolve().name}\nRun the cells from top to bottom; the workbench reads in the background."
    opening = '%reload_ext dataeng_kit\nimport dataeng_kit as dk\n\ncase = dk.open(".")'
    code = (opening, "case.context", "case.brief()", "dk.Workbench(case)")
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": "title", "metadata": {}, "source": words}]
    cells += [
        {"cell_type": "code", "id": f"step-{i}", "metadata": {}, "source": text, "outputs": [], "execution_count": None}
        for i, text in enumerate(code)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    day = dt.date.today().isoformat()
    names = (f"consulting-{day}{suffix}.ipynb" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    path = next(directory / n for n in names if not (directory / n).exists())
    book = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def _run(book: Path, argv: list[str]) -> None:
    """Run JupyterLab in this process: the same interpreter, so the kernel finds the kit."""
    try:
        from jupyterlab.labapp import LabApp
    except ImportError as error:
        raise KitError(f"JupyterLab cannot be imported: {error}", "pip install jupyterlab") from error
    known = os.environ.get("JUPYTER_CONFIG_PATH")
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join([str(_SETTINGS), *([known] if known else [])])
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Jupyter refuses root unless told; in a container root is the user
    address = f"--LabApp.default_url=/lab/tree/{quote(book.name)}"  # what --no-browser prints leads to the notebook too
    LabApp.launch_instance(
        [str(book), f"--ServerApp.root_dir={book.parent.resolve()}", address, *(["--allow-root"] if root else []), *argv]
    )
