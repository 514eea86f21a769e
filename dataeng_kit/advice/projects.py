"""Project folders that a team can own: the dbt project, the plain-Python twin, the data contract; one action writes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dataeng_kit.advice import dbt
from dataeng_kit.advice.contract import contract
from dataeng_kit.advice.increments import plan
from dataeng_kit.advice.pipeline import script
from dataeng_kit.advice.said import rows
from dataeng_kit.design.reading import key_of
from dataeng_kit.errors import KitError, unknown
from dataeng_kit.nouns import Evidence
from dataeng_kit.recipes import Code, render

MARK = "written by dataeng_kit: written again, its files are replaced"
"""Stands in the first line of each project's head file: only a folder that carries it is written over."""
CONTRACT = "contract.odcs.yaml"


def _contract(evidence: Evidence, places: Sequence[str]) -> Mapping[str, str]:
    return {CONTRACT: f"# {MARK}\n{contract(evidence)}"}


def _python(evidence: Evidence, places: Sequence[str]) -> Mapping[str, str]:
    steps = [(Code(_line(i.table.name)), Code(rows(evidence, i.table.name)), Code(_line(i.why))) for i in plan(evidence)]
    about = {"mark": Code(MARK), "name": Code(_line(evidence.name)), "steps": steps}
    return {
        "run.py": script(evidence).source,
        "checks.py": render("project/checks", _schemas(evidence)),
        "README.md": render("project/readme", about),
        **_contract(evidence, places),
    }


def _schemas(evidence: Evidence) -> dict[str, object]:
    """What pandera is told of each table: laws of the delivery, not its accidents."""
    tables = []
    for t in evidence.profile.tables:
        key = key_of(t)
        known = next((k.repeats for k in t.almost_keys if k.columns == key), 0)
        columns = [(Code(repr(c.name)), Code(repr(c.type)), c.name in key) for c in t.columns]
        tables.append((Code(repr(t.name)), columns, [Code(repr(c)) for c in key], known))
    references = [
        (Code(repr(k.table)), Code(repr(list(k.columns))), Code(repr(k.ref_table)), Code(repr(list(k.ref_columns))), k.orphans)
        for k in evidence.profile.foreign_keys
    ]
    return {"tables": tables, "references": references}


def _line(text: str) -> str:
    """Text of the case on one line of Markdown in which no markup begins."""
    return "".join(c if c.isprintable() and c not in "<>`[]|" else " " for c in text)


PROJECTS: dict[str, tuple[Callable[[Evidence, Sequence[str]], Mapping[str, str]], str]] = {
    "dbt": (dbt.files, "dbt_project.yml"),
    "python": (_python, "README.md"),
    "contract": (_contract, CONTRACT),
}
"""Project → what makes its files, and the head file that carries the mark."""


def write(project: str, evidence: Evidence, folder: Path, places: Sequence[str] = ()) -> list[Path]:
    """Write one project into *folder* and return its files.

    Raises `KitError` for an unknown project, or when the folder holds something the kit did not write.
    """
    if project not in PROJECTS:
        raise unknown("project", project, PROJECTS)
    make, head = PROJECTS[project]
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        first = folder / head
        if not first.is_file() or MARK not in first.read_text("utf-8"):
            raise KitError(
                f"'{folder}' holds something else", f"Name a new folder, or one that this kit wrote a {project} project into"
            )
    written = []
    for path, text in make(evidence, places).items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8", newline="\n")
        written.append(file)
    return written
