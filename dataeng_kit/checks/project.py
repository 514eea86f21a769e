"""Check a folder of dbt models: each becomes a view on a scratch copy, in the order of its refs, and its joins are measured."""

from __future__ import annotations

import re
from pathlib import Path

from dataeng_kit.checks.chains import run_cells
from dataeng_kit.checks.file import measures, sources_cell, told
from dataeng_kit.checks.joins import questions
from dataeng_kit.data import Data
from dataeng_kit.errors import KitError
from dataeng_kit.nouns import Cell, Check, Reconciliation
from dataeng_kit.run import Run
from dataeng_kit.technologies.duckdb import DuckDB

_REF = re.compile(
    r"\{\{\s*(?:ref\(\s*['\"]([^'\"]+)['\"]\s*\)|source\(\s*['\"][^'\"]+['\"]\s*,\s*['\"]([^'\"]+)['\"]\s*\))\s*\}\}"
)
_SAID = re.compile(r"\{\{\s*config\(.*?\)\s*\}\}|\{#.*?#\}", re.DOTALL)
_NOT_MODELS = {"target", "dbt_packages", "macros", "tests", "snapshots", "analyses"}


def check_project(folder: Path, data: Data, run: Run | None = None, scratch: str | None = None) -> Check:
    """Return one check over every model of a dbt project; its ``output`` has the sentences by model.

    ``ref`` and ``source`` are followed by name; a model with other Jinja is named, not run. Raises `KitError` without models.
    """
    files = {f.stem: f for f in sorted(folder.rglob("*.sql")) if not set(f.relative_to(folder).parts[:-1]) & _NOT_MODELS}
    if not files:
        raise KitError(f"No model (.sql) lies in '{folder.name}'", "Name a dbt project, or a single .sql file")
    texts = {n: _SAID.sub("", f.read_text("utf-8-sig")) for n, f in files.items()}
    read = tuple(t.name for t in data.tables)
    lines, held, chain = list[str](), list[Reconciliation](), f"project/{folder.name}"
    first = sources_cell([n for n in read if n not in texts], DuckDB, chain, read)
    cells, asked = [first], {}
    columns = {t.name: [c.name for c in t.columns] for t in data.tables}
    for name in _in_order(texts):
        sql = _REF.sub(lambda m: DuckDB.quote(m[1] or m[2]), texts[name]).strip().rstrip(";")
        if "{{" in sql or "{%" in sql:
            lines.append(f"??  {name}: holds Jinja that only dbt expands; check its compiled file instead")
            continue
        after = tuple(f"model/{r}" for r in _refs(texts[name]) if r in texts) or (first.id,)
        view = f"CREATE VIEW {DuckDB.quote(name)} AS\n{sql};"
        cell = Cell(
            f"model/{name}", "file", "duckdb", "sql", name, "a model as a view", view, after=after, chain=chain, reads=read
        )
        cells.append(cell)
        asked[cell.id] = (cell, questions(sql, DuckDB, columns))
    found = run_cells((*cells, *(m for cell, q in asked.values() for m in measures(cell, q))), data, run, scratch)
    for id, (cell, q) in asked.items():
        own = told(found[id], q, {k: c for k, c in found.items() if k.startswith(id + "#")})
        held += own.reconciliation
        lines += [
            f"{cell.title}: {own.level}" + (f", {own.why}" if own.why else ""),
            *(f"  {x}" for x in own.output.splitlines()),
        ]
    failed = [c.title for id, (c, _) in asked.items() if found[id].level != "ran"]
    broken = [r.name for r in held if not r.ok]
    why = (
        f"{len(failed)} models do not run: {', '.join(failed[:5])}"
        if failed
        else f"{len(broken)} measurements warn"
        if broken
        else ""
    )
    base = found[first.id]
    seconds = round(sum(c.seconds for c in found.values()), 3)
    level = "failed" if failed else "ran"
    return Check(
        level, base.engine, base.version, seconds, base.rows_in, None, tuple(held), base.isolation, why, "\n".join(lines)
    )


def _refs(text: str) -> list[str]:
    return [m[1] for m in _REF.finditer(text) if m[1]]


def _in_order(texts: dict[str, str]) -> list[str]:
    """Models after what they refer to; a ring stays in the order of names, and the engine says so."""
    waiting, result = list(texts), list[str]()
    while waiting:
        ready = next((n for n in waiting if not set(_refs(texts[n])) & set(waiting)), waiting[0])
        waiting.remove(ready)
        result.append(ready)
    return result
