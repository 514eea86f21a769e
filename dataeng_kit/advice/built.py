"""The recipes of a topic, bound to the case's own tables: cells, the decision around them, or what is missing."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from dataeng_kit import recipes, technologies
from dataeng_kit.advice.bindings import Binder, Bound
from dataeng_kit.advice.needs import Text, bound
from dataeng_kit.advice.said import decide, known, line
from dataeng_kit.design.target import named, target
from dataeng_kit.nouns import Cell, Decision, Evidence
from dataeng_kit.recipes import Code, Recipe
from dataeng_kit.technologies.base import Technology

FOLDERS = ("sql", "postgresql", "python")
"""Folders whose recipes need no caller: ``sql`` runs on the case's own engine and DuckDB, ``python`` beside a DuckDB copy."""


@dataclass
class Built:
    """What the recipes of one topic gave."""

    cells: list[Cell] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@functools.cache
def recipes_of(topic: str) -> tuple[Recipe, ...]:
    """Return the recipes that serve a row of the topic; patterns belong to `architecture`, a technology's rows to itself."""
    found = [recipes.find(id) for folder in FOLDERS for id in recipes.names(folder)]
    return tuple(r for r in found if topic in {_topic(row) for row in r.serves})


def _topic(row: str) -> str:
    group, name = row.split(".")[:2]
    return "architecture" if group == "patterns" else name


def built(topic: str, evidence: Evidence) -> Built:
    """Return cells, decisions and missing needs of a topic's recipes for this case."""
    out = Built()
    own = target(evidence)
    for recipe in recipes_of(topic):
        folder = recipe.id.split("/")[0]
        if folder == "postgresql" and own != "postgresql":
            out.missing.append(f"{recipe.title}: written for PostgreSQL, and {evidence.name} is kept in {own}")
            continue
        engines = dict.fromkeys((own if own in technologies.all() else "duckdb", "duckdb"))
        if folder != "sql":
            engines = dict.fromkeys(("postgresql" if folder == "postgresql" else "duckdb",))
        mine: list[Cell] = []
        for id in engines:
            binder = Binder(evidence, technologies.find(id))
            found, lacking = bound(binder, recipe.needs)
            if lacking:
                out.missing.append(f"{recipe.title}: not applicable, {'; '.join(lacking)}")
                break
            mine.append(_cell(evidence, recipe, found, binder.technology))
            if recipe.decision and len(mine) == 1:
                first = found
        out.cells += mine
        if mine and recipe.decision:
            out.decisions.append(_decision(evidence, topic, recipe, [c.id for c in mine], first))
    return out


def _cell(evidence: Evidence, recipe: Recipe, found: list[Bound], technology: type[Technology]) -> Cell:
    values: dict[str, object] = {}
    for b in found:
        values |= b.values
    folder, name = recipe.id.split("/")
    id = f"{technology.id if folder == 'sql' else folder}.{name}"
    reads = tuple(dict.fromkeys(t for b in found for t in b.tables))
    source = recipes.render(recipe.id, {k: literal(v) for k, v in values.items()} if recipe.language == "python" else values)
    if folder == "sql":  # a folder stands for a schema of the same name in every engine
        source = f"CREATE SCHEMA IF NOT EXISTS {name};\n\n{source}"
    return Cell(
        id,
        recipe.id,
        technology.id,
        recipe.language,
        f"{recipe.title}: {', '.join(reads)}",
        recipe.purpose,
        source,
        f"{id.replace('.', '/')}.{'py' if recipe.language == 'python' else 'sql'}",
        (),
        recipes.promised(recipe.id, values),
        known(evidence, (f for b in found for f in b.facts)),
        tuple(row for row in recipe.serves if _own(row, evidence)),
        id,
        reads,
        slow=recipe.slow,
    )


def _own(row: str, evidence: Evidence) -> bool:
    """A row of a business domain is served by a case of that domain only."""
    return not row.startswith("domains.") or row.split(".")[1] in evidence.context.names("domains")


def literal(value: object) -> object:
    """Return a template's value as Python source: text of the engine becomes a string literal, structure stays."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Code):
        return Code(repr(str(value)))
    if isinstance(value, dict):
        return {k: literal(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(literal, value))
    return value


def _decision(evidence: Evidence, topic: str, recipe: Recipe, cells: list[str], found: list[Bound]) -> Decision:
    bound = next((b for b in found if b.tables), found[0])
    table = bound.tables[0]
    words = {"table": table, "rows": f"{evidence.profile.table(table).rows:,}", "case": evidence.name}
    said = {part: text.format_map(words) for part, text in recipe.decision.items()}
    return decide(
        evidence,
        topic,
        table,
        recipe.id.split("/")[1],
        said["question"],
        said["choice"],
        bound.why,
        bound.facts,
        [line(m) for m in (named(evidence),) if m and recipe.id.startswith("postgresql/")],
        bound.flips,
        alternatives=(said["instead"],),
        flips_if=said["flips_if"],
        effort=said["effort"],
        holds_if=tuple(cells),
        cells=tuple(cells),
    )
