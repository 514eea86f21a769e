"""Schema evolution by expand and contract: a column renamed and retyped while old and new readers both get an answer."""

from __future__ import annotations

from dataeng_kit.design.sql import SOURCE
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import Cell, Expectation, TableProfile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.technologies.base import Technology

CAPABILITIES = ("topics.database_design.schema_evolution",)
SCHEMA = "evolution"


def steps(table: TableProfile, column: str, technology: type[Technology]) -> list[Cell]:
    """Return expand, contract and rollback of *column* from a floating number to an exact one under a new name."""
    q = technology.named
    old, target = q(column), f"{SCHEMA}.{q('changed')}"
    new = q(unique(snake(column, "exact"), [c.name for c in table.columns]))
    exact, loose = technology.type_name("decimal"), technology.type_name(table.column(column).type)
    rest = ", ".join(q(c.name) for c in table.columns if c.name != column)
    source = f"{SOURCE}.{q(table.name)}"
    total = f"SELECT coalesce(sum({old}), 0) FROM {source}"

    def reader(view: str, name: str) -> str:
        return f"SELECT coalesce(sum({name}), 0) FROM {SCHEMA}.{view}"

    expand = [
        f"CREATE SCHEMA IF NOT EXISTS {SCHEMA};",
        f"CREATE TABLE {target} AS SELECT * FROM {source};",
        f"ALTER TABLE {target} ADD COLUMN {new} {exact};",
        f"UPDATE {target} SET {new} = CAST({old} AS {exact});",
        f"CREATE VIEW {SCHEMA}.old_reader AS SELECT {rest}, {old} FROM {target};",
        f"CREATE VIEW {SCHEMA}.new_reader AS SELECT {rest}, {new} FROM {target};",
    ]
    contract = [
        f"DROP VIEW {SCHEMA}.old_reader;",
        f"DROP VIEW {SCHEMA}.new_reader;",
        f"ALTER TABLE {target} DROP COLUMN {old};",
        f"CREATE VIEW {SCHEMA}.new_reader AS SELECT {rest}, {new} FROM {target};",
        f"CREATE VIEW {SCHEMA}.old_reader AS SELECT {rest}, CAST({new} AS {loose}) AS {old} FROM {target};",
    ]
    back = [
        f"DROP VIEW {SCHEMA}.old_reader;",
        f"DROP VIEW {SCHEMA}.new_reader;",
        f"ALTER TABLE {target} ADD COLUMN {old} {loose};",
        f"UPDATE {target} SET {old} = CAST({new} AS {loose});",
        f"ALTER TABLE {target} DROP COLUMN {new};",
        f"CREATE VIEW {SCHEMA}.old_reader AS SELECT {rest}, {old} FROM {target};",
    ]
    both = (
        Expectation("old readers get the source's total", "sum", total, reader("old_reader", old)),
        Expectation("new readers get the source's total", "sum", total, reader("new_reader", new)),
    )
    only = (
        Expectation("after the way back old readers get the source's total", "sum", total, reader("old_reader", old)),
        Expectation("no row was lost on the way", "rows", f"SELECT count(*) FROM {source}", f"SELECT count(*) FROM {target}"),
    )
    chain = f"evolution.{technology.id}"
    facts = (fact_id("rows", table.name), fact_id("nulls", table.name, column), fact_id("max", table.name, column))
    rows = (("expand", expand, both, ""), ("contract", contract, both, "expand"), ("rollback", back, only, "contract"))
    return [
        Cell(
            f"{chain}.{part}",
            f"evolution/{part}",
            technology.id,
            "sql",
            f"{part.capitalize()}: {table.name}.{column}",
            f"{table.name}.{column} from {loose} to {exact} as {new}: {part}.",
            "\n".join(sql) + "\n",
            f"{technology.id}/evolution/{n}_{part}.sql",
            (f"{chain}.{after}",) if after else (),
            expects,
            facts,
            CAPABILITIES,
            chain,
            (table.name,),
        )
        for n, (part, sql, expects, after) in enumerate(rows, 1)
    ]
