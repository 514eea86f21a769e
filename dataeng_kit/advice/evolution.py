"""Schema evolution by expand and contract: a column renamed and retyped while old and new readers both get an answer."""

from __future__ import annotations

from dataeng_kit import recipes
from dataeng_kit.design.sql import SOURCE
from dataeng_kit.design.words import snake, unique
from dataeng_kit.nouns import Cell, TableProfile
from dataeng_kit.nouns.references import fact_id
from dataeng_kit.recipes import Code
from dataeng_kit.technologies.base import Technology

PARTS = ("expand", "contract", "rollback")
"""The steps in their order; each is a recipe."""


def steps(table: TableProfile, column: str, technology: type[Technology]) -> list[Cell]:
    """Return expand, contract and rollback of *column* from a floating number to an exact one under a new name."""
    loose, exact = technology.type_name(table.column(column).type), technology.type_name("decimal")
    new = unique(snake(column, "exact"), [c.name for c in table.columns])
    values = {
        "source": Code(f"{SOURCE}.{technology.named(table.name)}"),
        "target": Code(f"evolution.{technology.named('changed')}"),
        "old": Code(technology.named(column)),
        "new": Code(technology.named(new)),
        "exact": Code(exact),
        "loose": Code(loose),
        "rest": [Code(technology.named(c.name)) for c in table.columns if c.name != column],
    }
    chain, facts = f"evolution.{technology.id}", (fact_id("rows", table.name), fact_id("nulls", table.name, column))
    made: list[Cell] = []
    for n, part in enumerate(PARTS, 1):
        recipe = recipes.find(f"evolution/{part}")
        made.append(
            Cell(
                f"{chain}.{part}",
                recipe.id,
                technology.id,
                "sql",
                f"{recipe.title}: {table.name}.{column}",
                f"{table.name}.{column} from {loose} to {exact} as {new}. {recipe.purpose}",
                recipes.render(recipe.id, values),
                f"{technology.id}/evolution/{n}_{part}.sql",
                tuple(c.id for c in made[-1:]),
                recipes.promised(recipe.id, values),
                facts,
                recipe.serves,
                chain,
                (table.name,),
            )
        )
    return made
