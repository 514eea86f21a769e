"""A dbt project of the case's star schema: sources, staging, marts, snapshots and tests from measured facts."""

from __future__ import annotations

from collections.abc import Sequence

from dataeng_kit import design as designs
from dataeng_kit.advice.dbt.guards import guards
from dataeng_kit.advice.dbt.models import models, versioned
from dataeng_kit.advice.dbt.names import Both, ModelWriter, Names, finished, plain
from dataeng_kit.advice.dbt.schema import schemas
from dataeng_kit.nouns import Evidence
from dataeng_kit.recipes import Code, render

MARK = "# written by dataeng_kit: written again, its files are replaced"
"""First line of ``dbt_project.yml``."""


def files(evidence: Evidence, places: Sequence[str] = ()) -> dict[str, str]:
    """Return every file of the project by its path; *places* are the files and folders that ``load.py`` opens again.

    Without places it asks the environment, so that no database URL is written. Raises `NotApplicable` when the case has
    no business process to build a star schema on.
    """
    design = designs.find("dimensional")(evidence)
    names = Names.of(design, evidence)
    writer = ModelWriter(design, evidence, Both, names=names)
    found = {f"models/{path}": finished(sql) for path, sql in models(writer).items()}
    found |= {path: finished(sql) for path, sql in guards(writer).items()}
    found |= schemas(writer)
    return {**found, **_frame(writer, places)}


def _frame(w: ModelWriter, places: Sequence[str]) -> dict[str, str]:
    """The files around the models, from the recipes of this technology."""
    tables = [(Code(repr(t.name)), Code(repr(w.names.sources[t.name])), _columns(w, t.name)) for t in w.evidence.profile.tables]
    values = {
        "mark": Code(MARK),
        "project": Code(plain(w.evidence.name)),
        "places": Code(repr(tuple(map(str, places)))),
        "tables": tables,
        "sources": len(tables),
        "snapshots": sum(map(versioned, w.design.entities)),
        "marts": [(Code(w.names.models[e.name]), Code(_sentence(e.grain_sentence))) for e in w.design.entities],
        "warnings": [Code(_sentence(x)) for x in w.design.warnings],
    }
    where = {
        "project": "dbt_project.yml",
        "profiles": "profiles.yml",
        "load": "load.py",
        "readme": "README.md",
        "unique_together": "tests/generic/unique_together.sql",
    }
    return {path: render(f"dbt/{recipe}", values) for recipe, path in where.items()}


def _columns(w: ModelWriter, table: str) -> list[tuple[Code, Code, Code]]:
    columns = w.evidence.profile.table(table).columns
    return [(Code(repr(c.name)), Code(repr(w.technology.fit(c.name))), Code(repr(w.type(c.type)))) for c in columns]


def _sentence(text: str) -> str:
    """Text of the case on one line of Markdown, in which no markup begins."""
    return "".join(c if c.isprintable() and c not in "<>`[]|" else " " for c in text)
