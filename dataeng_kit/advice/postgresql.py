"""Topic `postgresql`: what this database does beyond plain tables, each recipe bound to the case's own tables and run."""

from __future__ import annotations

from collections.abc import Iterable

from dataeng_kit import recipes
from dataeng_kit.advice.bindings import NEEDS, Bound
from dataeng_kit.advice.said import decide, known
from dataeng_kit.design.reading import read
from dataeng_kit.design.target import target
from dataeng_kit.nouns import Advice, Cell, Decision, Evidence

FOLDER = "postgresql"


def applies(evidence: Evidence) -> str:
    """Return why the topic fits the case: its target is PostgreSQL; else an empty text."""
    return "the target is PostgreSQL" if evidence.profile.tables and target(evidence) == FOLDER else ""


def advise(evidence: Evidence) -> Advice:
    """Return one decision and one cell per recipe that the case's tables can bind; what cannot be bound is said in `missing`."""
    tables = read(evidence)
    found = {need: bind(tables) for need, bind in NEEDS.items()}
    cells: list[Cell] = []
    decisions: list[Decision] = []
    missing: list[str] = []
    for id in recipes.names(FOLDER):
        recipe = recipes.find(id)
        lacking = [said for n in recipe.needs if isinstance(said := found[n], str)]
        if lacking:
            missing.append(f"{recipe.title}: not applicable, {'; '.join(lacking)}")
            continue
        cell = _cell(evidence, recipe, [b for n in recipe.needs if isinstance(b := found[n], Bound)])
        cells.append(cell)
        if recipe.decision:
            decisions.append(_decision(evidence, recipe, cell, found))
    return Advice("postgresql", tuple(decisions), tuple(cells), missing=tuple(missing))


def _cell(evidence: Evidence, recipe: recipes.Recipe, bound: Iterable[Bound]) -> Cell:
    values: dict[str, object] = {}
    reads: dict[str, None] = {}
    facts: dict[str, None] = {}
    for b in bound:
        values |= b.values
        reads |= dict.fromkeys(b.tables)
        facts |= dict.fromkeys(b.facts)
    id = recipe.id.replace("/", ".")
    title = f"{recipe.title}: {', '.join(reads)}"
    return Cell(
        id,
        recipe.id,
        "postgresql",
        "sql",
        title,
        recipe.purpose,
        recipes.render(recipe.id, values),
        f"{recipe.id}.sql",
        (),
        recipes.promised(recipe.id, values),
        known(evidence, facts),
        recipe.serves,
        id,
        tuple(reads),
    )


def _decision(evidence: Evidence, recipe: recipes.Recipe, cell: Cell, found: dict[str, Bound | str]) -> Decision:
    bound = next(b for n in recipe.needs if isinstance(b := found[n], Bound) and b.tables)
    table = bound.tables[0]
    words = {"table": table, "rows": f"{evidence.profile.table(table).rows:,}"}
    said = {part: text.format_map(words) for part, text in recipe.decision.items()}
    return decide(
        evidence,
        "postgresql",
        table,
        recipe.id.split("/")[1],
        said["question"],
        said["choice"],
        bound.why,
        bound.facts,
        (),
        alternatives=(said["instead"],),
        flips_if=said["flips_if"],
        effort=said["effort"],
        holds_if=(cell.id,),
        cells=(cell.id,),
    )
