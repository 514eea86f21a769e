"""A design as cells: DDL, load and proof for its technology, and the DuckDB twin that always runs."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from dataeng_kit import technologies
from dataeng_kit.design.ddl import ddl
from dataeng_kit.design.load import load
from dataeng_kit.design.reconcile import expectations
from dataeng_kit.design.sql import Writer
from dataeng_kit.design.words import snake
from dataeng_kit.nouns import Cell, Design, Evidence, Expectation
from dataeng_kit.technologies.relatives import RELATIVES

More = tuple[str, str, str, str, tuple[Expectation, ...]]
"""A cell that only one kind has: part, title, purpose, SQL, promises."""
CAPABILITIES = {
    "dimensional": ("topics.analytics.data_warehouse", "topics.analytics_engineering.dimensional_model"),
    "normalised": ("topics.database_design.relational",),
    "vault": ("topics.analytics.data_warehouse",),
}


def cells(design: Design, evidence: Evidence) -> tuple[Cell, ...]:
    """Return the chain of a design in its technology and, where that is another, the same chain in DuckDB.

    A kind that is no SQL brings its own ``cells(design, evidence)``; an SQL kind with more to show than DDL, load and proof
    brings ``more(writer)``.
    """
    own_cells = getattr(import_module(f"dataeng_kit.design.{design.kind}"), "cells", None)
    if own_cells:
        made: tuple[Cell, ...] = own_cells(design, evidence)
        return made
    own = design.technology if design.technology in technologies.all() else ""
    found = list(chain(design, evidence, own)) if own else _translated(design, evidence)
    if own != "duckdb":
        found += chain(design, evidence, "duckdb")
    return tuple(found)


def chain(design: Design, evidence: Evidence, technology: str) -> list[Cell]:
    """Return DDL, load and reconciliation of one design in one technology."""
    writer = Writer(design, evidence, technologies.find(technology))
    name = f"model.{design.kind}.{technology}"
    reads = tuple(dict.fromkeys(s for e in design.entities for s in e.sources))
    facts = tuple(dict.fromkeys(f for e in design.entities for f in e.facts))
    promised = expectations(writer)

    def cell(
        nr: int, part: str, title: str, purpose: str, sql: str, after: str = "", expects: tuple[Expectation, ...] = ()
    ) -> Cell:
        return Cell(
            f"{name}.{part}", f"design/{part}", technology, "sql", f"{design.title}: {title} in {writer.technology.title}",
            purpose, sql, f"{technology}/{design.kind}/{nr}_{part}.sql", (f"{name}.{after}",) if after else (), expects, facts,
            CAPABILITIES.get(design.kind, ()), name, reads if after else (),
        )  # fmt: skip

    extra: Callable[[Writer], list[More]] | None = getattr(import_module(f"dataeng_kit.design.{design.kind}"), "more", None)
    what = ", ".join(e.name for e in design.entities)
    filled = f"Fills the tables from {', '.join(reads)}; refused rows go to {writer.quarantine} with their reason."
    shown = f"{len(promised)} reconciliations as one query: each line shows both numbers and whether they agree."
    return [
        cell(1, "ddl", "tables", f"Creates {what}.", ddl(writer)),
        cell(2, "load", "load", filled, load(writer), "ddl", promised),
        cell(3, "reconcile", "proof", shown, proof(promised, writer), "load"),
        *(
            cell(n, part, title, why, sql, "load", held)
            for n, (part, title, why, sql, held) in enumerate(extra(writer) if extra else (), 4)
        ),
    ]


def proof(promised: tuple[Expectation, ...], writer: Writer) -> str:
    """Return one query with a row per reconciliation."""
    rows = [
        f"SELECT {n} AS nr, {writer.text(p.name)} AS promise,\n  ({p.left}) AS left_side,\n  ({p.right}) AS right_side"
        for n, p in enumerate((p for p in promised if p.kind != "idempotent"), 1)
    ]
    body = "\nUNION ALL\n".join(rows) or "SELECT 0 AS nr, 'nothing to reconcile' AS promise, 0 AS left_side, 0 AS right_side"
    near = "abs(left_side - right_side) <= 1e-9 * greatest(1, abs(left_side))"
    return f"SELECT nr, promise, left_side, right_side, {near} AS agrees\nFROM (\n{body}\n) AS reconciliation\nORDER BY nr;\n"


def _translated(design: Design, evidence: Evidence) -> list[Cell]:
    """The nearest relative's code through a grammar's own type map, when the named database has no class of its own."""
    dialect = RELATIVES[design.technology]
    found = chain(design, evidence, "postgresql")
    result = []
    for cell in found[:1]:
        note = f"-- {design.technology} has no class of its own here: PostgreSQL's code, translated; parsed, never run\n"
        result.append(
            Cell(
                cell.id.replace("postgresql", design.technology),
                cell.recipe,
                design.technology,
                "sql",
                cell.title.replace("PostgreSQL", design.technology),
                cell.purpose,
                note + translate(cell.source, dialect),
                cell.path.replace("postgresql", design.technology),
                facts=cell.facts,
                chain=cell.chain.replace("postgresql", design.technology),
                capabilities=(),
            )
        )
    return result


KEYS = {
    "bigquery": "keys are declared, never enforced, and there is no UNIQUE",
    "databricks": "keys are named and informational, and there is no UNIQUE",
}
"""Dialects that spell keys their own way; the reconciliation proves there what the engine does not hold."""


def translate(sql: str, dialect: str) -> str:
    """Return PostgreSQL statements in another dialect, as sqlglot writes them, with keys as that engine takes them."""
    import sqlglot

    statements = [s for s in sqlglot.parse(sql, read="postgres") if s]
    if dialect in KEYS:
        for statement in statements:
            _respell_keys(statement, dialect)
    return ";\n\n".join(s.sql(dialect=dialect, pretty=True) for s in statements) + ";\n"


def _respell_keys(statement: Any, dialect: str) -> None:
    from sqlglot import exp

    schema = statement.find(exp.Schema)
    if not isinstance(statement, exp.Create) or schema is None:
        return
    table, kept = schema.this.name, []
    for n, part in enumerate(schema.expressions):
        if isinstance(part, exp.UniqueColumnConstraint):
            continue
        if isinstance(part, exp.PrimaryKey | exp.ForeignKey) and dialect == "bigquery":
            part.set("options", ["NOT ENFORCED"])
        elif isinstance(part, exp.PrimaryKey | exp.ForeignKey):
            name = exp.to_identifier(f"{snake(table, 'key')}_{n}")
            part = exp.Constraint(this=name, expressions=[part])
        kept.append(part)
    schema.set("expressions", kept)
