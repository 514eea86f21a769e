"""A CLAUDE.md drafted from measured facts, for a folder that has none; each line names the fact it stands on."""

from __future__ import annotations

from collections.abc import Iterator

from dataeng_kit.nouns import Profile, TableProfile
from dataeng_kit.nouns.references import write

MOST_QUESTIONS = 7


def draft(profile: Profile, name: str = "Project") -> str:
    """Return a CLAUDE.md of what was measured (tables, keys, links, periods) and questions for a person."""
    parts = [f"# {name}", "<!-- drafted from measurements; correct what is wrong -->", "## Tables"]
    parts += ["\n".join(_table(t)) for t in profile.tables]
    pairs = [(k, write(k.table, *k.columns), write(k.ref_table, *k.ref_columns)) for k in profile.foreign_keys]
    links = [f"- `{child}` references `{parent}`: {k.orphans:,} orphans{_fact(k.fact)}" for k, child, parent in pairs]
    if links:
        parts += ["## Links", "\n".join(links)]
    parts += ["## Questions", "\n".join(f"- {q}" for q in questions(profile))]
    return "\n\n".join(parts) + "\n"


def _fact(id: str) -> str:
    return f" [{id}]" if id else ""


def _table(table: TableProfile) -> Iterator[str]:
    yield f"### {table.name}\n"
    yield f"- {table.rows:,} rows{_fact(write(table.name) + '#rows')}"
    if table.primary_key:
        key = ", ".join(f"`{c}`" for c in table.primary_key)
        yield f"- {key} identifies each row{_fact(write(table.name, table.primary_key[0]) + '#distinct')}"
    if table.time:
        time = table.time
        yield f"- {time.column} runs from {time.start} to {time.end}, {time.rows_per_day:,.0f} rows per day"


def questions(profile: Profile) -> tuple[str, ...]:
    """Return at most seven questions, those that change most decisions first."""
    asked = [
        "Which decision or payment depends on this data?",
        "How fresh must it be, and how long may it be away?",
        "Which laws apply, and how long must rows be kept?",
        "Which database and which scheduler are in use?",
    ]
    asked += [f"What identifies a row of {t.name}?" for t in profile.tables if t.rows and not t.primary_key]
    asked += [f"Are the {k.orphans:,} orphans of {k.table} in {k.ref_table} known?" for k in profile.foreign_keys if k.orphans]
    asked.append("Who owns these tables and answers questions about them?")
    return tuple(asked[:MOST_QUESTIONS])
